// SPDX-License-Identifier: MIT
// The document of a scan as it grows.

/** Keys of the document that are categories of metadata. */
const categories = ["instrument", "positioners", "technique", "sample", "nexuswriter"];
export const categoriesIn = (info: Readonly<Record<string, unknown>>): string[] =>
  categories.filter((name) => name in info);

/** Adds to the document: categories are merged, everything else is replaced. */
export function merge(info: Record<string, unknown>, more: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(more)) {
    const known = info[key];
    info[key] = isRecord(known) && isRecord(value) ? { ...known, ...value } : value;
  }
}
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
