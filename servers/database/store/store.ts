// SPDX-License-Identifier: MIT
// One SQLite file (or memory) that holds the whole database. Every statement is written where it is used; the tag store
// prepares each once.
import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync, type SQLTagStore } from "node:sqlite";
import { flusher, noFlusher } from "./flusher.ts";
import { type Properties, properties } from "./properties.ts";
import { migrations, type PropertyTable, propertyTables } from "./schema.ts";
import { seed } from "./seed.ts";

export interface Store extends Disposable {
  /** The SQLite file, or ":memory:". */
  readonly file: string;
  readonly database: DatabaseSync;
  /** Prepared statements by their text: store.sql.get`SELECT class FROM device WHERE name = ${device}`. */
  readonly sql: SQLTagStore;
  readonly properties: Readonly<Record<PropertyTable, Properties>>;
  /** How many values the history of one property keeps; the device property historyDepth. */
  historyDepth: number;
  /** Hosts whose Starter should look at the database again; emptied by who tells them. */
  readonly changedHosts: Set<string>;
  /** Who serves this store, for DbInfo and DbGetCSDbServerList; set when the server is up. */
  served: { readonly device: string; readonly endpoint: string; readonly since: string };
  /** Now, as the tables hold times: local, `YYYY-MM-DD hh:mm:ss`. */
  now(): string;
  /** To be called after a commit: has it written to the disk. @throws Error when that failed for an earlier one. */
  flush(): void;
}

export interface StoreOptions {
  /** Milliseconds since the epoch; tests give their own. */
  readonly clock?: () => number;
  /** Whether a commit waits for the disk; else it is in the system's hands, and on the disk a moment later. */
  readonly powerSafe?: boolean;
}

/**
 * Opens or makes the file. What was committed survives the end of the process, however it ends; with `powerSafe` also a
 * power cut in the milliseconds after it (docs/decisions/0010-answers-before-the-disk.md).
 * @throws Error naming the file when it cannot be opened, is not ours, or is of a newer version.
 */
export function openStore(file: string, { clock = Date.now, powerSafe = false }: StoreOptions = {}): Store {
  const database = openFile(file, powerSafe);
  try {
    if (schemaVersion(database, file) < migrations.length) upgrade(database);
    const sql = database.createTagStore(400);
    const disk = powerSafe || file === ":memory:" ? noFlusher : flusher(file);
    return {
      file,
      database,
      sql,
      properties: Object.fromEntries(
        Object.entries(propertyTables).map(([table, keys]) => [table, properties(database, table, keys)]),
      ) as unknown as Record<PropertyTable, Properties>,
      historyDepth: 10,
      changedHosts: new Set(),
      served: { device: "sys/database/2", endpoint: "localhost:10000", since: timestamp(clock()) },
      now: () => timestamp(clock()),
      flush: () => disk.flush(),
      [Symbol.dispose]: () => {
        disk[Symbol.dispose]();
        database.close();
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

function openFile(file: string, powerSafe: boolean): DatabaseSync {
  try {
    if (file !== ":memory:") mkdirSync(dirname(file), { recursive: true });
    const database = new DatabaseSync(file, { timeout: 5_000, enableDoubleQuotedStringLiterals: true });
    const synchronous = powerSafe ? "FULL" : "NORMAL";
    database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA foreign_keys = ON;`);
    return database;
  } catch (cause) {
    throw new Error(`cannot open the database file ${file}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
}

/** "bndn": tells our files from other people's. */
const applicationId = 0x626e646e;

const pragma = (database: DatabaseSync, name: string) =>
  Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);

/** @throws Error when the file is another program's, or of a newer version. */
function schemaVersion(database: DatabaseSync, file: string): number {
  const version = pragma(database, "user_version");
  if (version > migrations.length)
    throw new Error(
      `${file} is of schema version ${version}, this program knows up to ${migrations.length}: use a newer one`,
    );
  const foreign = pragma(database, "application_id") !== applicationId;
  if (foreign && database.prepare("SELECT 1 FROM sqlite_schema LIMIT 1").get())
    throw new Error(`${file} is an SQLite file of another program, not a Tango database: choose another --file`);
  return version;
}

/** Brings the file up to date, a new one with its first contents, all or nothing: two servers may open it at once. */
function upgrade(database: DatabaseSync): void {
  database.exec("BEGIN IMMEDIATE");
  try {
    const version = pragma(database, "user_version");
    for (const migration of migrations.slice(version)) database.exec(migration);
    database.exec(`PRAGMA application_id = ${applicationId}; PRAGMA user_version = ${migrations.length}`);
    if (version === 0) seed(database);
    database.exec("COMMIT");
  } catch (error) {
    if (database.isTransaction) database.exec("ROLLBACK");
    throw error;
  }
}

function timestamp(time: number): string {
  const local = new Date(time - new Date(time).getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 19).replace("T", " ");
}
