// SPDX-License-Identifier: MIT
// Entries of streams as the store answers them.
import type { Answer } from "./connection.ts";
import type { DataEntry } from "./encoding.ts";

/** What ends a data stream: its number of points. */
export interface Seal {
  readonly points: number;
}
export interface RawEntry {
  readonly id: string;
  readonly fields: Fields;
}
/** An entry of points, or any other one as it is. */
export type FoundEntry = DataEntry | RawEntry;
/** Names and values of an entry, one after the other as they came: most entries have one field, read once. */
export class Fields {
  readonly #list: readonly Answer[];
  constructor(list: readonly Answer[]) {
    this.#list = list;
  }
  get(name: string): Buffer | undefined {
    const list = this.#list;
    for (let at = 0; at + 1 < list.length; at += 2) if (isNamed(list[at], name)) return list[at + 1] as Buffer;
    return undefined;
  }
  get single(): boolean {
    return this.#list.length === 2;
  }
  names(): string[] {
    return this.#list.filter((_, at) => at % 2 === 0).map(String);
  }
}

/** Byte by byte: a text made of each name of each entry is what a fast reader would wait for. */
function isNamed(given: Answer | undefined, name: string): boolean {
  if (!Buffer.isBuffer(given)) return String(given) === name;
  if (given.length !== name.length) return false;
  for (let at = 0; at < name.length; at++) if (given[at] !== name.charCodeAt(at)) return false;
  return true;
}

/** Identifier of the entry that ends a data stream. */
export const sealId = "18446744073709551615-18446744073709551615";
/** After this identifier only the seal may come. */
export const beforeSeal = "18446744073709551615-18446744073709551614";

/** Entries of an XRANGE answer. @throws TypeError when it is none */
export function rawEntries(answer: Answer): RawEntry[] {
  if (answer === null) return [];
  if (!Array.isArray(answer)) throw new TypeError(`entries expected, the store answered ${String(answer)}`);
  return answer.map((entry: Answer) => {
    const [id, fields] = Array.isArray(entry) ? (entry as readonly Answer[]) : [];
    if (id === undefined || !Array.isArray(fields)) throw new TypeError("the store answered an entry without fields");
    return {
      id: Buffer.isBuffer(id) ? id.toString("latin1") : String(id),
      fields: new Fields(fields as readonly Answer[]),
    };
  });
}

export const isRaw = (entry: FoundEntry): entry is RawEntry => "fields" in entry;

/** An entry of a data stream. @throws TypeError for an entry of another kind */
export function dataEntry(entry: FoundEntry): DataEntry | Seal {
  if (!isRaw(entry)) return entry;
  const { id, fields } = entry;
  if (id === sealId) return { points: Number(fields.get("id")) };
  const index = Number(id.slice(0, id.indexOf("-")));
  const payload = fields.get("payload");
  const length = fields.single ? 1 : Number(fields.get("len") ?? 1);
  if (!payload || !Number.isSafeInteger(index) || !Number.isSafeInteger(length) || length < 1)
    throw new TypeError(`entry ${id} is not one of a data stream: it has the fields ${fields.names().join(", ")}`);
  return { index, length, payload };
}

export const isSeal = (entry: DataEntry | Seal): entry is Seal => "points" in entry;
/** Points of the stream up to and with this entry. */
export const pointsUpTo = (entry: DataEntry | Seal): number =>
  isSeal(entry) ? entry.points : entry.index + entry.length;
