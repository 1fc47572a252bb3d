// SPDX-License-Identifier: MIT
// The access control device: every command is a function of the database's tables, answered when it is durable.
import { deviceClass, type Handlers } from "../../tango/index.ts";
import type { Durable } from "../database/store/durable.ts";
import type { Store } from "../database/store/store.ts";
import { accessCommands } from "./commands.ts";
import { accessControl } from "./interface.ts";

type Command = keyof typeof accessCommands;
type CommandHandlers = Pick<Handlers<typeof accessControl>, Command>;

const changes = (command: Command): boolean => /^(Add|Clone|Register|Remove|Unregister)/.test(command);

export const accessControlClass = (store: Store, durable: Durable) =>
  deviceClass(accessControl, () => {
    const execute = (name: Command) => (argument: never) => {
      const run = () => (accessCommands[name] as (store: Store, argument: never) => unknown)(store, argument);
      return changes(name) ? durable.change(run) : durable.read(run);
    };
    const names = Object.keys(accessCommands) as Command[];
    return {
      ...(Object.fromEntries(names.map((name) => [name, execute(name)])) as unknown as CommandHandlers),
      Status: () => "Device is OK",
    };
  });
