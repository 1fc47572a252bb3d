// SPDX-License-Identifier: MIT
// CDR: bytes, alignment, codecs, Any and TypeCodes. Knows nothing of Tango.
export type { Any, KnownType } from "./any.ts";
export { anyOf } from "./any.ts";
export type { Codec, Infer } from "./codec.ts";
export type { UnionOf } from "./constructed.ts";
export { array, enumeration, lazy, seq, union } from "./constructed.ts";
export { MarshalError } from "./marshal-error.ts";
export { doubles, floats, longlongs, longs, octets, shorts, ulonglongs, ulongs, ushorts } from "./numbers.ts";
export {
  boolean, double, float, long, longlong, message, nothing, octet, short, string, ulong, ulonglong, ushort,
} from "./primitives.ts"; // biome-ignore format: a list
export type { ReaderOptions } from "./reader.ts";
export { Reader } from "./reader.ts";
export type { StructOf } from "./struct.ts";
export { struct } from "./struct.ts";
export type { CodeSet } from "./text.ts";
export type { Member, TypeCode, UnionMember } from "./typecode.ts";
export { resolved } from "./typecode.ts";
export { readTypeCode } from "./typecode-reader.ts";
export { writeTypeCode } from "./typecode-writer.ts";
export type { WriterOptions } from "./writer.ts";
export { Writer } from "./writer.ts";
