// SPDX-License-Identifier: MIT
// One scan's acquisition of a MOSCA server, followed by polling as its clients do.
import { setTimeout as sleep } from "node:timers/promises";
import type { Block, BlockValues, CallOptions } from "../../scanning/index.ts";
import { DevFailed, type DeviceProxy } from "../../tango/index.ts";
import type { mosca } from "./mosca.ts";
import { statuses } from "./words.ts";

export interface SpectrumRunOptions {
  readonly name: string;
  readonly device: DeviceProxy<typeof mosca>;
  readonly detectors: readonly number[];
  readonly statistics: readonly string[];
  readonly roiNames: readonly string[];
  /** Channels of a spectrum. */
  readonly size: number;
  /** 0: until stopped. */
  readonly points: number;
  /** Seconds. */
  readonly exposure: number;
  /** Each point is started by itself. */
  readonly software: boolean;
}

/** Points one call reads at most: some 30 MB. */
const READ_BYTES = 32e6;
/** How often points that are not there yet are asked for again, 5 ms apart. */
const PATIENCE = 100;
const notYet = /is not available yet|contains no point yet/;
const two = (id: number) => String(id).padStart(2, "0");

export class SpectrumRun {
  readonly #options: SpectrumRunOptions;
  #triggered = 0;
  #stopped = false;

  constructor(options: SpectrumRunOptions) {
    this.#options = options;
  }

  /** Begins an acquisition in which pulses make the points. */
  async start(options: CallOptions): Promise<void> {
    const { device, software } = this.#options;
    if (!software) await device.call("start_acq", undefined, options);
  }

  /** Takes one point; resolves when the next may be triggered. */
  async trigger(options: CallOptions): Promise<void> {
    const { device, exposure } = this.#options;
    if (this.#triggered++ === 0) await device.call("start_acq", undefined, options);
    else await device.call("resume_acq", undefined, options);
    try {
      await sleep(exposure * 1000, undefined, { signal: options.signal });
      while ((await this.#progress(options)).running) await sleep(2, undefined, { signal: options.signal });
    } catch (error) {
      if (options.signal?.aborted) await this.stop();
      throw error;
    }
  }

  /** Blocks of points as they become available; ends after the last point, or when stopped. */
  async *data(options: CallOptions): AsyncIterable<Block> {
    const { points, exposure } = this.#options;
    const period = Math.min(Math.max(exposure * 500, 5), 100);
    let next = 0;
    while (points === 0 || next < points) {
      const stopped = this.#stopped;
      const { available, running } = await this.#progress(options);
      const until = Math.min(available, points || available, next + this.#pointsPerRead());
      if (until > next) {
        yield await this.#settled(next, until, options);
        next = until;
      } else if (stopped && !running) return;
      else await sleep(period, undefined, { signal: options.signal });
    }
  }

  async stop(options: CallOptions = {}): Promise<void> {
    this.#stopped = true;
    await this.#options.device.call("stop_acq", undefined, options);
  }

  #pointsPerRead(): number {
    const { detectors, size } = this.#options;
    return Math.max(1, Math.floor(READ_BYTES / Math.max(1, detectors.length * size * 4)));
  }

  /** Servers of MOSCA 2.0.5 tell of points a moment before each of their arrays has them. */
  async #settled(from: number, to: number, options: CallOptions): Promise<Block> {
    for (let more = PATIENCE; ; more--) {
      try {
        return await this.#block(from, to, options);
      } catch (error) {
        if (more === 0 || !(error instanceof DevFailed) || !notYet.test(error.message)) throw error;
        await sleep(5, undefined, { signal: options.signal });
      }
    }
  }

  async #block(from: number, to: number, options: CallOptions): Promise<Block> {
    const { device, detectors, statistics, roiNames, size, name } = this.#options;
    const points = to - from;
    const range = [BigInt(from), BigInt(to)];
    const [spectra, stats, rois] = await Promise.all([
      device.call("read_spectra", range, options),
      device.call("read_stats", range, options),
      roiNames.length ? device.call("read_rois", range, options) : new BigInt64Array(),
    ]);
    check(name, "read_spectra", spectra.length, detectors.length * points * size);
    check(name, "read_stats", stats.length, detectors.length * points * statistics.length);
    check(name, "read_rois", rois.length, roiNames.length * points);
    const values: Record<string, BlockValues> = {};
    for (const [row, id] of detectors.entries()) {
      values[`spectrum:det${two(id)}`] = spectra.subarray(row * points * size, (row + 1) * points * size);
      for (const [column, word] of statistics.entries())
        values[`stat:${word}_det${two(id)}`] = Float64Array.from(
          { length: points },
          (_, point) => stats[(row * points + point) * statistics.length + column] ?? Number.NaN,
        );
    }
    for (const [row, roi] of roiNames.entries()) values[`roi:${roi}`] = rois.subarray(row * points, (row + 1) * points);
    return { first: from, points, values };
  }

  /** @throws Error when the server is in fault. */
  async #progress(options: CallOptions): Promise<{ readonly running: boolean; readonly available: number }> {
    const { device, name } = this.#options;
    const [status, available] = await device.readAttributes(["acquisition_status", "n_available_points"], options);
    for (const { error } of [status, available]) if (error) throw error;
    const word = statuses[status.value ?? 0] ?? "UNKNOWN";
    if (word === "FAULT" || word === "UNINITIALIZED") {
      const why = await device.read("Status", options);
      throw new Error(`spectrometer ${name} (${device.name}) is ${word}: ${why}`);
    }
    return { running: word === "RUNNING", available: Number(available.value ?? 0n) };
  }
}

function check(name: string, command: string, got: number, wanted: number): void {
  if (got === wanted) return;
  throw new Error(`spectrometer ${name}: ${command} gave ${got} numbers, ${wanted} were expected; was it set up anew?`);
}
