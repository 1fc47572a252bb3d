// SPDX-License-Identifier: MIT
import type { DatabaseArgument, DatabaseCommand, DatabaseResult } from "./command-table.ts";

export interface DatabaseCallOptions {
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
}

/** Executes a command of a database device: all that the database client needs of the world. */
export type DatabaseCaller = <N extends DatabaseCommand>(
  command: N,
  argument: DatabaseArgument<N>,
  options?: DatabaseCallOptions,
) => Promise<DatabaseResult<N>>;
