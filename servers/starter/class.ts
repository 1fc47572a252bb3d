// SPDX-License-Identifier: MIT
// The Starter as a device class. What is watched and what is being started outlives Init, which only reads the properties
// again: a device server must not be forgotten because a number changed.
import { setTimeout } from "node:timers/promises";
import { devFailed } from "../../tango/errors.ts";
import { devStates } from "../../tango/idl/tango-types.ts";
import { type ControlSystem, type Device, deviceClass, type Handlers, type ServableClass } from "../../tango/index.ts";
import type { PropertyValues } from "../../tango/interface.ts";
import type { Settings } from "./host.ts";
import { serverLine } from "./host-state.ts";
import { starter } from "./interface.ts";
import { type LogFiles, logFiles } from "./log-files.ts";
import { rounds } from "./rounds.ts";
import { Supervisor } from "./supervisor.ts";
import { thisHost } from "./this-host.ts";

type Properties = PropertyValues<typeof starter>;

/** Milliseconds between two looks at the servers. */
const pause = 1_000;

/** What stays while the process lives: the supervisor, on the properties of the last Init. */
interface Watch {
  properties: Properties;
  logs: LogFiles;
  readonly supervisor: Supervisor;
}

/** The class, and the note of the Starter's end when it is disposed. */
export interface StarterClass extends Disposable {
  readonly deviceClass: ServableClass;
}

export interface StarterOptions {
  readonly system: ControlSystem;
  /** The names servers of this host, or of its cluster, are listed under in the database. */
  readonly hosts: readonly string[];
  /** AutoRestartDuration is in seconds, to see it work. */
  readonly hurried?: boolean;
}

export function starterClass(options: StarterOptions): StarterClass {
  let watch: Watch | undefined;
  const served = deviceClass(starter, async (device) => {
    const logs = logFiles(device.properties.LogFileHome, device.properties.KeepLogFiles);
    const first = watch === undefined;
    const here = (watch ??= openWatch(options, device.properties, logs));
    Object.assign(here, { properties: device.properties, logs });
    if (first) logs.note("Starter startup");
    const look = looking(device, here.supervisor);
    await look.round();
    const { soon, ended } = rounds(look.round, pause, device.signal);
    if (first && device.properties.StartServersAtStartup) void boot(device, here.supervisor).finally(soon);
    const handlers = handlersOf(device, here, () => {
      look.stale();
      soon();
    });
    return { ...handlers, [Symbol.asyncDispose]: () => ended };
  });
  return { deviceClass: served, [Symbol.dispose]: () => watch?.logs.note("Starter shutdown") };
}

function openWatch({ system, hosts: names, hurried }: StarterOptions, properties: Properties, logs: LogFiles): Watch {
  const paths = () => watch.properties.StartDsPath;
  const host = thisHost({ system, names, logs: () => watch.logs, paths });
  const settings: Settings = {
    get autoRestart() {
      return watch.properties.AutoRestartDuration / (hurried ? 60 : 1);
    },
    get startupTimeout() {
      return Math.max(30, watch.properties.ServerStartupTimeout);
    },
    get levelWait() {
      return watch.properties.InterStartupLevelWait;
    },
    get movingMax() {
      return watch.properties.MovingMaxDuration;
    },
    get levels() {
      return watch.properties.NbStartupLevels;
    },
  };
  const watch: Watch = { properties, logs, supervisor: new Supervisor(host, settings) };
  return watch;
}

/** One look at the database, when it is due, and at every server; the device shows what was found. */
function looking(device: Device<typeof starter>, watched: Supervisor) {
  let due = 0;
  const round = async () => {
    try {
      if (Date.now() >= due) {
        await watched.refresh();
        due = Date.now() + Math.max(1, device.properties.ReadInfoDbPeriod) * 1000;
      }
      await watched.check();
    } catch (error) {
      device.log.error(
        `looking at the servers failed, trying again: ${error instanceof Error ? error.message : error}`,
      );
    }
    show(device, watched);
  };
  return { round, stale: () => void (due = 0) };
}

function show(device: Device<typeof starter>, watched: Supervisor): void {
  const { state, status } = watched.state;
  if (device.state !== state) device.state = state;
  if (status !== undefined) device.status = status;
}

async function boot(device: Device<typeof starter>, watched: Supervisor): Promise<void> {
  try {
    await setTimeout(device.properties.WaitForDriverStartup * 1000, undefined, { ref: false });
    await watched.startAll();
  } catch (error) {
    device.log.error(`starting the servers failed: ${error instanceof Error ? error.message : error}`);
  }
}

/** `lookAgain` reads the list of servers and looks at them at once. */
function handlersOf(device: Device<typeof starter>, watch: Watch, lookAgain: () => void): Handlers<typeof starter> {
  const watched = watch.supervisor;
  const names = (running: boolean, all = true) =>
    watched.servers
      .filter(({ state, controlled }) => (state === "ON") === running && (all || controlled))
      .map(({ name }) => name);
  const shown = <T>(done: T): T => {
    show(device, watched);
    return done;
  };
  return {
    NotifdState: () => "ON" as const,
    HostState: () => devStates.indexOf(device.state),
    RunningServers: () => names(true),
    StoppedServers: () => names(false),
    Servers: () => watched.servers.map(serverLine),
    DevStart: (server) => shown(watched.start(server)),
    DevStop: (server) => watched.stop(server),
    DevStartAll: (level) => shown(watched.startLevel(level)),
    DevStopAll: (level) => watched.stopLevel(level),
    DevGetRunningServers: (all) => names(true, all),
    DevGetStopServers: (all) => names(false, all),
    DevReadLog: (what) => watch.logs.read(what),
    HardKillServer: (server) => watched.hardKill(server),
    NotifyDaemonState: () => {
      const origin = "Starter::notify_daemon_state()";
      throw devFailed("NOTIFY_NOT_AVAILABLE", "Notify Daemon control is disabled", origin);
    },
    ResetStatistics: () => watch.logs.reset(watched.statistics),
    UpdateServersInfo: lookAgain,
  };
}
