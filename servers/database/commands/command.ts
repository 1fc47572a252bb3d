// SPDX-License-Identifier: MIT
// What a command of the database is here: a function of the store and its argument, nothing else.
import type { Acceptable, CommandInput, CommandOutput } from "../../../tango/interface.ts";
import type { StoreCommand, storeCommands } from "../interface.ts";
import type { Store } from "../store/store.ts";

/** The functions of the commands `C`, typed by the table of commands. */
export type Runs<C extends StoreCommand = StoreCommand> = {
  readonly [N in C]: (
    store: Store,
    argument: CommandInput<(typeof storeCommands)[N]>,
  ) => Acceptable<CommandOutput<(typeof storeCommands)[N]>>;
};

/** One column of a result as strings. */
export const column = (rows: readonly Record<string, unknown>[], name: string): string[] =>
  rows.map((row) => String(row[name]));
