// SPDX-License-Identifier: MIT
// The query text of a search for scans, in the grammar of RediSearch, dialect 2.
import type { ScanIdentity } from "./scan-document.ts";

/** Values of the identity; text may start or end with `*`. Case does not matter. */
export type ScanQuery = { readonly [Field in keyof ScanIdentity]?: Field extends "number" ? number : string };

/** Characters with a meaning in queries, and the blank; `*` is left as it is. */
const special = /[,.<>{}[\]"':;!@#$%^&()\-+=~?/\\| ]/g;

export function queryText(query: ScanQuery): string {
  const clauses = Object.entries(query).flatMap(([field, value]) => {
    if (value === undefined || value === null) return [];
    if (typeof value === "number") return `@id_${field}:[${value} ${value}]`;
    return `@id_${field}:{${value.replace(special, "\\$&")}}`;
  });
  if (clauses.length === 0) return "*";
  return clauses.length === 1 ? clauses[0]! : `(${clauses.join(" ")})`;
}
