// SPDX-License-Identifier: MIT
// Reading what people wrote into Beacon's files.
import type { Words } from "./tree.ts";

export const textOf = (words: Words, ...keys: readonly string[]): string | undefined => {
  const found = keys.map((key) => words[key]).find((value) => typeof value === "string" || typeof value === "number");
  return found === undefined ? undefined : String(found);
};
export const listOf = (words: Words, key: string): readonly Words[] => {
  const list = words[key];
  return Array.isArray(list) ? list.filter((one): one is Words => typeof one === "object" && one !== null) : [];
};
export const textsOf = (words: Words, key: string): readonly string[] => {
  const list = words[key];
  return Array.isArray(list) ? list.filter((one) => typeof one === "string") : [];
};
/** `$robx` -> `robx` */
export const named = (reference: unknown): string => String(reference).replace(/^\$/, "");

/** `//host:port/d/f/m` and `tango://...` as session files write devices. */
export const deviceOf = (address: string): string =>
  address.startsWith("//") ? `tango:${address}` : address.replace(/^tango:(?!\/\/)/, "");
