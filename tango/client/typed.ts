// SPDX-License-Identifier: MIT
// What a proxy's calls take and give, inferred from an interface value.

import type { DevVoid, ValueOf } from "../idl/tango-types.ts";
import type {
  Acceptable, AttributeDefinition, AttributesOf, AttributeValueOf, CommandDefinition, CommandInput, CommandOutput,
  CommandsOf, StandardAttributes, StandardCommands,
} from "../interface.ts"; // biome-ignore format: a list
import type { AttributeReading } from "./attribute-reading.ts";
import type { CallOptions } from "./device-route.ts";

/** The interface of a device nothing is known of beforehand: any name, values `unknown`. */
export interface Untyped {
  readonly name: string;
  readonly attributes: Readonly<Record<string, AttributeDefinition<unknown>>>;
  readonly commands: Readonly<Record<string, CommandDefinition<unknown, unknown>>>;
}

type Attributes<I> = I extends Untyped
  ? string extends keyof I["attributes"]
    ? I["attributes"]
    : AttributesOf<I> & StandardAttributes
  : AttributesOf<I> & StandardAttributes;
type Commands<I> = I extends Untyped
  ? string extends keyof I["commands"]
    ? I["commands"]
    : CommandsOf<I> & StandardCommands
  : CommandsOf<I> & StandardCommands;

export type AttributeName<I> = keyof Attributes<I> & string;
export type CommandName<I> = keyof Commands<I> & string;
/** The value of one attribute. */
export type ValueIn<I, N extends AttributeName<I>> = AttributeValueOf<Attributes<I>[N]>;
/** Attributes that may be written. */
export type WritableName<I> = {
  [N in AttributeName<I>]: Attributes<I>[N] extends AttributeDefinition<infer _, infer A>
    ? "READ_WRITE" extends A
      ? N
      : "WRITE" extends A
        ? N
        : never
    : never;
}[AttributeName<I>];
export type WritableValue<I, N extends AttributeName<I>> = Acceptable<ValueIn<I, N>>;

export type CommandResult<I, N extends CommandName<I>> = CommandOutput<Commands<I>[N]>;
/** `[argument, options]`; the argument may be left out where the command takes none. */
export type CommandArguments<I, N extends CommandName<I>> =
  CommandInput<Commands<I>[N]> extends infer In
    ? unknown extends In
      ? [argument?: unknown, options?: CallOptions]
      : [In] extends [ValueOf<typeof DevVoid>]
        ? [argument?: undefined, options?: CallOptions]
        : [argument: Acceptable<In>, options?: CallOptions]
    : never;

/** A record for each name, in the order of the names. */
export type Readings<I, Names extends readonly AttributeName<I>[]> = {
  readonly [Index in keyof Names]: AttributeReading<ValueIn<I, Names[Index]>>;
};
