// SPDX-License-Identifier: MIT
// All commands but those of transactions, which are the session's.

import type { Reply } from "../reply.ts";
import { Status } from "../reply.ts";
import { adminCommands } from "./admin.ts";
import type { Command, CommandTable } from "./command.ts";
import { syntaxError, textOf, upper } from "./command.ts";
import { connectionCommands } from "./connection.ts";
import { functionCommands } from "./functions.ts";
import { jsonCommands } from "./json.ts";
import { keyCommands } from "./keys.ts";
import { searchCommands } from "./search.ts";
import { streamCommands } from "./streams.ts";
import { stringCommands } from "./strings.ts";

const tables: CommandTable = {
  ...connectionCommands,
  ...keyCommands,
  ...stringCommands,
  ...streamCommands,
  ...jsonCommands,
  ...searchCommands,
  ...functionCommands,
  ...adminCommands,
};

/** COMMAND INFO's entry: name, arity, flags, and keys, which nobody here asks about. */
function describe(name: string): Reply {
  const command = commands.get(name.toUpperCase());
  if (!command) return null;
  const flag = new Status(command.effect ? "write" : "readonly");
  return [name.toLowerCase(), command.arity, [flag], 0, 0, 0, [], [], [], []];
}

const command: Command = {
  arity: -1,
  run: ({ args }) => {
    switch (upper(args[0])) {
      case "COUNT":
        return commands.size;
      case "INFO":
        return args.slice(1).map((name) => describe(textOf(name)));
      case "LIST":
        return [...commands.keys()].map((name) => name.toLowerCase());
      case "DOCS":
        return new Map<string, Reply>();
      case "":
        return [...commands.keys()].map(describe);
      default:
        throw syntaxError();
    }
  },
};

export const commands: ReadonlyMap<string, Command> = new Map(Object.entries({ ...tables, COMMAND: command }));
