// SPDX-License-Identifier: MIT
// What a device says of its attributes, and how that is changed.
import { devFailed } from "../../errors.ts";
import type {
  ClntIdent,
  AttributeConfig as Config1, AttributeConfig_2 as Config2, AttributeConfig_3 as Config3, AttributeConfig_5 as Config5,
} from "../../idl/index.ts"; // biome-ignore format: a list
import type { Access, DisplayLevel } from "../../interface.ts";
import type { Format } from "../attribute-reading.ts";
import { typeName, typeNamed } from "../type-names.ts";
import type { Invoke } from "./invoke.ts";

/** What may be set of an attribute's configuration. Texts as Tango has them: "Not specified" stands for none. */
export interface AttributeSettings {
  readonly label: string;
  readonly description: string;
  readonly unit: string;
  readonly standardUnit: string;
  readonly displayUnit: string;
  /** C format of the display. */
  readonly displayFormat: string;
  readonly minValue: string;
  readonly maxValue: string;
  readonly minAlarm: string;
  readonly maxAlarm: string;
  readonly minWarning: string;
  readonly maxWarning: string;
  readonly deltaValue: string;
  /** Milliseconds. */
  readonly deltaTime: string;
  readonly enumLabels: readonly string[];
  readonly absChange: string;
  readonly relChange: string;
  readonly archiveAbsChange: string;
  readonly archiveRelChange: string;
  /** Milliseconds. */
  readonly archivePeriod: string;
  /** Milliseconds. */
  readonly eventPeriod: string;
}
export interface AttributeConfig extends AttributeSettings {
  readonly name: string;
  /** "DevDouble"... */
  readonly type: string;
  readonly format: Format;
  readonly maxX: number;
  readonly maxY: number;
  readonly access: Access;
  readonly writableName: string;
  readonly level: DisplayLevel;
  readonly memorized: "written" | "restored" | undefined;
  /** For a forwarded attribute, the attribute it stands for. */
  readonly rootAttribute: string | undefined;
}

export type ReadConfigs = (invoke: Invoke, names: readonly string[]) => Promise<readonly AttributeConfig[]>;
export type WriteConfigs = (invoke: Invoke, ident: ClntIdent, configs: readonly AttributeConfig[]) => Promise<void>;

export const readConfigs: Readonly<Record<number, ReadConfigs>> = {
  1: async (invoke, names) => (await invoke("get_attribute_config", [names])).map(fromConfig),
  2: async (invoke, names) => (await invoke("get_attribute_config_2", [names])).map(fromConfig),
  3: async (invoke, names) => (await invoke("get_attribute_config_3", [names])).map(fromConfig3),
  5: async (invoke, names) => (await invoke("get_attribute_config_5", [names])).map(fromConfig5),
};
export const writeConfigs: Readonly<Record<number, WriteConfigs>> = {
  1: (invoke, _ident, configs) => invoke("set_attribute_config", [configs.map(toConfig)]),
  3: (invoke, _ident, configs) => invoke("set_attribute_config_3", [configs.map(toConfig3)]),
  4: (invoke, ident, configs) => invoke("set_attribute_config_4", [configs.map(toConfig3), ident]),
  5: (invoke, ident, configs) => invoke("set_attribute_config_5", [configs.map(toConfig5), ident]),
};

const none = "Not specified";

function basic(config: Config1 | Config2 | Config3 | Config5) {
  return {
    name: config.name,
    type: typeName(config.data_type),
    format: config.data_format === "FMT_UNKNOWN" ? ("SCALAR" as const) : config.data_format,
    maxX: config.max_dim_x,
    maxY: config.max_dim_y,
    access: config.writable === "WT_UNKNOWN" ? ("READ" as const) : config.writable,
    writableName: config.writable_attr_name,
    level: "level" in config && config.level === "EXPERT" ? ("EXPERT" as const) : ("OPERATOR" as const),
    label: config.label,
    description: config.description,
    unit: config.unit,
    standardUnit: config.standard_unit,
    displayUnit: config.display_unit,
    displayFormat: config.format,
    minValue: config.min_value,
    maxValue: config.max_value,
  };
}

export const fromConfig = (config: Config1 | Config2): AttributeConfig => ({
  ...basic(config),
  minAlarm: config.min_alarm,
  maxAlarm: config.max_alarm,
  minWarning: none,
  maxWarning: none,
  deltaValue: none,
  deltaTime: none,
  absChange: none,
  relChange: none,
  archiveAbsChange: none,
  archiveRelChange: none,
  archivePeriod: none,
  eventPeriod: "1000",
  enumLabels: [],
  memorized: undefined,
  rootAttribute: undefined,
});

export const fromConfig3 = (config: Config3 | Config5): AttributeConfig => ({
  ...basic(config),
  minAlarm: config.att_alarm.min_alarm,
  maxAlarm: config.att_alarm.max_alarm,
  minWarning: config.att_alarm.min_warning,
  maxWarning: config.att_alarm.max_warning,
  deltaValue: config.att_alarm.delta_val,
  deltaTime: config.att_alarm.delta_t,
  absChange: config.event_prop.ch_event.abs_change,
  relChange: config.event_prop.ch_event.rel_change,
  archiveAbsChange: config.event_prop.arch_event.abs_change,
  archiveRelChange: config.event_prop.arch_event.rel_change,
  archivePeriod: config.event_prop.arch_event.period,
  eventPeriod: config.event_prop.per_event.period,
  enumLabels: [],
  memorized: undefined,
  rootAttribute: undefined,
});

export const fromConfig5 = (config: Config5): AttributeConfig => ({
  ...fromConfig3(config),
  enumLabels: config.enum_labels,
  memorized: config.memorized ? (config.mem_init ? "written" : "restored") : undefined,
  rootAttribute: /^(not specified)?$/i.test(config.root_attr_name) ? undefined : config.root_attr_name,
});

const toBasic = (config: AttributeConfig) => ({
  name: config.name,
  writable: config.access,
  data_format: config.format,
  data_type: codeOf(config),
  max_dim_x: config.maxX,
  max_dim_y: config.maxY,
  description: config.description,
  label: config.label,
  unit: config.unit,
  standard_unit: config.standardUnit,
  display_unit: config.displayUnit,
  format: config.displayFormat,
  min_value: config.minValue,
  max_value: config.maxValue,
  writable_attr_name: config.writableName,
});

function codeOf({ name, type }: AttributeConfig): number {
  const code = typeNamed(type)?.code;
  if (code === undefined) throw devFailed("API_AttrOptProp", `"${type}" of attribute ${name} is no Tango type`);
  return code;
}

const toConfig = (config: AttributeConfig): Config1 => ({
  ...toBasic(config),
  min_alarm: config.minAlarm,
  max_alarm: config.maxAlarm,
  extensions: [],
});

const toConfig3 = (config: AttributeConfig): Config3 => ({
  ...toBasic(config),
  level: config.level,
  att_alarm: {
    min_alarm: config.minAlarm,
    max_alarm: config.maxAlarm,
    min_warning: config.minWarning,
    max_warning: config.maxWarning,
    delta_t: config.deltaTime,
    delta_val: config.deltaValue,
    extensions: [],
  },
  event_prop: {
    ch_event: { rel_change: config.relChange, abs_change: config.absChange, extensions: [] },
    per_event: { period: config.eventPeriod, extensions: [] },
    arch_event: {
      rel_change: config.archiveRelChange,
      abs_change: config.archiveAbsChange,
      period: config.archivePeriod,
      extensions: [],
    },
  },
  extensions: [],
  sys_extensions: [],
});

const toConfig5 = (config: AttributeConfig): Config5 => ({
  ...toConfig3(config),
  memorized: config.memorized !== undefined,
  mem_init: config.memorized === "written",
  root_attr_name: config.rootAttribute ?? none,
  enum_labels: config.enumLabels,
});
