// SPDX-License-Identifier: MIT
// The SELECTs tools send (DbMySqlSelect): they read, and nothing they say can hold the database up.
import { constants, type DatabaseSync, type SQLOutputValue } from "node:sqlite";
import { DevFailed, devFailed } from "../../../tango/errors.ts";
import type { Store } from "../store/store.ts";

const origin = "DataBase::db_my_sql_select()";

/** A reply may hold this many values. */
const mostValues = 5_000_000;

const actions = new Set([constants.SQLITE_SELECT, constants.SQLITE_READ]);
/** Those that make much of little (zeroblob, printf, replace ...) are not among them. */
const functions = new Set(
  "abs avg coalesce count group_concat ifnull instr length like lower ltrim max min nullif rtrim substr substring sum total trim typeof upper".split(
    " ",
  ),
);

export function select(store: Store, text: string): { lvalue: Int32Array; svalue: string[] } {
  const query = /^\s*select\s/i.test(text) ? text : `SELECT ${text}`;
  if (/;\s*\S/.test(query)) throw devFailed("DB_IncorrectArguments", `SQL command not valid: '${text}'`, origin);
  try {
    return reading(store.database, () => rowsOf(store.database, query));
  } catch (error) {
    if (error instanceof DevFailed) throw error;
    const message = error instanceof Error ? error.message : String(error);
    const desc = `Failed to query TANGO database (error=${message})\nThe query was: ${query}`;
    throw devFailed("DB_SQLError", desc, origin);
  }
}

/** Runs `read` while nothing but reading can be prepared. */
function reading<T>(database: DatabaseSync, read: () => T): T {
  database.setAuthorizer((action, _, name) =>
    actions.has(action) || (action === constants.SQLITE_FUNCTION && functions.has(name?.toLowerCase() ?? ""))
      ? constants.SQLITE_OK
      : constants.SQLITE_DENY,
  );
  try {
    return read();
  } finally {
    database.setAuthorizer(null);
  }
}

/** The values row by row, and a flag for each that is not null; then the numbers of rows and columns. */
function rowsOf(database: DatabaseSync, query: string) {
  const statement = database.prepare(query);
  refuseProducts(database, query);
  // Two columns of one name are two columns.
  statement.setReturnArrays(true);
  const width = statement.columns().length;
  const flags: number[] = [];
  const svalue: string[] = [];
  let rows = 0;
  for (const row of statement.iterate() as Iterable<unknown> as Iterable<readonly SQLOutputValue[]>) {
    rows++;
    for (const value of row) {
      flags.push(value === null ? 0 : 1);
      svalue.push(value === null ? "" : String(value));
    }
    if (svalue.length > mostValues)
      throw devFailed("DB_SQLError", `more than ${mostValues} values: ask for less`, origin);
  }
  return { lvalue: Int32Array.from([...flags, rows, width]), svalue };
}

/**
 * One table may be gone through as a whole, others are looked up by key: every row with every row of another would take
 * hours on a facility's tables, with nobody else served.
 */
function refuseProducts(database: DatabaseSync, query: string): void {
  const steps = database.prepare(`EXPLAIN QUERY PLAN ${query}`).all() as unknown as readonly PlanStep[];
  const repeated = new Set(steps.filter(({ detail }) => detail.startsWith("CORRELATED")).map(({ id }) => id));
  const whole = steps.filter(({ detail }) => /^SCAN|[<>]\?/.test(detail));
  const parents = whole.map(({ parent }) => parent);
  const product = parents.find((parent, index) => repeated.has(parent) || parents.indexOf(parent) !== index);
  if (product === undefined) return;
  const desc = `the query goes through every row of one table for every row of another: ask for each by itself\nThe query was: ${query}`;
  throw devFailed("DB_SQLError", desc, origin);
}

interface PlanStep {
  readonly id: number;
  readonly parent: number;
  readonly detail: string;
}
