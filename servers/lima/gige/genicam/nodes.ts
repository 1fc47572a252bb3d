// SPDX-License-Identifier: MIT
// The nodes of a GenICam description by name: groups are opened, fields of structures are nodes of their own.
import { childOf, childrenOf, type Element, textOf } from "./element.ts";

/** Kinds of nodes that are known here; elements of others are left out. */
const kinds = new Set([
  "Category", "Integer", "Float", "Boolean", "Enumeration", "EnumEntry", "Command", "String", "StringReg", "Register",
  "IntReg", "MaskedIntReg", "FloatReg", "SwissKnife", "IntSwissKnife", "Converter", "IntConverter", "Port",
]); // biome-ignore format: a list

/** @throws Error when the document describes no device. */
export function nodesOf(document: Element): ReadonlyMap<string, Element> {
  if (document.name !== "RegisterDescription")
    throw new Error(`The camera's description begins with <${document.name}>, not <RegisterDescription>`);
  const nodes = new Map<string, Element>();
  const add = (node: Element) => {
    const name = node.attributes.get("Name");
    if (name !== undefined && kinds.has(node.name)) nodes.set(name, node);
    if (node.name === "Group") node.children.forEach(add);
    if (node.name === "StructReg") fieldsOf(node).forEach(add);
    // Entries are known as `EnumEntry_<feature>_<entry>`; within their feature by their own names.
    if (node.name === "Enumeration")
      for (const entry of childrenOf(node, "EnumEntry"))
        nodes.set(`EnumEntry_${name}_${entry.attributes.get("Name")}`, entry);
  };
  document.children.forEach(add);
  return nodes;
}

/** A field takes from its structure what it does not say itself. */
function fieldsOf(structure: Element): Element[] {
  const shared = structure.children.filter(({ name }) => name !== "StructEntry");
  return childrenOf(structure, "StructEntry").map((field) => ({
    name: "MaskedIntReg",
    attributes: field.attributes,
    children: [...field.children, ...shared.filter(({ name }) => !childOf(field, name))],
    text: "",
  }));
}

/** A number in the document. @throws Error when it is none. */
export function numberIn(text: string): number {
  const value = /^-?0[xX]/.test(text) ? Number(text.replace("-", "")) * (text.startsWith("-") ? -1 : 1) : Number(text);
  if (text === "" || Number.isNaN(value)) throw new Error(`"${text}" is no number`);
  return value;
}

export const numberOf = (node: Element, name: string): number | undefined => {
  const text = textOf(node, name);
  return text === undefined ? undefined : numberIn(text);
};
