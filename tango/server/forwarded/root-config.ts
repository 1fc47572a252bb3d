// SPDX-License-Identifier: MIT
// The configuration of a root attribute as that of the attribute that stands for it, and back.
import type { AttributeSettings, AttributeConfig as ClientConfig } from "../../client/index.ts";
import { typeNamed } from "../../client/type-names.ts";
import type { AttributeConfig_5 } from "../../idl/index.ts";
import type { ScalarType } from "../../idl/tango-types.ts";
import type { AttributeDefinition } from "../../interface.ts";
import { type ConfigName, type ConfigTexts, configProperties } from "../attribute/config-table.ts";
import { RootProblem } from "./root.ts";

// biome-ignore format: a table
const clientNames: { readonly [Name in ConfigName]: Exclude<keyof AttributeSettings, "enumLabels"> } = {
  label: "label", description: "description", unit: "unit", standard_unit: "standardUnit", display_unit: "displayUnit",
  format: "displayFormat", min_value: "minValue", max_value: "maxValue", min_alarm: "minAlarm", max_alarm: "maxAlarm",
  min_warning: "minWarning", max_warning: "maxWarning", delta_t: "deltaTime", delta_val: "deltaValue",
  rel_change: "relChange", abs_change: "absChange", event_period: "eventPeriod",
  archive_rel_change: "archiveRelChange", archive_abs_change: "archiveAbsChange", archive_period: "archivePeriod",
};

/** @throws RootProblem when the root is of a type this server does not know. */
export function definitionOf(root: ClientConfig): AttributeDefinition {
  const type = typeNamed(root.type);
  if (!type) throw new RootProblem(`The root attribute is of ${root.type}, which is no type of an attribute here`);
  return {
    kind: "attribute",
    type: type as ScalarType<unknown, unknown>,
    format: root.format,
    maxX: root.maxX,
    maxY: root.maxY,
    access: root.access,
    // What may be written is the root's to judge.
    options: { level: root.level, enumLabels: root.enumLabels, acceptNaN: true },
  };
}

export const textsOf = (root: ClientConfig, label: string): ConfigTexts =>
  Object.fromEntries(
    configProperties.map(({ name }) => [name, name === "label" ? label : root[clientNames[name]]]),
  ) as ConfigTexts;

/** What a client's configuration changes of the root; the label is not the root's. */
export function changesOf(sent: AttributeConfig_5, current: AttributeConfig_5): Partial<AttributeSettings> {
  const changed = configProperties.filter(({ name, of }) => name !== "label" && of(sent) !== of(current));
  const labels = sent.enum_labels;
  const isRelabelled = labels.join("\n") !== current.enum_labels.join("\n");
  return {
    ...Object.fromEntries(changed.map(({ name, of }) => [clientNames[name], of(sent)])),
    ...(isRelabelled && { enumLabels: labels }),
  };
}
