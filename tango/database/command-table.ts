// SPDX-License-Identifier: MIT
// The commands of the Tango database device (class DataBase), with the types of their argument and result.
import type { TangoType } from "../idl/tango-types.ts";
import { DevString, DevVarLongStringArray, DevVarStringArray, DevVoid } from "../idl/tango-types.ts";

export interface DatabaseCommandTypes<In = unknown, Out = unknown> {
  readonly input: TangoType<In>;
  readonly output: TangoType<Out>;
}
const command = <In, Out>(input: TangoType<In>, output: TangoType<Out>): DatabaseCommandTypes<In, Out> => ({
  input,
  output,
});

const nothing = command(DevVoid, DevVoid);
const put = command(DevVarStringArray, DevVoid);
const drop = command(DevString, DevVoid);
const text = command(DevString, DevString);
const list = command(DevString, DevVarStringArray);
const query = command(DevVarStringArray, DevVarStringArray);
const report = command(DevVoid, DevVarStringArray);
const record = command(DevString, DevVarLongStringArray);

/** Every command of DataBaseds 5.x (Tango 9 and 10), by name. */
export const databaseCommands = {
  DbAddDevice: put,
  DbAddServer: put,
  DbDeleteAllDeviceAttributeProperty: put,
  DbDeleteAllDevicePipeProperty: put,
  DbDeleteAttributeAlias: drop,
  DbDeleteClassAttribute: put,
  DbDeleteClassAttributeProperty: put,
  DbDeleteClassPipe: put,
  DbDeleteClassPipeProperty: put,
  DbDeleteClassProperty: put,
  DbDeleteDevice: drop,
  DbDeleteDeviceAlias: drop,
  DbDeleteDeviceAttribute: put,
  DbDeleteDeviceAttributeProperty: put,
  DbDeleteDevicePipe: put,
  DbDeleteDevicePipeProperty: put,
  DbDeleteDeviceProperty: put,
  DbDeleteProperty: put,
  DbDeleteServer: drop,
  DbDeleteServerInfo: drop,
  DbExportDevice: put,
  DbExportEvent: put,
  DbGetAliasAttribute: text,
  DbGetAliasDevice: text,
  DbGetAttributeAlias: text,
  DbGetAttributeAlias2: text,
  DbGetAttributeAliasList: list,
  DbGetCSDbServerList: report,
  DbGetClassAttributeList: query,
  DbGetClassAttributeProperty: query,
  DbGetClassAttributeProperty2: query,
  DbGetClassAttributePropertyHist: query,
  DbGetClassForDevice: text,
  DbGetClassInheritanceForDevice: list,
  DbGetClassList: list,
  DbGetClassPipeList: query,
  DbGetClassPipeProperty: query,
  DbGetClassPipePropertyHist: query,
  DbGetClassProperty: query,
  DbGetClassPropertyHist: query,
  DbGetClassPropertyList: list,
  DbGetDataForServerCache: query,
  DbGetDeviceAlias: text,
  DbGetDeviceAliasList: list,
  DbGetDeviceAttributeList: query,
  DbGetDeviceAttributeProperty: query,
  DbGetDeviceAttributeProperty2: query,
  DbGetDeviceAttributePropertyHist: query,
  DbGetDeviceClassList: list,
  DbGetDeviceDomainList: list,
  DbGetDeviceExportedList: list,
  DbGetDeviceFamilyList: list,
  DbGetDeviceInfo: record,
  DbGetDeviceList: query,
  DbGetDeviceMemberList: list,
  DbGetDevicePipeList: query,
  DbGetDevicePipeProperty: query,
  DbGetDevicePipePropertyHist: query,
  DbGetDeviceProperty: query,
  DbGetDevicePropertyHist: query,
  DbGetDevicePropertyList: query,
  DbGetDeviceServerClassList: list,
  DbGetDeviceWideList: list,
  DbGetExportdDeviceListForClass: list,
  DbGetForwardedAttributeListForDevice: list,
  DbGetHostList: list,
  DbGetHostServerList: list,
  DbGetHostServersInfo: list,
  DbGetInstanceNameList: list,
  DbGetObjectList: list,
  DbGetProperty: query,
  DbGetPropertyHist: query,
  DbGetPropertyList: query,
  DbGetServerInfo: list,
  DbGetServerList: list,
  DbGetServerNameList: list,
  DbImportDevice: record,
  DbImportEvent: record,
  DbInfo: report,
  DbMySqlSelect: record,
  DbPutAttributeAlias: put,
  DbPutClassAttributeProperty: put,
  DbPutClassAttributeProperty2: put,
  DbPutClassPipeProperty: put,
  DbPutClassProperty: put,
  DbPutDeviceAlias: put,
  DbPutDeviceAttributeProperty: put,
  DbPutDeviceAttributeProperty2: put,
  DbPutDevicePipeProperty: put,
  DbPutDeviceProperty: put,
  DbPutProperty: put,
  DbPutServerInfo: put,
  DbRenameServer: put,
  DbUnExportDevice: drop,
  DbUnExportEvent: drop,
  DbUnExportServer: drop,
  Init: nothing,
  ResetTimingValues: nothing,
} as const;

export type DatabaseCommand = keyof typeof databaseCommands;
type Types = typeof databaseCommands;
/** `DbGetDeviceProperty` takes strings, `DbImportDevice` a string... */
export type DatabaseArgument<N extends DatabaseCommand> =
  Types[N] extends DatabaseCommandTypes<infer In, infer _Out>
    ? In extends readonly string[]
      ? readonly string[]
      : In
    : never;
export type DatabaseResult<N extends DatabaseCommand> =
  Types[N] extends DatabaseCommandTypes<infer _In, infer Out> ? Out : never;
