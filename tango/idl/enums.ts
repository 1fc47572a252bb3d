// SPDX-License-Identifier: MIT
// The enumerations of Tango IDL 6, in the order of their ordinals.
import type { Infer } from "../cdr/index.ts";
import { enumeration } from "../cdr/index.ts";
import { devStates } from "./tango-types.ts";

export const TraceContextFormat = enumeration(["W3C_TC_V0"]);
export type TraceContextFormat = Infer<typeof TraceContextFormat>;
export const LockerLanguage = enumeration(["CPP", "JAVA", "CPP_6", "JAVA_6"]);
export type LockerLanguage = Infer<typeof LockerLanguage>;
export const AttrQuality = enumeration(["ATTR_VALID", "ATTR_INVALID", "ATTR_ALARM", "ATTR_CHANGING", "ATTR_WARNING"]);
export type AttrQuality = Infer<typeof AttrQuality>;
export const AttrWriteType = enumeration(["READ", "READ_WITH_WRITE", "WRITE", "READ_WRITE", "WT_UNKNOWN"]);
export type AttrWriteType = Infer<typeof AttrWriteType>;
export const AttrDataFormat = enumeration(["SCALAR", "SPECTRUM", "IMAGE", "FMT_UNKNOWN"]);
export type AttrDataFormat = Infer<typeof AttrDataFormat>;
export const DevSource = enumeration(["DEV", "CACHE", "CACHE_DEV"]);
export type DevSource = Infer<typeof DevSource>;
export const ErrSeverity = enumeration(["WARN", "ERR", "PANIC"]);
export type ErrSeverity = Infer<typeof ErrSeverity>;
export const DevState = enumeration(devStates);
export type DevState = Infer<typeof DevState>;
export const DispLevel = enumeration(["OPERATOR", "EXPERT", "DL_UNKNOWN"]);
export type DispLevel = Infer<typeof DispLevel>;
export const AttributeDataType = enumeration([
  "ATT_BOOL", "ATT_SHORT", "ATT_LONG", "ATT_LONG64", "ATT_FLOAT", "ATT_DOUBLE", "ATT_UCHAR", "ATT_USHORT",
  "ATT_ULONG", "ATT_ULONG64", "ATT_STRING", "ATT_STATE", "DEVICE_STATE", "ATT_ENCODED", "ATT_NO_DATA",
]); // biome-ignore format: a table
export type AttributeDataType = Infer<typeof AttributeDataType>;
export const PipeWriteType = enumeration(["PIPE_READ", "PIPE_READ_WRITE", "PIPE_WT_UNKNOWN"]);
export type PipeWriteType = Infer<typeof PipeWriteType>;
