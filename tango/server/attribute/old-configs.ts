// SPDX-License-Identifier: MIT
// The configuration of an attribute in the forms of older interfaces, and back.
import type { AttributeConfig, AttributeConfig_2, AttributeConfig_3, AttributeConfig_5 } from "../../idl/index.ts";

export function oldConfig3(config: AttributeConfig_5): AttributeConfig_3 {
  const { memorized: _, mem_init: __, root_attr_name: ___, enum_labels: ____, ...rest } = config;
  return rest;
}

export function oldConfig2(config: AttributeConfig_5): AttributeConfig_2 {
  return { ...oldConfig1(config), level: config.level };
}

export const oldConfig1 = (config: AttributeConfig_5): AttributeConfig => ({
  name: config.name,
  writable: config.writable,
  data_format: config.data_format,
  data_type: config.data_type,
  max_dim_x: config.max_dim_x,
  max_dim_y: config.max_dim_y,
  description: config.description,
  label: config.label,
  unit: config.unit,
  standard_unit: config.standard_unit,
  display_unit: config.display_unit,
  format: config.format,
  min_value: config.min_value,
  max_value: config.max_value,
  min_alarm: config.att_alarm.min_alarm,
  max_alarm: config.att_alarm.max_alarm,
  writable_attr_name: config.writable_attr_name,
  extensions: [],
});

/** A configuration sent by an older client: what it does not know stays as it is. */
export function newConfig(sent: AttributeConfig | AttributeConfig_3, current: AttributeConfig_5): AttributeConfig_5 {
  const { extensions: _, ...rest } = sent;
  if ("att_alarm" in sent) return { ...current, ...rest, extensions: [], sys_extensions: [] } as AttributeConfig_5;
  const { min_alarm, max_alarm, ...plain } = rest as Omit<AttributeConfig, "extensions">;
  return { ...current, ...plain, att_alarm: { ...current.att_alarm, min_alarm, max_alarm } };
}
