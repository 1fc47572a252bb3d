// SPDX-License-Identifier: MIT
// What a device says of itself: commands, attributes, pipes, information (Tango IDL 6).
import type { Infer } from "../cdr/index.ts";
import { boolean, long, seq, string, struct } from "../cdr/index.ts";
import { DevVarStringArray } from "./aliases.ts";
import { AttrDataFormat, AttrWriteType, DispLevel, PipeWriteType } from "./enums.ts";

export const DevCmdInfo = struct({
  cmd_name: string,
  cmd_tag: long,
  in_type: long,
  out_type: long,
  in_type_desc: string,
  out_type_desc: string,
});
export type DevCmdInfo = Infer<typeof DevCmdInfo>;
export const DevCmdInfoList = seq(DevCmdInfo);
export type DevCmdInfoList = Infer<typeof DevCmdInfoList>;
export const DevCmdInfo_2 = struct({
  cmd_name: string,
  level: DispLevel,
  cmd_tag: long,
  in_type: long,
  out_type: long,
  in_type_desc: string,
  out_type_desc: string,
});
export type DevCmdInfo_2 = Infer<typeof DevCmdInfo_2>;
export const DevCmdInfoList_2 = seq(DevCmdInfo_2);
export type DevCmdInfoList_2 = Infer<typeof DevCmdInfoList_2>;
export const AttributeConfig = struct({
  name: string,
  writable: AttrWriteType,
  data_format: AttrDataFormat,
  data_type: long,
  max_dim_x: long,
  max_dim_y: long,
  description: string,
  label: string,
  unit: string,
  standard_unit: string,
  display_unit: string,
  format: string,
  min_value: string,
  max_value: string,
  min_alarm: string,
  max_alarm: string,
  writable_attr_name: string,
  extensions: DevVarStringArray,
});
export type AttributeConfig = Infer<typeof AttributeConfig>;
export const AttributeConfigList = seq(AttributeConfig);
export type AttributeConfigList = Infer<typeof AttributeConfigList>;
export const AttributeConfig_2 = struct({
  name: string,
  writable: AttrWriteType,
  data_format: AttrDataFormat,
  data_type: long,
  max_dim_x: long,
  max_dim_y: long,
  description: string,
  label: string,
  unit: string,
  standard_unit: string,
  display_unit: string,
  format: string,
  min_value: string,
  max_value: string,
  min_alarm: string,
  max_alarm: string,
  writable_attr_name: string,
  level: DispLevel,
  extensions: DevVarStringArray,
});
export type AttributeConfig_2 = Infer<typeof AttributeConfig_2>;
export const AttributeConfigList_2 = seq(AttributeConfig_2);
export type AttributeConfigList_2 = Infer<typeof AttributeConfigList_2>;
export const ChangeEventProp = struct({
  rel_change: string,
  abs_change: string,
  extensions: DevVarStringArray,
});
export type ChangeEventProp = Infer<typeof ChangeEventProp>;
export const PeriodicEventProp = struct({
  period: string,
  extensions: DevVarStringArray,
});
export type PeriodicEventProp = Infer<typeof PeriodicEventProp>;
export const ArchiveEventProp = struct({
  rel_change: string,
  abs_change: string,
  period: string,
  extensions: DevVarStringArray,
});
export type ArchiveEventProp = Infer<typeof ArchiveEventProp>;
export const EventProperties = struct({
  ch_event: ChangeEventProp,
  per_event: PeriodicEventProp,
  arch_event: ArchiveEventProp,
});
export type EventProperties = Infer<typeof EventProperties>;
export const AttributeAlarm = struct({
  min_alarm: string,
  max_alarm: string,
  min_warning: string,
  max_warning: string,
  delta_t: string,
  delta_val: string,
  extensions: DevVarStringArray,
});
export type AttributeAlarm = Infer<typeof AttributeAlarm>;
export const AttributeConfig_3 = struct({
  name: string,
  writable: AttrWriteType,
  data_format: AttrDataFormat,
  data_type: long,
  max_dim_x: long,
  max_dim_y: long,
  description: string,
  label: string,
  unit: string,
  standard_unit: string,
  display_unit: string,
  format: string,
  min_value: string,
  max_value: string,
  writable_attr_name: string,
  level: DispLevel,
  att_alarm: AttributeAlarm,
  event_prop: EventProperties,
  extensions: DevVarStringArray,
  sys_extensions: DevVarStringArray,
});
export type AttributeConfig_3 = Infer<typeof AttributeConfig_3>;
export const AttributeConfigList_3 = seq(AttributeConfig_3);
export type AttributeConfigList_3 = Infer<typeof AttributeConfigList_3>;
export const AttributeConfig_5 = struct({
  name: string,
  writable: AttrWriteType,
  data_format: AttrDataFormat,
  data_type: long,
  memorized: boolean,
  mem_init: boolean,
  max_dim_x: long,
  max_dim_y: long,
  description: string,
  label: string,
  unit: string,
  standard_unit: string,
  display_unit: string,
  format: string,
  min_value: string,
  max_value: string,
  writable_attr_name: string,
  level: DispLevel,
  root_attr_name: string,
  enum_labels: DevVarStringArray,
  att_alarm: AttributeAlarm,
  event_prop: EventProperties,
  extensions: DevVarStringArray,
  sys_extensions: DevVarStringArray,
});
export type AttributeConfig_5 = Infer<typeof AttributeConfig_5>;
export const AttributeConfigList_5 = seq(AttributeConfig_5);
export type AttributeConfigList_5 = Infer<typeof AttributeConfigList_5>;
export const PipeConfig = struct({
  name: string,
  description: string,
  label: string,
  level: DispLevel,
  writable: PipeWriteType,
  extensions: DevVarStringArray,
});
export type PipeConfig = Infer<typeof PipeConfig>;
export const PipeConfigList = seq(PipeConfig);
export type PipeConfigList = Infer<typeof PipeConfigList>;
export const DevIntrChange = struct({
  dev_started: boolean,
  cmds: DevCmdInfoList_2,
  atts: AttributeConfigList_5,
});
export type DevIntrChange = Infer<typeof DevIntrChange>;
export const DevInfo = struct({
  dev_class: string,
  server_id: string,
  server_host: string,
  server_version: long,
  doc_url: string,
});
export type DevInfo = Infer<typeof DevInfo>;
export const DevInfo_3 = struct({
  dev_class: string,
  server_id: string,
  server_host: string,
  server_version: long,
  doc_url: string,
  dev_type: string,
});
export type DevInfo_3 = Infer<typeof DevInfo_3>;
export const DevInfoVersion = struct({
  key: string,
  value: string,
});
export type DevInfoVersion = Infer<typeof DevInfoVersion>;
export const DevInfoVersionList = seq(DevInfoVersion);
export type DevInfoVersionList = Infer<typeof DevInfoVersionList>;
export const DevInfo_6 = struct({
  dev_class: string,
  server_id: string,
  server_host: string,
  server_version: long,
  doc_url: string,
  dev_type: string,
  version_info: DevInfoVersionList,
});
export type DevInfo_6 = Infer<typeof DevInfo_6>;
