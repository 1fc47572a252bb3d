// SPDX-License-Identifier: MIT
// Executing commands, in each version of the interface.
import type { TangoValue } from "../../idl/index.ts";
import { fromAny, toAny } from "../../idl/index.ts";
import type { Callee } from "./invoke.ts";

export type CommandInOut = (callee: Callee, name: string, argument: TangoValue) => Promise<unknown>;

export const commandInOut: Readonly<Record<number, CommandInOut>> = {
  1: async ({ invoke }, name, { code, value }) =>
    fromAny(await invoke("command_inout", [name, toAny(code, value)])).value,
  2: async ({ invoke, source }, name, { code, value }) =>
    fromAny(await invoke("command_inout_2", [name, toAny(code, value), source])).value,
  4: async ({ invoke, source, ident }, name, { code, value }) =>
    fromAny(await invoke("command_inout_4", [name, toAny(code, value), source, ident])).value,
};
