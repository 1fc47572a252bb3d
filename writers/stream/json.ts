// SPDX-License-Identifier: MIT
// JSON as Python writes it: with NaN, Infinity and -Infinity, which JSON proper has not.

const strange = /("(?:[^"\\]|\\.)*")|\bNaN\b|-?\bInfinity\b/g;
const mark = "\u0000number:";

/** @throws SyntaxError */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (!/NaN|Infinity/.test(text)) throw error;
    const marked = text.replace(strange, (all, string: string | undefined) => string ?? JSON.stringify(mark + all));
    return JSON.parse(marked, (_, value: unknown) =>
      typeof value === "string" && value.startsWith(mark) ? Number(value.slice(mark.length)) : value,
    );
  }
}

/** Typed arrays become lists, 64-bit integers numbers with all their digits; NaN and infinities as `strangeNumber` says. */
function stringify(value: unknown, strangeNumber: (value: number) => unknown): string {
  const text = JSON.stringify(value, (_, part: unknown) => {
    if (typeof part === "bigint") return rawJson(String(part));
    if (typeof part === "number" && !Number.isFinite(part)) return strangeNumber(part);
    if (ArrayBuffer.isView(part) && !(part instanceof DataView))
      return Array.from(part as unknown as Iterable<unknown>);
    return part;
  });
  if (text === undefined) throw new TypeError(`${String(value)} has no JSON form`);
  return text;
}

const rawJson = (text: string): unknown => (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);

/** As an entry of a json stream: numbers that are not finite keep Python's names. */
export const toStreamJson = (value: unknown): string =>
  stringify(value, (number) => mark + number).replaceAll(/"\\u0000number:(NaN|-?Infinity)"/g, "$1");

/** As part of a scan document, where numbers that are not finite become null. */
export const toDocumentJson = (value: unknown): string => stringify(value, () => null);
