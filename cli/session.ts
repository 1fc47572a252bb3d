// SPDX-License-Identifier: MIT
// A session file with everything around it: the control system, the data stream, the file writer, what it remembers.
import { homedir } from "node:os";
import { join } from "node:path";
import { loadConfig, type OpenedSession, openSession, type SessionConfig } from "../config/index.ts";
import {
  AxisGroups,
  openAxis,
  openCamera,
  openCounters,
  openGate,
  openScanWriter,
  openSpectrometer,
} from "../devices/index.ts";
import { fileSettings, type Sink, sinksTogether, spooled } from "../scanning/index.ts";
import { type ControlSystem, connect, controlSystem } from "../tango/index.ts";
import { tangoFactories } from "./factories.ts";
import { resolveOurselves } from "./ourselves.ts";
import type { FindDevices } from "./shell/completion.ts";
import { exportedDevices } from "./shell/devices.ts";

/** Without a file: a session without objects; its data go below the working directory. */
const emptySession: SessionConfig = {
  ...{ name: "default", files: [], objects: [], groups: [], chain: [], setup: [] },
  data: { policy: "basic" },
};

export interface OpenedSessionFile extends OpenedSession {
  /** Names of the devices of its control system that begin with a text. */
  readonly devices: FindDevices;
}

/**
 * @param file YAML; undefined: a session without objects
 * @returns the session, and names for scripts and the shell: what the setup scripts export, and the openers of devices
 * @throws ConfigError. A data stream that cannot be reached refuses the first scan
 */
export async function openSessionFile(file: string | undefined): Promise<OpenedSessionFile> {
  resolveOurselves();
  await using stack = new AsyncDisposableStack();
  const config = file === undefined ? emptySession : await loadConfig(file);
  const host = config.tangoHost;
  const system = stack.use(controlSystem(host === undefined ? {} : { host }));
  const settings = await fileSettings(join(stateFolder(), "sessions", `${config.name}.json`));
  const warn = (message: string) => console.error(message);
  const sink = stack.use(recording(config, system, warn));
  const groups = new AxisGroups();
  const factories = tangoFactories(system, groups);
  const opened = stack.use(await openSession(config, { factories, settings, sink, warn }));
  const owned = stack.move();
  return {
    session: opened.session,
    names: { ...openers(system, groups), ...opened.names },
    devices: exportedDevices(system),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/**
 * The data stream and the file writer, which is this program or a BlissWriter device. They are loaded for the first scan: the
 * prompt does not wait for them.
 */
function recording(
  { stream, writer }: SessionConfig,
  system: ControlSystem,
  warn: (message: string) => void,
): Sink & AsyncDisposable {
  const stack = new AsyncDisposableStack();
  const load = async (): Promise<Sink> => {
    const { nexusSink, openDataStore, savedBy, streamSink } = await import("../writers/index.ts");
    const store = stream === undefined ? undefined : stack.use(await openDataStore(stream, { init: true }));
    const spool = (what: string, folder: string, to: Sink, patience?: number) => {
      const options = { what, folder: join(stateFolder(), "spool", folder), warn };
      const sink = stack.use(spooled(to, { ...options, ...(patience !== undefined && { patience }) }));
      const told = (count: number) =>
        count > 0 && warn(`${count} kept scan${count > 1 ? "s" : ""} delivered to ${what}`);
      void sink.deliverLeft().then(told);
      return sink;
    };
    const stored = store && streamSink(store);
    // Asked within the spool: for a scan that is delivered later, or again, too.
    if (stored && writer)
      return spool("the data stream", "stream", savedBy(stack.use(await openScanWriter(writer, { system })), stored, { warn })); // biome-ignore format: one glance
    const published = stored && spool("the data stream", "stream", stored);
    // It waits by itself for a file that another program holds, and says so.
    const file = spool("the file writer", "files", stack.use(await nexusSink()), 15_000);
    return published ? sinksTogether(published, file) : file;
  };
  let loading: Promise<Sink> | undefined;
  return {
    async open(created) {
      loading ??= load();
      const sink = await loading.catch((error: unknown) => {
        loading = undefined; // the next scan tries again
        throw error;
      });
      return sink.open(created);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** Devices that are in no file: `session.add(await openAxis("robx", "demo/motor/robx"))`. */
const openers = (system: ControlSystem, groups: AxisGroups) => ({
  device: (trl: string, options = {}) => connect(trl, { system, ...options }),
  openGate: (name: string, trl: string, options = {}) => openGate(name, trl, { system, ...options }),
  openAxis: (name: string, trl: string, options = {}) => openAxis(name, trl, { system, groups, ...options }),
  openCounters: (trl: string, counters: Parameters<typeof openCounters>[1], options = {}) =>
    openCounters(trl, counters, { system, ...options }),
  openCamera: (name: string, trl: string, options = {}) => openCamera(name, trl, { system, ...options }),
  openSpectrometer: (name: string, trl: string, options = {}) => openSpectrometer(name, trl, { system, ...options }),
});

/** What outlives a session: scan numbers, the history of the shell. */
export const stateFolder = (environment: NodeJS.ProcessEnv = process.env): string =>
  join(environment.XDG_STATE_HOME || join(homedir(), ".local/state"), "bandoneon");
