// SPDX-License-Identifier: MIT
// The main function of a device server process: command line, database, signals, messages and exit codes as Tango's tools
// expect them.
import { mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { type ControlSystem, connect, controlSystem, tangoEnvironment } from "../client/index.ts";
import { DevFailed } from "../errors.ts";
import type { ServableClass } from "./class.ts";
import {
  devicesByClass,
  InstancesWanted,
  parseArguments,
  type ServerArguments,
  UsageError,
  usage,
} from "./command-line.ts";
import { showCommandLine } from "./command-line-shown.ts";
import { FileDatabase } from "./database/file.ts";
import { MemoryDatabase, storeOf } from "./database/memory.ts";
import { type ServerDatabase, ServerNotDefined, type ServerRecord } from "./database/port.ts";
import { TangoDatabase } from "./database/tango.ts";
import type { SerialModel } from "./device/monitor.ts";
import { type RunningServer, type StartOptions, startServer } from "./start.ts";

export interface ServeOptions {
  /** The executable's name as Tango knows it, e.g. "SimulatedMotor". */
  readonly server: string;
  readonly classes: readonly ServableClass[];
  /** What follows the program on its command line; default the process's. */
  readonly args?: readonly string[];
  readonly serialModel?: SerialModel;
  /** Where the server's configuration is, when it is neither the Tango database nor what the command line says. */
  readonly start?: (
    args: ServerArguments,
    resources: AsyncDisposableStack,
  ) => Promise<Pick<StartOptions, "database" | "objectKeys" | "host" | "port">>;
}

/** Why a server does not start, in the words its users know; the process ends with status 255. */
class Refused extends Error {}

/**
 * Runs a device server until it is told to end (SIGINT, SIGTERM, Kill), then closes its devices and ends the process.
 * Prints `Ready to accept request` when clients can connect. Ends with status 255 when it cannot start, saying why.
 */
export async function serve(options: ServeOptions): Promise<void> {
  const args = options.args ?? process.argv.slice(2);
  let running: RunningServer;
  await using resources = new AsyncDisposableStack();
  try {
    const parsed = parseArguments(options.server, args);
    showCommandLine([options.server, ...args]);
    running = resources.use(await startServer(await startOptions(options, parsed, resources)));
  } catch (error) {
    await refuse(options.server, error);
    return;
  }
  // Whoever reads this line may send a signal at once.
  const end = told(running);
  console.log("Ready to accept request");
  await end;
}

async function startOptions(
  { server, classes, serialModel, start }: ServeOptions,
  args: ServerArguments,
  resources: AsyncDisposableStack,
): Promise<StartOptions> {
  const name = `${server}/${args.instance}`;
  const { host = "", port = 0 } = args.endpoint ?? {};
  const common = { server: name, classes, host, port, verbosity: args.verbosity, ...(serialModel && { serialModel }) };
  if (start) return { ...common, ...(await start(args, resources)) };
  if (args.file !== undefined || args.withoutDatabase) {
    if (!args.endpoint) throw new UsageError(`Missing ORB endPoint specification\n${usage(server)}`);
    return { ...common, database: await localDatabase(args, name, classes) };
  }
  const system = resources.use(controlSystem({ env: tangoEnvironment() }));
  return {
    ...common,
    database: new TangoDatabase(system),
    unixSocket: unixSocketPath(),
    checkRunning: (record) => refuseSecond(system, name, record),
  };
}

async function localDatabase(
  args: ServerArguments,
  name: string,
  classes: readonly ServableClass[],
): Promise<ServerDatabase> {
  if (args.file !== undefined) return FileDatabase.open(args.file, name);
  return new MemoryDatabase(
    storeOf(
      devicesByClass(
        args.devices,
        classes.map(({ definition }) => definition.name),
      ) as never,
    ),
  );
}

/** Where same-host clients of omniORB look for a socket: a folder of the user's, a name of the process's. */
function unixSocketPath(): string {
  const folder = join(tmpdir(), `omni-${userInfo().username}`);
  mkdirSync(folder, { recursive: true, mode: 0o755 });
  return join(folder, `${String(process.pid).padStart(9, "0")}-${Math.floor(Date.now() / 1000)}`);
}

/** A database that says the server runs may be wrong: only an admin device that answers is proof. */
async function refuseSecond(system: ControlSystem, name: string, record: ServerRecord): Promise<void> {
  if (!record.running) return;
  try {
    await using admin = await connect(`dserver/${name}`, { system, timeout: 3000 });
    await admin.ping();
  } catch {
    return;
  }
  throw new Refused("This server is already running, exiting!");
}

async function refuse(server: string, error: unknown): Promise<void> {
  process.exitCode = 255;
  if (error instanceof InstancesWanted) {
    console.error(`usage :  ${server} instance_name [-v[trace level]] [-nodb [-dlist <device name list>]]`);
    console.error(`Instance name defined in database for server ${server} :`);
    await using system = controlSystem({ env: tangoEnvironment() });
    const names = await system
      .database()
      .instances(server)
      .catch(() => []);
    for (const name of names) console.error(`\t${name}`);
  } else if (error instanceof ServerNotDefined) {
    const name = `${server}/${process.argv[2] ?? ""}`;
    console.error(`The device server ${name} is not defined in database. Exiting!`);
  } else if (error instanceof UsageError || error instanceof Refused) {
    console.error(error.message);
  } else if (
    error instanceof DevFailed &&
    /^API_(CantConnectToDatabase|CorbaException|TangoHostNotSet)$/.test(error.reason)
  ) {
    console.error(`Can't build connection to TANGO database server, exiting\n${error.message}`);
  } else {
    console.error(`${server} cannot start: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Resolves when the server is to end. A second signal ends the process at once. */
async function told(running: RunningServer): Promise<void> {
  const signals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;
  const { promise: signalled, resolve } = Promise.withResolvers<void>();
  for (const signal of signals) process.once(signal, () => resolve());
  await Promise.race([signalled, running.killed]);
  for (const signal of signals) process.on(signal, () => process.exit(1));
  // Whatever a device left open must not keep the process: it has had its time to close.
  setTimeout(() => process.exit(), 5_000).unref();
}
