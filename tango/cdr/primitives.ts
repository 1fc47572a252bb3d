// SPDX-License-Identifier: MIT
// The basic types of IDL.
import type { Codec } from "./codec.ts";

export const boolean: Codec<boolean> = {
  minimum: 1,
  read: (reader) => reader.boolean(),
  write: (writer, value) => writer.boolean(value),
};
export const octet: Codec<number> = {
  minimum: 1,
  read: (reader) => reader.octet(),
  write: (writer, value) => writer.octet(value),
};
export const short: Codec<number> = {
  minimum: 2,
  read: (reader) => reader.short(),
  write: (writer, value) => writer.short(value),
};
export const ushort: Codec<number> = {
  minimum: 2,
  read: (reader) => reader.ushort(),
  write: (writer, value) => writer.ushort(value),
};
export const long: Codec<number> = {
  minimum: 4,
  read: (reader) => reader.long(),
  write: (writer, value) => writer.long(value),
};
export const ulong: Codec<number> = {
  minimum: 4,
  read: (reader) => reader.ulong(),
  write: (writer, value) => writer.ulong(value),
};
export const longlong: Codec<bigint> = {
  minimum: 8,
  read: (reader) => reader.longlong(),
  write: (writer, value) => writer.longlong(value),
};
export const ulonglong: Codec<bigint> = {
  minimum: 8,
  read: (reader) => reader.ulonglong(),
  write: (writer, value) => writer.ulonglong(value),
};
export const float: Codec<number> = {
  minimum: 4,
  read: (reader) => reader.float(),
  write: (writer, value) => writer.float(value),
};
export const double: Codec<number> = {
  minimum: 8,
  read: (reader) => reader.double(),
  write: (writer, value) => writer.double(value),
};
export const string: Codec<string> = {
  minimum: 4,
  read: (reader) => reader.string(),
  write: (writer, value) => writer.string(value),
};
/** A string for people (the text of an error): what the code set lacks becomes "?" instead of a second error. */
export const message: Codec<string> = {
  minimum: 4,
  read: (reader) => reader.string(),
  write: (writer, value) => {
    const text = value.replaceAll("\0", "?");
    writer.string(writer.text === "latin1" ? text.replace(/[\u{100}-\u{10ffff}]/gu, "?") : text);
  },
};
/** Nothing: the value of a TypeCode of kind null or void. */
export const nothing: Codec<undefined> = { minimum: 0, read: () => undefined, write: () => {} };
