// SPDX-License-Identifier: MIT
// What a server asks of where its configuration is kept: the Tango database, a file, or nothing.

/** Property name -> values. */
export type PropertyRows = Readonly<Record<string, readonly string[]>>;
/** Attribute (or pipe) name -> its properties. */
export type MemberRows = Readonly<Record<string, PropertyRows>>;

const NO_ROWS: PropertyRows = {};
/** The properties of a member; names ignore case. */
export const namesIgnoreCase = (rows: MemberRows, name: string) => {
  if (Object.hasOwn(rows, name)) return rows[name] ?? NO_ROWS;
  const key = name.toLowerCase();
  for (const candidate in rows) if (candidate.toLowerCase() === key) return rows[candidate] ?? NO_ROWS;
  return NO_ROWS;
};

export interface DeviceRecord {
  /** In the database's spelling. */
  readonly name: string;
  readonly properties: PropertyRows;
  readonly attributes: MemberRows;
  readonly pipes: MemberRows;
}

export interface ClassRecord {
  readonly name: string;
  readonly properties: PropertyRows;
  readonly attributes: MemberRows;
  readonly pipes: MemberRows;
  readonly devices: readonly DeviceRecord[];
}

/** All a server needs to know before it starts. */
export interface ServerRecord {
  readonly classes: readonly ClassRecord[];
  /** Of the admin device. */
  readonly admin: PropertyRows;
  /** Of the class DServer: AllowedAccessCmd. */
  readonly adminClass: PropertyRows;
  /** Of the object CtrlSystem. */
  readonly controlSystem: PropertyRows;
  /** IOR of the admin device when the database thinks that the server runs. */
  readonly running?: string;
}

export interface DeviceExport {
  readonly name: string;
  readonly ior: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
}

export interface ServerDatabase extends AsyncDisposable {
  readonly kind: "tango" | "file" | "none";
  /** `host:port` of the Tango database as it stands in names of devices and topics; undefined without one. */
  readonly host: string | undefined;

  /** @throws DevFailed or ServerNotDefined when the server is unknown. */
  load(server: string, host: string): Promise<ServerRecord>;
  /** Registers the devices; the last one after all others. */
  exportDevices(devices: readonly DeviceExport[]): Promise<void>;
  unexportServer(server: string): Promise<void>;
  /** Instances of an executable, for `-?`. */
  instances(executable: string): Promise<readonly string[]>;

  deviceProperties(device: string, names: readonly string[]): Promise<PropertyRows>;
  putDeviceProperties(device: string, rows: PropertyRows): Promise<void>;
  deleteDeviceProperties(device: string, names: readonly string[]): Promise<void>;
  putAttributeProperties(device: string, attribute: string, rows: PropertyRows): Promise<void>;
  deleteAttributeProperties(device: string, attribute: string, names: readonly string[]): Promise<void>;
  putPipeProperties(device: string, pipe: string, rows: PropertyRows): Promise<void>;
  deletePipeProperties(device: string, pipe: string, names: readonly string[]): Promise<void>;

  /** The IOR of a device of any server, and its name; undefined when it is not exported. */
  importDevice(name: string): Promise<{ readonly name: string; readonly ior: string } | undefined>;
}

/** The database does not know the server. */
export class ServerNotDefined extends Error {
  override readonly name = "ServerNotDefined";
}
