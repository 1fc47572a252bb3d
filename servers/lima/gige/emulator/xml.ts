// SPDX-License-Identifier: MIT
// The GenICam description of the emulated camera, written from the table of its features.
import type { EnumerationFeature, Feature, FloatFeature, FormulaFeature, IntegerFeature } from "./features-table.ts";

type Child = readonly [name: string, text: string | number] | string;

const escaped = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
const node = (kind: string, name: string, children: readonly Child[]): string => {
  const lines = children.map((child) =>
    typeof child === "string" ? `  ${child}` : `  <${child[0]}>${escaped(String(child[1]))}</${child[0]}>`,
  );
  return `<${kind} Name="${name}">\n${lines.join("\n")}\n</${kind}>`;
};

export function describeFeatures(model: string, vendor: string, features: readonly Feature[]): string {
  const categories = [...new Set(features.map(({ category }) => category))];
  const members = (category: string) => features.filter((feature) => feature.category === category);
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    `<RegisterDescription ModelName="${escaped(model)}" VendorName="${escaped(vendor)}" StandardNameSpace="GEV"`,
    '  SchemaMajorVersion="1" SchemaMinorVersion="1" SchemaSubMinorVersion="0" MajorVersion="1" MinorVersion="0" SubMinorVersion="0"',
    '  ProductGuid="0" VersionGuid="0" xmlns="http://www.genicam.org/GenApi/Version_1_1">',
    node("Category", "Root", categories.map((category) => ["pFeature", category])),
    ...categories.map((name) => node("Category", name, members(name).map((feature) => ["pFeature", feature.name]))),
    ...features.flatMap(nodesOf),
    '<Port Name="Device"></Port>',
    "</RegisterDescription>",
    "",
  ].join("\n"); // biome-ignore format: a list
}

function nodesOf(feature: Feature): readonly string[] {
  const register = `${feature.name}Register`;
  switch (feature.kind) {
    case "integer":
      return [node("Integer", feature.name, [["pValue", register], ...limits(feature)]), integerRegister(register, feature)];
    case "float":
      return floatNodes(feature, register);
    case "enumeration":
      return [node("Enumeration", feature.name, [...entries(feature), ["pValue", register]]), chosenRegister(register, feature)];
    case "command": {
      const value = feature.name.endsWith("Stop") ? 0 : 1;
      return [node("Command", feature.name, [["pValue", register], ["CommandValue", value]]), plainRegister(register, feature)];
    }
    case "boolean":
      return [node("Boolean", feature.name, [["pValue", register], ["OnValue", 1], ["OffValue", 0]]), plainRegister(register, feature)];
    case "text":
      return [node("StringReg", feature.name, place(feature, feature.length))];
    case "formula":
      return [formulaNode(feature)];
  }
} // biome-ignore format: a table

const limits = ({ min, max, step }: IntegerFeature): readonly Child[] => [
  ["Min", min],
  typeof max === "number" ? ["Max", max] : ["pMax", max],
  ["Inc", step],
];

const place = (
  { address, access }: { readonly address: number; readonly access: string },
  length: number,
  ...more: readonly Child[]
): readonly Child[] => [
  ["Address", `0x${address.toString(16)}`],
  ...more,
  ["Length", length],
  ["AccessMode", access],
  ["pPort", "Device"],
];
const bigEndian: Child = ["Endianess", "BigEndian"];
const unsigned: Child = ["Sign", "Unsigned"];

const plainRegister = (name: string, at: { readonly address: number; readonly access: string }): string =>
  node("IntReg", name, [...place(at, 4), unsigned, bigEndian]);

function integerRegister(name: string, feature: IntegerFeature): string {
  if (!feature.bits) return plainRegister(name, feature);
  const [lsb, msb] = feature.bits;
  return node("MaskedIntReg", name, [...place(feature, 4), ["LSB", lsb], ["MSB", msb], unsigned, bigEndian]);
}

function chosenRegister(name: string, feature: EnumerationFeature): string {
  if (feature.chosenBy === undefined) return plainRegister(name, feature);
  const index = `<pIndex Offset="0x20">${feature.chosenBy}Register</pIndex>`;
  return node("IntReg", name, [...place(feature, 4, index), unsigned, bigEndian]);
}

function floatNodes(feature: FloatFeature, register: string): readonly string[] {
  const { name, min, max, unit } = feature;
  const ends: readonly Child[] = [["Min", min], ["Max", max]]; // biome-ignore format: two pairs
  if (unit === undefined)
    return [
      node("Float", name, [["pValue", register], ...ends]),
      node("FloatReg", register, [...place(feature, 4), bigEndian]),
    ];
  const [to, from] = [`FROM / ${unit}`, `TO * ${unit}`];
  const converter: readonly Child[] = [["FormulaTo", to], ["FormulaFrom", from], ["pValue", register]]; // biome-ignore format: a list
  return [
    node("Float", name, [["pValue", `${name}Converter`], ...ends]),
    node("Converter", `${name}Converter`, converter),
    plainRegister(register, feature),
  ];
}

const entries = ({ entries: all }: EnumerationFeature): readonly Child[] =>
  Object.entries(all).map(([name, value]) => `<EnumEntry Name="${name}"><Value>${value}</Value></EnumEntry>`);

function formulaNode({ name, formula, variables, whole }: FormulaFeature): string {
  const names = Object.entries(variables).map(([variable, of]) => `<pVariable Name="${variable}">${of}</pVariable>`);
  return node(whole ? "IntSwissKnife" : "SwissKnife", name, [...names, ["Formula", formula]]);
}
