// SPDX-License-Identifier: MIT
// What a device says of its commands.
import type { DevCmdInfo, DevCmdInfo_2 } from "../../idl/index.ts";
import type { DisplayLevel } from "../../interface.ts";
import { typeName } from "../type-names.ts";
import type { Invoke } from "./invoke.ts";

export interface CommandInfo {
  readonly name: string;
  /** Names of Tango types: "DevVoid", "DevDouble"... */
  readonly input: string;
  readonly output: string;
  readonly inputCode: number;
  readonly inputDescription: string;
  readonly outputDescription: string;
  readonly level: DisplayLevel;
  readonly tag: number;
}

export type QueryCommand = (invoke: Invoke, name: string) => Promise<CommandInfo>;
export type QueryCommands = (invoke: Invoke) => Promise<readonly CommandInfo[]>;

export const queryCommand: Readonly<Record<number, QueryCommand>> = {
  1: async (invoke, name) => commandInfo(await invoke("command_query", [name])),
  2: async (invoke, name) => commandInfo(await invoke("command_query_2", [name])),
};
export const queryCommands: Readonly<Record<number, QueryCommands>> = {
  1: async (invoke) => (await invoke("command_list_query", [])).map(commandInfo),
  2: async (invoke) => (await invoke("command_list_query_2", [])).map(commandInfo),
};

export const commandInfo = (info: DevCmdInfo | DevCmdInfo_2): CommandInfo => ({
  name: info.cmd_name,
  input: typeName(info.in_type),
  output: typeName(info.out_type),
  inputCode: info.in_type,
  inputDescription: info.in_type_desc,
  outputDescription: info.out_type_desc,
  level: "level" in info && info.level === "EXPERT" ? "EXPERT" : "OPERATOR",
  tag: info.cmd_tag,
});
