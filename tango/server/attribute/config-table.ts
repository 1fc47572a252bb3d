// SPDX-License-Identifier: MIT
// The properties of an attribute that a site may change: how each is called in the database, where it stands in the
// configuration, what the library and the class's code say of it.
import type { AttributeConfig_5 } from "../../idl/index.ts";
import type { AttributeDefinition, AttributeOptions } from "../../interface.ts";
import { type DataType, isNumeric } from "./data-type-table.ts";
import { changeText, printed } from "./number-text.ts";

export const NOT_SPECIFIED = "Not specified";

/** The form of a property's text. */
export type ConfigKind = "text" | "bound" | "delta" | "change" | "period";
/** Whether a site may set it: refused with an error, or ignored as if nothing had been asked. */
type Settable = "yes" | "refused" | "ignored";

export interface ConfigProperty {
  /** In the database and in error texts. */
  readonly name: ConfigName;
  readonly kind: ConfigKind;
  readonly of: (config: AttributeConfig_5) => string;
  readonly library: (type: DataType, attribute: string) => string;
  readonly user: (options: AttributeOptions) => string | undefined;
  readonly settable: (type: DataType) => Settable;
}

export type ConfigName =
  | "label" | "description" | "unit" | "standard_unit" | "display_unit" | "format"
  | "min_value" | "max_value" | "min_alarm" | "max_alarm" | "min_warning" | "max_warning"
  | "delta_t" | "delta_val" | "rel_change" | "abs_change" | "event_period"
  | "archive_rel_change" | "archive_abs_change" | "archive_period"; // biome-ignore format: a list

const always = (): Settable => "yes";
const notSpecified = () => NOT_SPECIFIED;
/** min_value, max_value and the alarms. */
const ofNumbers = (type: DataType): Settable => (isNumeric(type) || type.kind === "encoded" ? "yes" : "refused");
/** Warnings: silently left out where there are no numbers. */
const ifNumbers = (type: DataType): Settable =>
  isNumeric(type) || type.kind === "encoded" ? "yes" : type.kind === "enum" ? "refused" : "ignored";
const changes = (type: DataType): Settable =>
  isNumeric(type) || type.kind === "encoded" || type.kind === "enum" ? "yes" : "ignored";

const number = (value: number | bigint | undefined): string | undefined =>
  value === undefined ? undefined : printed(value);
const change = (value: number | readonly [number, number] | undefined): string | undefined => {
  if (value === undefined) return undefined;
  const [down, up] = typeof value === "number" ? [value, value] : value;
  return changeText({ down: Math.abs(down), up: Math.abs(up) });
};

// biome-ignore format: a table
export const configProperties: readonly ConfigProperty[] = [
  { name: "label", kind: "text", of: (c) => c.label, library: (_, name) => name, user: (o) => o.label, settable: always },
  { name: "description", kind: "text", of: (c) => c.description, library: () => "No description", user: (o) => o.description, settable: always },
  { name: "unit", kind: "text", of: (c) => c.unit, library: () => "", user: (o) => o.unit, settable: always },
  { name: "standard_unit", kind: "text", of: (c) => c.standard_unit, library: () => "No standard unit", user: (o) => o.standardUnit, settable: always },
  { name: "display_unit", kind: "text", of: (c) => c.display_unit, library: () => "No display unit", user: (o) => o.displayUnit, settable: always },
  { name: "format", kind: "text", of: (c) => c.format, library: (type) => type.format, user: (o) => o.format, settable: always },
  { name: "min_value", kind: "bound", of: (c) => c.min_value, library: notSpecified, user: (o) => number(o.minValue), settable: ofNumbers },
  { name: "max_value", kind: "bound", of: (c) => c.max_value, library: notSpecified, user: (o) => number(o.maxValue), settable: ofNumbers },
  { name: "min_alarm", kind: "bound", of: (c) => c.att_alarm.min_alarm, library: notSpecified, user: (o) => number(o.minAlarm), settable: ofNumbers },
  { name: "max_alarm", kind: "bound", of: (c) => c.att_alarm.max_alarm, library: notSpecified, user: (o) => number(o.maxAlarm), settable: ofNumbers },
  { name: "min_warning", kind: "bound", of: (c) => c.att_alarm.min_warning, library: notSpecified, user: (o) => number(o.minWarning), settable: ifNumbers },
  { name: "max_warning", kind: "bound", of: (c) => c.att_alarm.max_warning, library: notSpecified, user: (o) => number(o.maxWarning), settable: ifNumbers },
  { name: "delta_val", kind: "delta", of: (c) => c.att_alarm.delta_val, library: notSpecified, user: (o) => number(o.deltaValue), settable: ifNumbers },
  { name: "delta_t", kind: "period", of: (c) => c.att_alarm.delta_t, library: notSpecified, user: (o) => number(o.deltaTime), settable: ifNumbers },
  { name: "rel_change", kind: "change", of: (c) => c.event_prop.ch_event.rel_change, library: notSpecified, user: (o) => change(o.relChange), settable: changes },
  { name: "abs_change", kind: "change", of: (c) => c.event_prop.ch_event.abs_change, library: notSpecified, user: (o) => change(o.absChange), settable: changes },
  { name: "event_period", kind: "period", of: (c) => c.event_prop.per_event.period, library: () => "1000", user: (o) => number(o.eventPeriod), settable: always },
  { name: "archive_rel_change", kind: "change", of: (c) => c.event_prop.arch_event.rel_change, library: notSpecified, user: (o) => change(o.archiveRelChange), settable: changes },
  { name: "archive_abs_change", kind: "change", of: (c) => c.event_prop.arch_event.abs_change, library: notSpecified, user: (o) => change(o.archiveAbsChange), settable: changes },
  { name: "archive_period", kind: "period", of: (c) => c.event_prop.arch_event.period, library: notSpecified, user: (o) => number(o.archivePeriod), settable: always },
];

export type ConfigTexts = { readonly [Name in ConfigName]: string };

/** What cannot be changed from outside: named in the error as the database would name it. */
// biome-ignore format: a table
export const hardFields: readonly { readonly name: string; readonly of: (config: AttributeConfig_5) => unknown }[] = [
  { name: "data_type", of: (c) => c.data_type },
  { name: "data_format", of: (c) => c.data_format },
  { name: "writable", of: (c) => c.writable },
  { name: "max_dim_x", of: (c) => c.max_dim_x },
  { name: "max_dim_y", of: (c) => c.max_dim_y },
  { name: "level", of: (c) => c.level },
  { name: "writable_attr_name", of: (c) => c.writable_attr_name.toLowerCase() },
  { name: "memorized", of: (c) => c.memorized && (c.mem_init ? "written" : "restored") },
];

/** The configuration of an attribute as the wire has it. */
export function configOf(
  name: string,
  definition: AttributeDefinition,
  type: DataType,
  texts: ConfigTexts,
  more: { readonly enumLabels: readonly string[]; readonly writableName: string; readonly rootName: string },
): AttributeConfig_5 {
  const memorized = definition.options.memorized;
  return {
    name,
    writable: definition.access,
    data_format: definition.format,
    data_type: type.code,
    memorized: memorized !== undefined,
    // As cppTango has it: true also of what is not memorised.
    mem_init: memorized !== "restored",
    max_dim_x: definition.maxX,
    max_dim_y: definition.maxY,
    description: texts.description,
    label: texts.label,
    unit: texts.unit,
    standard_unit: texts.standard_unit,
    display_unit: texts.display_unit,
    format: texts.format,
    min_value: texts.min_value,
    max_value: texts.max_value,
    writable_attr_name: more.writableName,
    level: definition.options.level ?? "OPERATOR",
    root_attr_name: more.rootName,
    enum_labels: more.enumLabels,
    att_alarm: alarmOf(texts),
    event_prop: eventsOf(texts),
    extensions: [],
    sys_extensions: [],
  };
}

const alarmOf = (texts: ConfigTexts) => ({
  min_alarm: texts.min_alarm,
  max_alarm: texts.max_alarm,
  min_warning: texts.min_warning,
  max_warning: texts.max_warning,
  delta_t: texts.delta_t,
  delta_val: texts.delta_val,
  extensions: [],
});
const eventsOf = (texts: ConfigTexts) => ({
  ch_event: { rel_change: texts.rel_change, abs_change: texts.abs_change, extensions: [] },
  per_event: { period: texts.event_period, extensions: [] },
  arch_event: {
    rel_change: texts.archive_rel_change,
    abs_change: texts.archive_abs_change,
    period: texts.archive_period,
    extensions: [],
  },
});
