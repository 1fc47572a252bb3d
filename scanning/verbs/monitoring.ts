// SPDX-License-Identifier: MIT
// start_monitoring, stop_monitoring, clean_monitoring, lsmonitoring: counters read in the background.
import { ScanArgumentError } from "../errors.ts";
import type { Readable } from "../protocols.ts";
import type { MonitoringOptions } from "../session/monitoring.ts";
import { split } from "../standard.ts";
import { checkNumber } from "../trajectory.ts";
import type { Desk } from "./desk.ts";

export interface MonitoringVerbs {
  /** Counts again and again in the background, while no other scan runs; `{ sleepTime: 1, npoints: 0, save: false }`. */
  start_monitoring(name: string, countTime: number, ...counters: (Readable | MonitoringOptions)[]): Promise<void>;
  /** Ends it after its point; without a name, all. */
  stop_monitoring(name?: string): Promise<void>;
  /** Stops and forgets it; without a name, all. */
  clean_monitoring(name?: string): Promise<void>;
  /** The monitoring scans, and how many points they have. */
  lsmonitoring(): void;
}

export function monitoringVerbs(desk: Desk): MonitoringVerbs {
  const { monitoring } = desk.session;
  return {
    start_monitoring: async (name, countTime, ...args) => {
      const usage = "Usage: start_monitoring(name, count_time, ...counters, { sleepTime, npoints, save })";
      if (typeof name !== "string" || name === "") throw new ScanArgumentError(`the name comes first. ${usage}`);
      checkNumber(`count_time. ${usage}: it`, countTime);
      const { read, options } = split<MonitoringOptions>(args);
      await monitoring.start(name, countTime, read, options).opened();
    },
    stop_monitoring: (name) => monitoring.stop(name),
    clean_monitoring: (name) => monitoring.clean(name),
    lsmonitoring: () => {
      const lines = monitoring.all.map(({ name, run }) => `${name}  ${run.points} points, ${run.state}`);
      desk.print(...(lines.length > 0 ? lines : ["no monitoring scans"]));
    },
  };
}
