// SPDX-License-Identifier: MIT
// Property values of one table and their history. `keys` say whose property: [device], or [device, attribute].
import type { DatabaseSync } from "node:sqlite";

export type Key = readonly [owner: string, member?: string];

export interface NamedValue {
  readonly name: string;
  readonly value: string;
}
export interface HistoryEntry {
  /** Attribute or pipe, in tables that have one. */
  readonly member: string;
  readonly name: string;
  readonly date: string;
  /** Empty: the property was deleted then. */
  readonly values: readonly string[];
}

export interface Properties {
  /** The elements of one property, in order; empty when there is none. */
  values(key: Key, name: string): string[];
  /** The elements of all properties whose name fits a LIKE pattern, merged by index. */
  merged(key: Key, pattern: string): string[];
  /** Every element of every property of `key`, by name and index, in the stored spelling. */
  all(key: Key): NamedValue[];
  /** Names of the properties that fit a LIKE pattern, by name. */
  names(key: Key, pattern: string): string[];
  /** Attributes or pipes of `owner` that have properties. */
  members(owner: string, pattern: string): string[];
  /** Replaces the property; no values removes it. `note` is when and how many changes are remembered. */
  put(key: Key, name: string, values: readonly string[], note: Note): void;
  /** Removes the properties whose name fits the LIKE pattern and remembers that. */
  remove(key: Key, pattern: string, note: Note): void;
  /** Removes everything of a key (or an owner with all its members) without remembering it. */
  drop(key: Key): void;
  /** Oldest first; `name` and `member` are LIKE patterns. */
  history(owner: string, name: string, member?: string): HistoryEntry[];
}
export interface Note {
  readonly now: string;
  readonly depth: number;
}

/** The statements of one table. `table` and `keys` come from the schema, never from a caller. */
export function properties(database: DatabaseSync, table: string, keys: readonly string[]): Properties {
  const prepare = (text: string) => database.prepare(text);
  const memberColumn = keys[1] ?? "''";
  const mine = keys.map((key) => `${key} = ?`).join(" AND ");
  const like = (column: string) => `${column} LIKE ? ESCAPE '!'`;
  const marks = keys.map(() => "?").join(", ");
  const columns = keys.join(", ");

  const values = prepare(`SELECT value FROM ${table} WHERE ${mine} AND name = ? ORDER BY count`);
  const merged = prepare(`SELECT value FROM ${table} WHERE ${mine} AND ${like("name")} ORDER BY count, upper(name)`);
  const all = prepare(`SELECT name, value FROM ${table} WHERE ${mine} ORDER BY upper(name), count`);
  const names = prepare(`SELECT DISTINCT name FROM ${table} WHERE ${mine} AND ${like("name")} ORDER BY upper(name)`);
  const members = prepare(
    `SELECT DISTINCT ${memberColumn} AS name FROM ${table} WHERE ${keys[0]} = ? AND ${like(memberColumn)} ORDER BY upper(${memberColumn})`,
  );
  const erase = prepare(`DELETE FROM ${table} WHERE ${mine} AND name = ?`);
  const insert = prepare(
    `INSERT INTO ${table} (${columns}, name, count, value, updated) VALUES (${marks}, ?, ?, ?, ?)`,
  );
  const dropMember = prepare(`DELETE FROM ${table} WHERE ${mine}`);
  const dropOwner = prepare(`DELETE FROM ${table} WHERE ${keys[0]} = ?`);
  const nextId = prepare(`SELECT coalesce(max(id), 0) + 1 AS id FROM ${table}_hist`);
  const remember = prepare(
    `INSERT INTO ${table}_hist (id, date, ${columns}, name, count, value) VALUES (?, ?, ${marks}, ?, ?, ?)`,
  );
  const forget = prepare(
    `DELETE FROM ${table}_hist WHERE ${mine} AND name = ? AND id <=
       (SELECT DISTINCT id FROM ${table}_hist WHERE ${mine} AND name = ? ORDER BY id DESC LIMIT 1 OFFSET ?)`,
  );
  const history = prepare(
    `SELECT id, date, ${memberColumn} AS member, name, count, value FROM ${table}_hist
     WHERE ${keys[0]} = ? AND ${keys[1] ? like(memberColumn) : "? = ''"} AND ${like("name")} ORDER BY id, count`,
  );
  const key = (whose: Key): string[] => (keys[1] ? [whose[0], whose[1] ?? ""] : [whose[0]]);

  const note = (whose: Key, name: string, elements: readonly string[], { now, depth }: Note) => {
    const { id } = nextId.get() as { id: number };
    // A deletion is an element with the index 0.
    if (elements.length === 0) remember.run(id, now, ...key(whose), name, 0, "");
    elements.forEach((value, index) => void remember.run(id, now, ...key(whose), name, index + 1, value));
    forget.run(...key(whose), name, ...key(whose), name, depth);
  };

  return {
    values: (whose, name) => values.all(...key(whose), name).map((row) => String(row.value)),
    merged: (whose, pattern) => merged.all(...key(whose), pattern).map((row) => String(row.value)),
    all: (whose) => all.all(...key(whose)) as unknown as NamedValue[],
    names: (whose, pattern) => names.all(...key(whose), pattern).map((row) => String(row.name)),
    members: (owner, pattern) => members.all(owner, pattern).map((row) => String(row.name)),
    put: (whose, name, elements, about) => {
      erase.run(...key(whose), name);
      elements.forEach((value, index) => void insert.run(...key(whose), name, index + 1, value, about.now));
      if (elements.length > 0) note(whose, name, elements, about);
    },
    remove: (whose, pattern, about) => {
      for (const row of names.all(...key(whose), pattern)) {
        erase.run(...key(whose), String(row.name));
        note(whose, String(row.name), [], about);
      }
    },
    drop: (whose) => void (whose[1] === undefined ? dropOwner.run(whose[0]) : dropMember.run(...key(whose))),
    history: (owner, name, member = "") => entries(history.all(owner, member, name)),
  };
}

/** Joins the rows of one change. */
function entries(rows: readonly Record<string, unknown>[]): HistoryEntry[] {
  const found = new Map<unknown, HistoryEntry & { values: string[] }>();
  for (const { id, date, member, name, count, value } of rows) {
    const entry = found.get(id) ?? { member: String(member), name: String(name), date: String(date), values: [] };
    if (Number(count) > 0) entry.values.push(String(value));
    found.set(id, entry);
  }
  return [...found.values()];
}
