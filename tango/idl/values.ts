// SPDX-License-Identifier: MIT
// Values, errors, pipes and event payloads of Tango IDL 6, field by field as on the wire.
import type { Codec, Infer } from "../cdr/index.ts";
import { boolean, lazy, long, message, seq, string, struct, ulong, union } from "../cdr/index.ts";
import {
  DevBoolean,
  DevVarBooleanArray,
  DevVarCharArray,
  DevVarDoubleArray,
  DevVarEncodedArray,
  DevVarFloatArray,
  DevVarLong64Array,
  DevVarLongArray,
  DevVarShortArray,
  DevVarStateArray,
  DevVarStringArray,
  DevVarULong64Array,
  DevVarULongArray,
  DevVarUShortArray,
} from "./aliases.ts";
import { any } from "./any.ts";
import { AttrDataFormat, AttributeDataType, AttrQuality, DevState, ErrSeverity } from "./enums.ts";

export const TimeVal = struct({
  tv_sec: long,
  tv_usec: long,
  tv_nsec: long,
});
export type TimeVal = Infer<typeof TimeVal>;
export const DevError = struct({
  reason: message,
  severity: ErrSeverity,
  desc: message,
  origin: message,
});
export type DevError = Infer<typeof DevError>;
export const DevErrorList = seq(DevError);
export type DevErrorList = Infer<typeof DevErrorList>;
export const NamedDevError = struct({
  name: string,
  index_in_call: long,
  err_list: DevErrorList,
});
export type NamedDevError = Infer<typeof NamedDevError>;
export const NamedDevErrorList = seq(NamedDevError);
export type NamedDevErrorList = Infer<typeof NamedDevErrorList>;
export const AttrValUnion = union(AttributeDataType, {
  ATT_BOOL: DevVarBooleanArray,
  ATT_SHORT: DevVarShortArray,
  ATT_LONG: DevVarLongArray,
  ATT_LONG64: DevVarLong64Array,
  ATT_FLOAT: DevVarFloatArray,
  ATT_DOUBLE: DevVarDoubleArray,
  ATT_UCHAR: DevVarCharArray,
  ATT_USHORT: DevVarUShortArray,
  ATT_ULONG: DevVarULongArray,
  ATT_ULONG64: DevVarULong64Array,
  ATT_STRING: DevVarStringArray,
  ATT_STATE: DevVarStateArray,
  DEVICE_STATE: DevState,
  ATT_ENCODED: DevVarEncodedArray,
  ATT_NO_DATA: DevBoolean,
});
export type AttrValUnion = Infer<typeof AttrValUnion>;
export const AttributeDim = struct({
  dim_x: long,
  dim_y: long,
});
export type AttributeDim = Infer<typeof AttributeDim>;
export const AttributeValue = struct({
  value: any,
  quality: AttrQuality,
  time: TimeVal,
  name: string,
  dim_x: long,
  dim_y: long,
});
export type AttributeValue = Infer<typeof AttributeValue>;
export const AttributeValueList = seq(AttributeValue);
export type AttributeValueList = Infer<typeof AttributeValueList>;
export const AttributeValue_3 = struct({
  value: any,
  quality: AttrQuality,
  time: TimeVal,
  name: string,
  r_dim: AttributeDim,
  w_dim: AttributeDim,
  err_list: DevErrorList,
});
export type AttributeValue_3 = Infer<typeof AttributeValue_3>;
export const AttributeValueList_3 = seq(AttributeValue_3);
export type AttributeValueList_3 = Infer<typeof AttributeValueList_3>;
export const AttributeValue_4 = struct({
  value: AttrValUnion,
  quality: AttrQuality,
  data_format: AttrDataFormat,
  time: TimeVal,
  name: string,
  r_dim: AttributeDim,
  w_dim: AttributeDim,
  err_list: DevErrorList,
});
export type AttributeValue_4 = Infer<typeof AttributeValue_4>;
export const AttributeValueList_4 = seq(AttributeValue_4);
export type AttributeValueList_4 = Infer<typeof AttributeValueList_4>;
export const AttributeValue_5 = struct({
  value: AttrValUnion,
  quality: AttrQuality,
  data_format: AttrDataFormat,
  data_type: long,
  time: TimeVal,
  name: string,
  r_dim: AttributeDim,
  w_dim: AttributeDim,
  err_list: DevErrorList,
});
export type AttributeValue_5 = Infer<typeof AttributeValue_5>;
export const AttributeValueList_5 = seq(AttributeValue_5);
export type AttributeValueList_5 = Infer<typeof AttributeValueList_5>;
/** One element of a pipe: a value, or (when `inner_blob` is not empty) a blob of its own. */
export interface DevPipeDataElt {
  readonly name: string;
  readonly value: AttrValUnion;
  readonly inner_blob: readonly DevPipeDataElt[];
  readonly inner_blob_name: string;
}
export const DevVarPipeDataEltArray: Codec<readonly DevPipeDataElt[]> = seq(lazy(() => DevPipeDataElt));
export type DevVarPipeDataEltArray = readonly DevPipeDataElt[];
export const DevPipeDataElt: Codec<DevPipeDataElt> = struct({
  name: string,
  value: AttrValUnion,
  inner_blob: DevVarPipeDataEltArray,
  inner_blob_name: string,
});
export const DevPipeBlob = struct({
  name: string,
  blob_data: DevVarPipeDataEltArray,
});
export type DevPipeBlob = Infer<typeof DevPipeBlob>;
export const DevPipeData = struct({
  name: string,
  time: TimeVal,
  data_blob: DevPipeBlob,
});
export type DevPipeData = Infer<typeof DevPipeData>;
export const AttDataReady = struct({
  name: string,
  data_type: long,
  ctr: long,
});
export type AttDataReady = Infer<typeof AttDataReady>;
export const ZmqCallInfo = struct({
  version: long,
  ctr: ulong,
  method_name: string,
  oid: DevVarCharArray,
  call_is_except: boolean,
});
export type ZmqCallInfo = Infer<typeof ZmqCallInfo>;
