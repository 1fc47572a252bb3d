// SPDX-License-Identifier: MIT
// The BlissWriter device: commands and states around one writing service.
import { blissWriter } from "../../devices/bliss-writer.ts";
import { type DevStateName, devFailed, deviceClass } from "../../tango/index.ts";
import { openDataStore, type ScanStatus, type WritingService, type WritingState, writingService } from "../../writers/index.ts"; // biome-ignore format: one import

const states: Readonly<Record<WritingState, DevStateName>> = {
  INIT: "INIT",
  RUNNING: "ON",
  COMPLETE: "OFF",
  FAILED: "FAULT",
};
/** Warnings that are shown. */
const shownWarnings = 1000;

interface Running {
  readonly service: WritingService;
  readonly owned: AsyncDisposableStack;
}

/** Opening fails, and the device is in FAULT until Init, when the data stream cannot be had. */
export const BlissWriter = deviceClass(blissWriter, async (device) => {
  const warnings: string[] = [];
  let running: Running | undefined;

  const start = async (): Promise<void> => {
    if (running) return;
    await using stack = new AsyncDisposableStack();
    const { redis_url: url, listen, swmr } = device.properties;
    const log = (message: string) => device.log.warn(message);
    const store = stack.use(await openDataStore(url, { log, signal: device.signal }));
    const warn = (message: string, scan: string) => {
      device.log.warn(`${scan}: ${message}`);
      warnings.push(`${scan}: ${message}`);
      if (warnings.length > shownWarnings) warnings.shift();
    };
    const adapter = adapterOf(device.properties.hdf5);
    const options = { name: device.name.toLowerCase(), listen, swmr, warn, ...(adapter && { adapter }) };
    const service = stack.use(await writingService(store, options));
    running = { service, owned: stack.move() };
    device.state = "ON";
    device.status = `Writes ${listen ? "every saved scan" : "the scans it is asked for"} of ${store.connection.url}`;
  };
  const stop = async (): Promise<void> => {
    const stopping = running;
    running = undefined;
    await stopping?.owned.disposeAsync();
    device.state = "OFF";
    device.status = "Stopped: scans are not written until Start. What was begun goes on then";
  };
  const scan = (key: string): ScanStatus | undefined => running?.service.status(key);
  await start();
  return {
    ScansInProgress: () => [...(running?.service.active ?? [])],
    PointsWritten: () => BigInt(running?.service.progress.points ?? 0),
    BytesWritten: () => BigInt(running?.service.progress.bytes ?? 0),
    Lag: () => (running?.service.progress.lag ?? 0) / 1000,
    Warnings: () => warnings,
    Start: start,
    Stop: stop,
    SaveScan: (key) => {
      if (!running)
        throw devFailed("BlissWriter_Stopped", `${device.name} is stopped: call Start before a scan is to be written`);
      return running.service.request(key);
    },
    scan_state: (key) => stateOf(scan(key)),
    scan_state_reason: (key) => scan(key)?.reason ?? "",
    GetWarningCount: (key) => BigInt(scan(key)?.warnings.length ?? 0),
    GetWarning: (text) => {
      const { scan_key: key, index } = warningAsked(text);
      const warning = scan(key)?.warnings[index];
      if (warning === undefined) throw devFailed("BlissWriter_NoSuchWarning", `${key} has no warning ${index}`);
      return warning;
    },
    [Symbol.asyncDispose]: async () => running?.owned.disposeAsync(),
  };
});

const stateOf = (status: ScanStatus | undefined): DevStateName => (status ? states[status.state] : "UNKNOWN");

function adapterOf(text: string): "h5wasm" | "libhdf5" | undefined {
  if (text === "") return undefined;
  if (text === "h5wasm" || text === "libhdf5") return text;
  throw devFailed("BlissWriter_Property", `property hdf5 is "${text}": write h5wasm or libhdf5`);
}

function warningAsked(text: string): { readonly scan_key: string; readonly index: number } {
  try {
    const { scan_key, index } = JSON.parse(text) as { scan_key?: unknown; index?: unknown };
    if (typeof scan_key === "string" && typeof index === "number") return { scan_key, index };
  } catch {
    // said below
  }
  throw devFailed("BlissWriter_Argument", `GetWarning wants {"scan_key": "esrf:scan:...", "index": 0}, not ${text}`);
}
