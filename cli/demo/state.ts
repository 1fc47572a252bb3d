// SPDX-License-Identifier: MIT
// Where the demo keeps what outlives it: the database, the logs, the data.
import { accessSync, constants, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

export interface StateFolder {
  readonly root: string;
  readonly database: string;
  readonly logs: string;
  readonly data: string;
}

/** Makes the folders. @throws Error naming the one that cannot be made or written, and what to do. */
export function stateFolder(given?: string, env: NodeJS.ProcessEnv = process.env): StateFolder {
  const root = resolve(given ?? join(env.XDG_STATE_HOME || join(homedir(), ".local/state"), "bandoneon", "demo"));
  const folder = { root, database: join(root, "database.sqlite"), logs: join(root, "log"), data: join(root, "data") };
  for (const path of [root, folder.logs, folder.data]) {
    try {
      mkdirSync(path, { recursive: true });
      accessSync(path, constants.W_OK);
    } catch (cause) {
      const { code } = cause as NodeJS.ErrnoException;
      throw new Error(`cannot write in the folder ${path} (${code}): choose another with --state FOLDER`, { cause });
    }
  }
  return folder;
}
