// SPDX-License-Identifier: MIT
// A server inside a program: for tests, and for programs that are more than a server.
import type { ControlSystem, TangoEnvironment } from "../client/index.ts";
import { connect, controlSystem, tangoEnvironment } from "../client/index.ts";
import { DevString, DevVarStringArray } from "../idl/tango-types.ts";
import { command, defineInterface } from "../interface.ts";
import { type Transport, tcp, unix } from "../transport/index.ts";
import type { ServableClass } from "./class.ts";
import { type DeviceInput, MemoryDatabase, storeOf } from "./database/memory.ts";
import type { ServerDatabase, ServerRecord } from "./database/port.ts";
import { TangoDatabase } from "./database/tango.ts";
import type { SerialModel } from "./device/monitor.ts";
import { hostAddresses } from "./endpoint.ts";
import { type Level, verboseLevel } from "./logging/levels.ts";
import type { ServerParts } from "./parts.ts";
import { TangoServer } from "./server.ts";
import type { Device } from "./types.ts";

export interface StartOptions {
  /** Server/instance. */
  readonly server: string;
  readonly classes: readonly ServableClass[];
  /** Without a database: the devices of each class, with their properties. */
  readonly devices?: DeviceInput;
  /** The Tango database as `host:port`, or any keeper of configuration. */
  readonly database?: string | ServerDatabase;
  /** The address to listen on and to tell clients; default 127.0.0.1, "" for every interface. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  readonly transport?: Transport;
  readonly serialModel?: SerialModel;
  /** Further object keys of devices: `{ database: "sys/database/2" }`. */
  readonly objectKeys?: Readonly<Record<string, string>>;
  /** Log level as `-v` gives it, default 0. */
  readonly verbosity?: number;
  /** Where the server tells of trouble; default stderr. */
  readonly write?: (text: string) => void;
  /** Path of a unix-domain socket to listen on too, for omniORB clients of this host. */
  readonly unixSocket?: string;
  /** Called with what the database knows, before anything is exported. @throws when the server must not start. */
  readonly checkRunning?: (record: ServerRecord) => Promise<void>;
  /** Where variables such as TANGO_LOG_PATH are looked up; default the process's. */
  readonly env?: TangoEnvironment;
}

export interface RunningServer extends AsyncDisposable {
  /** Server/instance. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** Resolves when a client has asked the server to end (Kill); disposing is the program's part. */
  readonly killed: Promise<void>;
  /** What clients connect to: `tango://host:port/dom/fam/mem#dbase=no`, or the name alone with a database. */
  trl(device: string): string;
  /** The reference of a device, as `IOR:...`. */
  ior(device: string): string;
  /** The device as its class sees it. @throws TypeError when the server has none of this name. */
  device(name: string): Device;
}

const logConsumer = defineInterface({ name: "LogConsumer", commands: { Log: command(DevVarStringArray, DevString) } });

/** Opens a log consumer through the control system; messages go without waiting for each other. */
export const consumerOf =
  (system: () => ControlSystem): ServerParts["consumer"] =>
  async (device) => {
    const proxy = await connect(logConsumer, device, { system: system() });
    return (words) => void proxy.untyped.call("Log", [...words]).catch(() => {});
  };

/** Starts a server in this process. Nothing outside it is needed unless a database is given. */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  await using resources = new AsyncDisposableStack();
  const { database, system } = databaseOf(options, resources);
  const { host = "127.0.0.1", port = 0 } = options;
  const verbose: Level = verboseLevel(options.verbosity ?? 0);
  const [first = "127.0.0.1", ...others] = host ? [host] : hostAddresses();
  const env = options.env ?? tangoEnvironment();
  const events = { addresses: [first, ...others], ...(host && { host }), ...eventOptions(env) };
  const logFolder = env("TANGO_LOG_PATH");
  const owned = resources.move();
  const server = new TangoServer({
    server: options.server,
    classes: options.classes,
    database,
    transport: options.transport ?? tcp(),
    address: { host, port },
    host: first,
    serialModel: options.serialModel ?? "BY_DEVICE",
    events,
    telemetry: /^(on|true|1)$/i.test(env("TANGO_TELEMETRY_ENABLE") ?? ""),
    logging: {
      ...(options.verbosity && { verbose, isAdminVerbose: options.verbosity >= 5 }),
      ...(logFolder && { folder: logFolder }),
    },
    system,
    consumer: consumerOf(system),
    write: options.write ?? ((text) => void process.stderr.write(text)),
    objectKeys: options.objectKeys ?? {},
    ...(options.unixSocket && { localTransport: unix(), localAddress: { path: options.unixSocket } }),
    ...(options.checkRunning && { checkRunning: options.checkRunning }),
    release: () => owned.disposeAsync(),
  });
  try {
    await server.start();
  } catch (error) {
    await server[Symbol.asyncDispose]();
    throw error;
  }
  return running(server);
}

/** What the environment says of the sockets events go out by. @throws Error naming the variable that is no such number. */
function eventOptions(env: TangoEnvironment): Partial<ServerParts["events"]> {
  const number = (name: string, most: number): number | undefined => {
    const text = env(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (Number.isInteger(value) && value >= 1 && value <= most) return value;
    throw new Error(`${name} is "${text}": a number from 1 to ${most} is needed`);
  };
  const eventPort = number("TANGO_ZMQ_EVENT_PORT", 65_535);
  const heartbeatPort = number("TANGO_ZMQ_HEARTBEAT_PORT", 65_535);
  const highWaterMark = number("TANGO_DS_EVENT_BUFFER_HWM", 1_000_000);
  return {
    ...(eventPort && { eventPort }),
    ...(heartbeatPort && { heartbeatPort }),
    ...(highWaterMark && { highWaterMark }),
  };
}

function databaseOf({ database, devices, env }: StartOptions, resources: AsyncDisposableStack) {
  let shared: ControlSystem | undefined;
  const host = typeof database === "string" ? database : undefined;
  const system = () => (shared ??= resources.use(controlSystem({ host, env })));
  if (typeof database === "string") return { database: resources.use(new TangoDatabase(system())), system };
  return { database: database ?? new MemoryDatabase(storeOf(devices ?? {})), system };
}

function running(server: TangoServer): RunningServer {
  const { host, port } = server.advertised;
  return {
    name: server.name,
    host,
    port,
    killed: server.killed,
    trl: (device) => (server.database.kind === "tango" ? device : `tango://${host}:${port}/${device}#dbase=no`),
    ior: (device) => server.ior(device),
    device: (name) => {
      const api = server.device(name)?.api;
      if (api) return api;
      throw new TypeError(`server ${server.name} has no device ${name}`);
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
