// SPDX-License-Identifier: MIT
// The Tango database as its clients see it: devices, servers, classes, aliases, properties.
import type { DatabaseCaller, DatabaseCallOptions as Options } from "./caller.ts";
import type { MemberKind, MemberPropertyStore } from "./member-properties.ts";
import { memberPropertyStore } from "./member-properties.ts";
import type { PropertyOwner, PropertyStore } from "./properties.ts";
import { propertyStore } from "./properties.ts";
import type { DeviceImport, DeviceInfo, EventImport, ServerInfo, SqlResult } from "./records.ts";
import { pairs, readEventImport, readImport, readInfo, readServerInfo, readSql } from "./records.ts";
import type { Service } from "./services.ts";
import { deleteService, readServices, writeService } from "./services.ts";
import { Words } from "./words.ts";

export interface DeviceDeclaration {
  /** domain/family/member */
  readonly device: string;
  /** Tango class. */
  readonly class: string;
}

/** All methods take a trailing `{ signal, timeout }`; filters may contain `*`. @throws DevFailed */
export class Database {
  /** Executes any command of the database device, typed by name. */
  readonly call: DatabaseCaller;

  constructor(call: DatabaseCaller) {
    this.call = call;
  }

  // ---- properties
  #properties = (kind: PropertyOwner, owner: string): PropertyStore => propertyStore(this.call, kind, owner);
  #members = (kind: MemberKind, owner: string): MemberPropertyStore => memberPropertyStore(this.call, kind, owner);
  deviceProperties = (device: string) => this.#properties("device", device);
  classProperties = (name: string) => this.#properties("class", name);
  /** Properties of a free object, e.g. `CtrlSystem`. */
  objectProperties = (object: string) => this.#properties("object", object);
  deviceAttributeProperties = (device: string) => this.#members("device attribute", device);
  classAttributeProperties = (name: string) => this.#members("class attribute", name);
  devicePipeProperties = (device: string) => this.#members("device pipe", device);
  classPipeProperties = (name: string) => this.#members("class pipe", name);
  deleteAllAttributeProperties = (device: string, attributes: readonly string[], options?: Options) =>
    this.call("DbDeleteAllDeviceAttributeProperty", [device, ...attributes], options);
  deleteAllPipeProperties = (device: string, pipes: readonly string[], options?: Options) =>
    this.call("DbDeleteAllDevicePipeProperty", [device, ...pipes], options);
  objects = (filter = "*", options?: Options) => this.call("DbGetObjectList", filter, options);

  // ---- devices
  /** Where a device (or alias) can be called. */
  importDevice = async (device: string, options?: Options): Promise<DeviceImport> =>
    readImport(await this.call("DbImportDevice", device, options));
  deviceInfo = async (device: string, options?: Options): Promise<DeviceInfo> =>
    readInfo(await this.call("DbGetDeviceInfo", device, options));
  addDevice = (server: string, { device, class: name }: DeviceDeclaration, options?: Options) =>
    this.call("DbAddDevice", [server, device, name], options);
  deleteDevice = (device: string, options?: Options) => this.call("DbDeleteDevice", device, options);
  exportDevice = (
    { device, ior, host, pid, version }: Pick<DeviceImport, "device" | "ior" | "host" | "pid" | "version">,
    options?: Options,
  ) => this.call("DbExportDevice", [device, ior, host, pid > 0 ? String(pid) : "null", version], options);
  unexportDevice = (device: string, options?: Options) => this.call("DbUnExportDevice", device, options);
  /** Devices of every server, exported or not. */
  devices = (filter = "*", options?: Options) => this.call("DbGetDeviceWideList", filter, options);
  exportedDevices = (filter = "*", options?: Options) => this.call("DbGetDeviceExportedList", filter, options);
  exportedDevicesOfClass = (name: string, options?: Options) =>
    this.call("DbGetExportdDeviceListForClass", name, options);
  /** Devices of a server and a class; each may be `*`. */
  devicesOf = (server: string, name: string, options?: Options) =>
    this.call("DbGetDeviceList", [server, name], options);
  domains = (filter = "*", options?: Options) => this.call("DbGetDeviceDomainList", filter, options);
  /** Families of `domain/*`. */
  families = (filter: string, options?: Options) => this.call("DbGetDeviceFamilyList", filter, options);
  /** Members of `domain/family/*`. */
  members = (filter: string, options?: Options) => this.call("DbGetDeviceMemberList", filter, options);
  classOf = (device: string, options?: Options) => this.call("DbGetClassForDevice", device, options);
  /** The device's class, then the classes it inherits from. */
  classesOf = (device: string, options?: Options) => this.call("DbGetClassInheritanceForDevice", device, options);
  classes = (filter = "*", options?: Options) => this.call("DbGetClassList", filter, options);
  /** Forwarded attributes that lead to a device: device, attribute, root. */
  forwardedAttributes = (device: string, options?: Options) =>
    this.call("DbGetForwardedAttributeListForDevice", device, options);

  // ---- servers
  addServer = (server: string, devices: readonly DeviceDeclaration[], options?: Options) =>
    this.call("DbAddServer", [server, ...devices.flatMap((each) => [each.device, each.class])], options);
  deleteServer = (server: string, options?: Options) => this.call("DbDeleteServer", server, options);
  renameServer = (from: string, to: string, options?: Options) => this.call("DbRenameServer", [from, to], options);
  unexportServer = (server: string, options?: Options) => this.call("DbUnExportServer", server, options);
  /** `Server/instance` names. */
  servers = (filter = "*", options?: Options) => this.call("DbGetServerList", filter, options);
  /** The part before the `/` of every server. */
  serverNames = (filter = "*", options?: Options) => this.call("DbGetServerNameList", filter, options);
  instances = (name: string, options?: Options) => this.call("DbGetInstanceNameList", name, options);
  /** Without the class of its admin device. */
  classesOfServer = async (server: string, options?: Options): Promise<readonly string[]> =>
    (await this.call("DbGetDeviceServerClassList", server, options)).filter((name) => name !== "DServer");
  devicesOfServer = async (server: string, options?: Options): Promise<readonly DeviceDeclaration[]> =>
    pairs(await this.call("DbGetDeviceClassList", server, options)).map(([device, name]) => ({ device, class: name }));
  hosts = (filter = "*", options?: Options) => this.call("DbGetHostList", filter, options);
  serversOfHost = (host: string, options?: Options) => this.call("DbGetHostServerList", host, options);
  /** How Starter treats the servers of a host. */
  serverInfosOfHost = async (host: string, options?: Options): Promise<readonly ServerInfo[]> => {
    const words = new Words(await this.call("DbGetHostServersInfo", host, options), "DbGetHostServersInfo");
    const found: ServerInfo[] = [];
    while (!words.atEnd) found.push(readServerInfo([words.next(), host, words.next(), words.next()]));
    return found;
  };
  serverInfo = async (server: string, options?: Options): Promise<ServerInfo> =>
    readServerInfo(await this.call("DbGetServerInfo", server, options));
  putServerInfo = ({ server, host, mode, level }: ServerInfo, options?: Options) =>
    this.call("DbPutServerInfo", [server, host, String(mode), String(level)], options);
  deleteServerInfo = (server: string, options?: Options) => this.call("DbDeleteServerInfo", server, options);
  /** Everything a server needs to start, as the strings of the command. */
  serverCache = (server: string, host: string, options?: Options) =>
    this.call("DbGetDataForServerCache", [server, host], options);

  // ---- services
  /** Devices that are found by what they do, e.g. `{ name: "AccessControl", instance: "tango", device }`. */
  services = (options?: Options): Promise<readonly Service[]> =>
    readServices(this.objectProperties("CtrlSystem"), options);
  registerService = (service: Service, options?: Options): Promise<void> =>
    writeService(this.objectProperties("CtrlSystem"), service, options);
  unregisterService = (service: Omit<Service, "device">, options?: Options): Promise<void> =>
    deleteService(this.objectProperties("CtrlSystem"), service, options);

  // ---- aliases
  putAlias = (device: string, alias: string, options?: Options) =>
    this.call("DbPutDeviceAlias", [device, alias], options);
  deleteAlias = (alias: string, options?: Options) => this.call("DbDeleteDeviceAlias", alias, options);
  aliasOf = (device: string, options?: Options) => this.call("DbGetDeviceAlias", device, options);
  deviceOfAlias = (alias: string, options?: Options) => this.call("DbGetAliasDevice", alias, options);
  aliases = (filter = "*", options?: Options) => this.call("DbGetDeviceAliasList", filter, options);
  /** `attribute` is domain/family/member/attribute. */
  putAttributeAlias = (attribute: string, alias: string, options?: Options) =>
    this.call("DbPutAttributeAlias", [attribute, alias], options);
  deleteAttributeAlias = (alias: string, options?: Options) => this.call("DbDeleteAttributeAlias", alias, options);
  attributeOfAlias = (alias: string, options?: Options) => this.call("DbGetAttributeAlias", alias, options);
  /** Empty when the attribute has none. */
  aliasOfAttribute = (attribute: string, options?: Options) => this.call("DbGetAttributeAlias2", attribute, options);
  attributeAliases = (filter = "*", options?: Options) => this.call("DbGetAttributeAliasList", filter, options);

  // ---- events and the rest
  exportEvent = ({ channel, ior, host, pid, version }: EventImport, options?: Options) =>
    this.call("DbExportEvent", [channel, ior, host, String(pid), version], options);
  unexportEvent = (channel: string, options?: Options) => this.call("DbUnExportEvent", channel, options);
  importEvent = async (channel: string, options?: Options): Promise<EventImport> =>
    readEventImport(await this.call("DbImportEvent", channel, options));
  /** Lines of text about the database's content. */
  info = (options?: Options) => this.call("DbInfo", undefined, options);
  /** `host:port` of every database server of the control system. */
  databaseServers = (options?: Options) => this.call("DbGetCSDbServerList", undefined, options);
  /** A SELECT on the database's own tables. */
  select = async (sql: string, options?: Options): Promise<SqlResult> =>
    readSql(await this.call("DbMySqlSelect", sql, options));
}
