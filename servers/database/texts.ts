// SPDX-License-Identifier: MIT
// The commands of the database device: their types are what clients know of them, their texts what the real one says.
import type { TangoType } from "../../tango/idl/tango-types.ts";
import { type DatabaseCommand, type DatabaseCommandTypes, databaseCommands } from "../../tango/index.ts";
import { type CommandDefinition, command } from "../../tango/interface.ts";

/** The text Tango shows for an argument or a result that is not there. */
export const nothing = "Uninitialised";

/** By command: the text of the argument, and that of the result where there is one. */
export type Texts = { readonly [N in DatabaseCommand]?: readonly [argument: string, result?: string] };

type Definition<N extends DatabaseCommand> = (typeof databaseCommands)[N] extends {
  readonly input: TangoType<infer In>;
  readonly output: TangoType<infer Out>;
}
  ? CommandDefinition<In, Out>
  : never;

/** The definitions of the commands that have `texts`. */
export const described = <T extends Texts>(texts: T) =>
  Object.fromEntries(
    Object.entries(texts).map(([name, [inputDescription, outputDescription = nothing]]) => {
      const { input, output }: DatabaseCommandTypes = databaseCommands[name as DatabaseCommand];
      return [name, command(input, output, { inputDescription, outputDescription })];
    }),
  ) as { readonly [N in keyof T & DatabaseCommand]: Definition<N> };
