// SPDX-License-Identifier: MIT
// Histories of polled attributes and commands (Tango IDL 6).
import type { Infer } from "../cdr/index.ts";
import { boolean, long, seq, string, struct } from "../cdr/index.ts";
import { any } from "./any.ts";
import { AttrDataFormat, AttrQuality } from "./enums.ts";
import { AttributeDim, AttributeValue, AttributeValue_3, DevErrorList, TimeVal } from "./values.ts";

export const TimeValList = seq(TimeVal);
export type TimeValList = Infer<typeof TimeValList>;
export const AttrQualityList = seq(AttrQuality);
export type AttrQualityList = Infer<typeof AttrQualityList>;
export const AttributeDimList = seq(AttributeDim);
export type AttributeDimList = Infer<typeof AttributeDimList>;
export const DevErrorListList = seq(DevErrorList);
export type DevErrorListList = Infer<typeof DevErrorListList>;
export const EltInArray = struct({
  start: long,
  nb_elt: long,
});
export type EltInArray = Infer<typeof EltInArray>;
export const EltInArrayList = seq(EltInArray);
export type EltInArrayList = Infer<typeof EltInArrayList>;
export const DevCmdHistory = struct({
  time: TimeVal,
  cmd_failed: boolean,
  value: any,
  errors: DevErrorList,
});
export type DevCmdHistory = Infer<typeof DevCmdHistory>;
export const DevCmdHistoryList = seq(DevCmdHistory);
export type DevCmdHistoryList = Infer<typeof DevCmdHistoryList>;
export const DevAttrHistory = struct({
  attr_failed: boolean,
  value: AttributeValue,
  errors: DevErrorList,
});
export type DevAttrHistory = Infer<typeof DevAttrHistory>;
export const DevAttrHistoryList = seq(DevAttrHistory);
export type DevAttrHistoryList = Infer<typeof DevAttrHistoryList>;
export const DevAttrHistory_3 = struct({
  attr_failed: boolean,
  value: AttributeValue_3,
});
export type DevAttrHistory_3 = Infer<typeof DevAttrHistory_3>;
export const DevAttrHistoryList_3 = seq(DevAttrHistory_3);
export type DevAttrHistoryList_3 = Infer<typeof DevAttrHistoryList_3>;
export const DevAttrHistory_4 = struct({
  name: string,
  dates: TimeValList,
  value: any,
  quals: AttrQualityList,
  quals_array: EltInArrayList,
  r_dims: AttributeDimList,
  r_dims_array: EltInArrayList,
  w_dims: AttributeDimList,
  w_dims_array: EltInArrayList,
  errors: DevErrorListList,
  errors_array: EltInArrayList,
});
export type DevAttrHistory_4 = Infer<typeof DevAttrHistory_4>;
export const DevAttrHistory_5 = struct({
  name: string,
  data_format: AttrDataFormat,
  data_type: long,
  dates: TimeValList,
  value: any,
  quals: AttrQualityList,
  quals_array: EltInArrayList,
  r_dims: AttributeDimList,
  r_dims_array: EltInArrayList,
  w_dims: AttributeDimList,
  w_dims_array: EltInArrayList,
  errors: DevErrorListList,
  errors_array: EltInArrayList,
});
export type DevAttrHistory_5 = Infer<typeof DevAttrHistory_5>;
export const DevCmdHistory_4 = struct({
  dates: TimeValList,
  value: any,
  dims: AttributeDimList,
  dims_array: EltInArrayList,
  errors: DevErrorListList,
  errors_array: EltInArrayList,
  cmd_type: long,
});
export type DevCmdHistory_4 = Infer<typeof DevCmdHistory_4>;
