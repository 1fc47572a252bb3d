// SPDX-License-Identifier: MIT
// What the database server's command line has beside Tango's own.
import { homedir } from "node:os";
import { join } from "node:path";

export interface DatabaseOptions {
  /** The SQLite file, or ":memory:". */
  readonly file: string;
  /** The address to listen on: loopback unless `--host` says otherwise; "" is every interface. */
  readonly host: string;
  /** Whether each change is on the disk before it is answered. */
  readonly powerSafe: boolean;
  /** Arguments for Tango. */
  readonly rest: readonly string[];
}

/** @throws Error naming the option that lacks its value. */
export function takeOptions(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>> = process.env,
): DatabaseOptions {
  const state = env.XDG_STATE_HOME || join(homedir(), ".local/state");
  let file = env.BANDONEON_DATABASE || join(state, "bandoneon", "database.sqlite");
  let host = "127.0.0.1";
  let powerSafe = false;
  const rest: string[] = [];
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "--power-safe") {
      powerSafe = true;
      continue;
    }
    const [, name, inline] = /^--(file|host)(?:=(.*))?$/.exec(args[i]!) ?? [];
    if (!name) {
      rest.push(args[i]!);
      continue;
    }
    const value = inline ?? args[++i];
    if (value === undefined || value === "") throw new Error(`--${name} needs a value`);
    if (name === "file") file = value;
    else host = value === "0.0.0.0" ? "" : value;
  }
  return { file, host, powerSafe, rest };
}

/** The value, or the end of the process with the reason in one line: what a user wrote is no bug to be traced. */
export function orExit<T>(value: () => T): T {
  try {
    return value();
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exit(255);
  }
}
