// SPDX-License-Identifier: MIT
// One command of one device.
import type { Any } from "../cdr/index.ts";
import { devFailed } from "../errors.ts";
import { type DevCmdInfo, type DevCmdInfo_2, fromAny, toAny } from "../idl/index.ts";
import type { CommandDefinition } from "../interface.ts";
import { attempt } from "./awaitable.ts";
import { asDevFailed } from "./failure.ts";
import type { Awaitable, Call } from "./types.ts";

export interface CommandAccess {
  readonly execute: (argument: unknown, call: Call) => Awaitable<unknown>;
  readonly allowed?: () => boolean;
}

export interface CommandOwner {
  readonly className: string;
  readonly currentState: string;
}

const UNINITIALISED = "Uninitialised";
/** Codes that may stand for another in an argument: an enumeration travels as a short, a constant string as a string. */
const aliases: ReadonlyMap<number, number> = new Map([
  [29, 2],
  [20, 8],
]);
const plain = (code: number) => aliases.get(code) ?? code;

export class ServedCommand {
  readonly name: string;
  readonly key: string;
  readonly definition: CommandDefinition;
  readonly #owner: CommandOwner;
  readonly #access: CommandAccess;

  constructor(owner: CommandOwner, name: string, definition: CommandDefinition, access: CommandAccess) {
    this.name = name;
    this.key = name.toLowerCase();
    this.definition = definition;
    this.#owner = owner;
    this.#access = access;
  }

  get origin(): string {
    return `${this.#owner.className}.${this.name}`;
  }

  get info(): DevCmdInfo_2 {
    const { input, output, options } = this.definition;
    return {
      cmd_name: this.name,
      level: options.level ?? "OPERATOR",
      cmd_tag: 0,
      in_type: input.code,
      out_type: output.code,
      in_type_desc: options.inputDescription || UNINITIALISED,
      out_type_desc: options.outputDescription || UNINITIALISED,
    };
  }

  /** The value of an argument. @throws DevFailed when it is of another type. */
  argument(any: Any): unknown {
    const { input } = this.definition;
    if (input.code === 0) return undefined;
    const found = typed(any);
    if (found && plain(found.code) === plain(input.code)) return found.value;
    const problem = `Incompatible command argument type, expected type is : Tango::${input.name}`;
    throw devFailed("API_IncompatibleCmdArgumentType", problem, "Command::extract()");
  }

  /** Executes with the argument of a call. @throws DevFailed, whatever the handler throws. */
  execute(any: Any, call: Call): Awaitable<Any> {
    if (this.#access.allowed && !this.#access.allowed()) {
      const problem = `Command ${this.name} not allowed when the device is in ${this.#owner.currentState} state`;
      throw devFailed("API_CommandNotAllowed", problem, "DeviceClass::command_handler");
    }
    const argument = this.argument(any);
    return attempt(
      () => this.#access.execute(argument, call),
      (result) => this.#result(result),
      (error) => {
        throw asDevFailed(error, this.origin);
      },
    );
  }

  #result(result: unknown): Any {
    try {
      return toAny(this.definition.output.code, result);
    } catch (error) {
      throw asDevFailed(error, this.origin);
    }
  }
}

function typed(any: Any) {
  try {
    return fromAny(any);
  } catch {
    return undefined;
  }
}

/** The first interface tells the level in the tag. */
export const oldInfo = ({ level, ...info }: DevCmdInfo_2): DevCmdInfo => ({
  ...info,
  cmd_tag: level === "EXPERT" ? 1 : 0,
});

export const commandAccess = (handler: unknown): CommandAccess =>
  typeof handler === "function" ? { execute: handler as CommandAccess["execute"] } : (handler as CommandAccess);
