// SPDX-License-Identifier: MIT
// Monitoring scans: counters read again and again in the background, while nothing else is measured.
import { delay } from "../chain/delay.ts";
import { nearest, ScanArgumentError, StopScan } from "../errors.ts";
import type { ScanOptions } from "../plan.ts";
import type { ChainPreset } from "../presets.ts";
import type { Readable } from "../protocols.ts";
import type { ScanRun } from "../run.ts";
import { Scan, timePlan } from "../scan.ts";
import type { Session } from "./session.ts";

export interface MonitoringOptions extends Pick<ScanOptions, "sleepTime" | "save" | "scanInfo"> {
  /** 0: until stopped. */
  readonly npoints?: number;
}

export interface Monitoring {
  readonly name: string;
  /** The newest run; undefined until it was started for the first time. */
  readonly run: ScanRun;
}

/** All monitoring scans of a session, by name. */
export interface MonitoringScans {
  /**
   * Counts for `countTime` seconds every `sleepTime` (default 1), unsaved, published like any scan. While another scan of the
   * session runs it waits between two of its points.
   * @throws ScanArgumentError when one of that name runs already
   */
  start(name: string, countTime: number, read: readonly Readable[], options?: MonitoringOptions): ScanRun;
  /** Starts a stopped one again, as it was defined: as a new scan. */
  restart(name: string): ScanRun;
  /** Ends it after its point; without a name, all. */
  stop(name?: string): Promise<void>;
  /** Stops it and forgets it; without a name, all. */
  clean(name?: string): Promise<void>;
  readonly all: readonly Monitoring[];
}

export function monitoringScans(session: Session): MonitoringScans {
  const known = new Map<string, Known>();
  const named = (name: string) => {
    const found = known.get(name);
    if (found) return found;
    const near = nearest(name, known.keys());
    throw new ScanArgumentError(`no monitoring scan named ${name}${near ? `; did you mean ${near}?` : ""}`);
  };
  const begin = (name: string, scan: Scan, sleepTime: number): ScanRun => {
    if (known.get(name)?.running)
      throw new ScanArgumentError(`monitoring scan ${name} runs already; stop_monitoring("${name}") ends it`);
    const stopping = new AbortController();
    const run = session.startBackground(scan, { chainPresets: [paced(session, sleepTime, stopping.signal)] });
    const one: Known = { scan, sleepTime, run, stopping, running: true };
    known.set(name, one);
    void run.ended.then(() => {
      one.running = false;
    });
    return run;
  };
  const stop: MonitoringScans["stop"] = async (name) => {
    const meant = name === undefined ? [...known.values()] : [named(name)];
    for (const { run, stopping } of meant) {
      run.stop();
      stopping.abort(new StopScan("monitoring stopped"));
    }
    await Promise.all(meant.map(({ run }) => run.ended));
  };
  return {
    start(name, countTime, read, { npoints = 0, sleepTime = 1, save = false, ...rest } = {}) {
      const scanInfo = { sleep_time: sleepTime, ...rest.scanInfo };
      const options = { name, title: `${name} (monitoring)`, save, scanInfo };
      return begin(name, new Scan(timePlan("timescan", npoints, countTime, read, options)), sleepTime);
    },
    restart: (name) => begin(name, named(name).scan, named(name).sleepTime),
    stop,
    async clean(name) {
      await stop(name);
      if (name === undefined) known.clear();
      else known.delete(name);
    },
    get all() {
      return [...known].map(([name, { run }]) => ({ name, run }));
    },
  };
}

interface Known {
  readonly scan: Scan;
  readonly sleepTime: number;
  readonly run: ScanRun;
  readonly stopping: AbortController;
  running: boolean;
}

/** Sleeps between two points, and holds the scan there while the session measures something else. */
function paced(session: Session, sleepTime: number, stopping: AbortSignal): ChainPreset {
  let signal = stopping;
  return {
    prepare: (scan) => {
      signal = AbortSignal.any([stopping, scan.signal]);
    },
    iteration: {
      start: async (point) => {
        if (point > 0) await delay(sleepTime * 1000, signal);
        await session.quiet(signal);
      },
    },
  };
}
