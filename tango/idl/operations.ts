// SPDX-License-Identifier: MIT
// Every operation of Tango IDL 6, once: arguments, result, exceptions, and the interface that brought it.
import type { Codec, Infer, Reader, Writer } from "../cdr/index.ts";
import { long, nothing, string } from "../cdr/index.ts";
import { DevVarStringArray } from "./aliases.ts";
import { any } from "./any.ts";
import {
  AttributeConfigList,
  AttributeConfigList_2,
  AttributeConfigList_3,
  AttributeConfigList_5,
  DevCmdInfo,
  DevCmdInfo_2,
  DevCmdInfoList,
  DevCmdInfoList_2,
  DevInfo,
  DevInfo_3,
  DevInfo_6,
  PipeConfigList,
} from "./configs.ts";
import { DevSource, DevState } from "./enums.ts";
import {
  DevAttrHistory_4,
  DevAttrHistory_5,
  DevAttrHistoryList,
  DevAttrHistoryList_3,
  DevCmdHistory_4,
  DevCmdHistoryList,
} from "./histories.ts";
import { ClntIdent } from "./identity.ts";
import {
  AttributeValueList,
  AttributeValueList_3,
  AttributeValueList_4,
  AttributeValueList_5,
  DevPipeData,
} from "./values.ts";

/** The user exceptions an operation may answer with. */
export type Raises = readonly ("DevFailed" | "MultiDevFailed")[];
/** The interfaces: 1 is Device, 6 is Device_6. */
export type IdlVersion = 1 | 2 | 3 | 4 | 5 | 6;

export interface Operation<Args extends readonly Codec<unknown>[] = readonly Codec<unknown>[], Result = unknown> {
  readonly since: IdlVersion;
  /** All arguments are `in` arguments; their names are in the comments of the table. */
  readonly args: Args;
  /** `nothing` for a void operation. */
  readonly result: Codec<Result>;
  readonly raises: Raises;
}

const operation = <const Args extends readonly Codec<unknown>[], Result>(
  since: IdlVersion,
  args: Args,
  result: Codec<Result>,
  raises: Raises,
): Operation<Args, Result> => ({ since, args, result, raises });

const none: Raises = [];
const failed: Raises = ["DevFailed"];
const multi: Raises = ["DevFailed", "MultiDevFailed"];

// biome-ignore format: a table
export const operations = {
  // Device
  _get_name: operation(1, [], string, none),
  _get_description: operation(1, [], string, none),
  _get_state: operation(1, [], DevState, none),
  _get_status: operation(1, [], string, none),
  _get_adm_name: operation(1, [], string, none),
  command_inout: operation(1, [string, any], any, failed), // (command, argin)
  get_attribute_config: operation(1, [DevVarStringArray], AttributeConfigList, failed), // (names)
  set_attribute_config: operation(1, [AttributeConfigList], nothing, failed), // (new_conf)
  read_attributes: operation(1, [DevVarStringArray], AttributeValueList, failed), // (names)
  write_attributes: operation(1, [AttributeValueList], nothing, failed), // (values)
  ping: operation(1, [], nothing, failed),
  black_box: operation(1, [long], DevVarStringArray, failed), // (n)
  info: operation(1, [], DevInfo, failed),
  command_list_query: operation(1, [], DevCmdInfoList, failed),
  command_query: operation(1, [string], DevCmdInfo, failed), // (command)
  // Device_2
  command_inout_2: operation(2, [string, any, DevSource], any, failed), // (command, argin, source)
  read_attributes_2: operation(2, [DevVarStringArray, DevSource], AttributeValueList, failed), // (names, source)
  get_attribute_config_2: operation(2, [DevVarStringArray], AttributeConfigList_2, failed), // (names)
  command_list_query_2: operation(2, [], DevCmdInfoList_2, failed),
  command_query_2: operation(2, [string], DevCmdInfo_2, failed), // (command)
  command_inout_history_2: operation(2, [string, long], DevCmdHistoryList, failed), // (command, n)
  read_attribute_history_2: operation(2, [string, long], DevAttrHistoryList, failed), // (name, n)
  // Device_3
  read_attributes_3: operation(3, [DevVarStringArray, DevSource], AttributeValueList_3, failed), // (names, source)
  write_attributes_3: operation(3, [AttributeValueList], nothing, multi), // (values)
  read_attribute_history_3: operation(3, [string, long], DevAttrHistoryList_3, failed), // (name, n)
  info_3: operation(3, [], DevInfo_3, failed),
  get_attribute_config_3: operation(3, [DevVarStringArray], AttributeConfigList_3, failed), // (names)
  set_attribute_config_3: operation(3, [AttributeConfigList_3], nothing, failed), // (new_conf)
  // Device_4
  read_attribute_history_4: operation(4, [string, long], DevAttrHistory_4, failed), // (name, n)
  command_inout_history_4: operation(4, [string, long], DevCmdHistory_4, failed), // (command, n)
  command_inout_4: operation(4, [string, any, DevSource, ClntIdent], any, failed), // (command, argin, source, cl_ident)
  read_attributes_4: operation(4, [DevVarStringArray, DevSource, ClntIdent], AttributeValueList_4, failed), // (names, source, cl_ident)
  write_attributes_4: operation(4, [AttributeValueList_4, ClntIdent], nothing, multi), // (values, cl_ident)
  set_attribute_config_4: operation(4, [AttributeConfigList_3, ClntIdent], nothing, failed), // (new_conf, cl_ident)
  write_read_attributes_4: operation(4, [AttributeValueList_4, ClntIdent], AttributeValueList_4, multi), // (values, cl_ident)
  // Device_5
  get_attribute_config_5: operation(5, [DevVarStringArray], AttributeConfigList_5, failed), // (names)
  set_attribute_config_5: operation(5, [AttributeConfigList_5, ClntIdent], nothing, failed), // (new_conf, cl_ident)
  read_attributes_5: operation(5, [DevVarStringArray, DevSource, ClntIdent], AttributeValueList_5, failed), // (names, source, cl_ident)
  write_read_attributes_5: operation(5, [AttributeValueList_4, DevVarStringArray, ClntIdent], AttributeValueList_5, multi), // (values, r_names, cl_ident)
  read_attribute_history_5: operation(5, [string, long], DevAttrHistory_5, failed), // (name, n)
  get_pipe_config_5: operation(5, [DevVarStringArray], PipeConfigList, failed), // (names)
  set_pipe_config_5: operation(5, [PipeConfigList, ClntIdent], nothing, failed), // (new_conf, cl_ident)
  read_pipe_5: operation(5, [string, ClntIdent], DevPipeData, failed), // (name, cl_ident)
  write_pipe_5: operation(5, [DevPipeData, ClntIdent], nothing, failed), // (value, cl_ident)
  write_read_pipe_5: operation(5, [DevPipeData, ClntIdent], DevPipeData, failed), // (value, cl_ident)
  // Device_6
  info_6: operation(6, [], DevInfo_6, failed),
};

export type Operations = typeof operations;
export type OperationName = keyof Operations;
/** The values an operation takes, in order. */
export type OperationArgs<Name extends OperationName> = ArgValues<Operations[Name]["args"]>;
type ArgValues<Args> = { [Index in keyof Args]: Infer<Args[Index]> };
/** What an operation gives; undefined for void. */
export type OperationResult<Name extends OperationName> = Infer<Operations[Name]["result"]>;

const table: Readonly<Record<string, Operation>> = operations;

/** An operation that may not exist, by the name that came in a request. */
export const operationNamed = (name: string): Operation | undefined =>
  Object.hasOwn(table, name) ? table[name] : undefined;

/** Writes the arguments of a call. */
export function writeArgs<Name extends OperationName>(writer: Writer, name: Name, args: OperationArgs<Name>): void {
  const values: readonly unknown[] = args;
  const codecs: readonly Codec<unknown>[] = operations[name].args;
  for (let index = 0; index < codecs.length; index++) codecs[index]!.write(writer, values[index]);
}

/** Reads the arguments of a call. */
export function readArgs<Name extends OperationName>(reader: Reader, name: Name): OperationArgs<Name> {
  const codecs: readonly Codec<unknown>[] = operations[name].args;
  return codecs.map((codec) => codec.read(reader)) as readonly unknown[] as OperationArgs<Name>;
}

/** The repository id of an interface. */
export const interfaceId = (version: IdlVersion): string =>
  version === 1 ? "IDL:Tango/Device:1.0" : `IDL:Tango/Device_${version}:1.0`;

/** What `_is_a` answers for a device of this version: its own interface, those before it, and CORBA::Object. */
export function isA(version: IdlVersion, repositoryId: string): boolean {
  if (repositoryId === "IDL:omg.org/CORBA/Object:1.0") return true;
  const asked = /^IDL:Tango\/Device(?:_([2-6]))?:1\.0$/.exec(repositoryId);
  return asked !== null && Number(asked[1] ?? 1) <= version;
}
