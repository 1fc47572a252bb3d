// SPDX-License-Identifier: MIT
// The Tango database from its clients' side.
export type { DatabaseCaller, DatabaseCallOptions } from "./caller.ts";
export type { DatabaseArgument, DatabaseCommand, DatabaseCommandTypes, DatabaseResult } from "./command-table.ts";
export { databaseCommands } from "./command-table.ts";
export type { DeviceDeclaration } from "./database.ts";
export { Database } from "./database.ts";
export type { MemberPropertyChange, MemberPropertyStore, Properties } from "./member-properties.ts";
export type { PropertyChange, PropertyStore } from "./properties.ts";
export { matches } from "./properties.ts";
export type { DeviceImport, DeviceInfo, EventImport, ServerInfo, SqlResult } from "./records.ts";
export type { Service } from "./services.ts";
