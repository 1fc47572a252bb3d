// SPDX-License-Identifier: MIT
// One acquisition of a LimaCCDs server, followed by polling as its clients do (events are off by default there).
import { setTimeout as sleep } from "node:timers/promises";
import type { Block, CallOptions } from "../../scanning/index.ts";
import type { DeviceProxy } from "../../tango/index.ts";
import { type CameraRoi, roiBlock } from "./camera-rois.ts";
import type { limaCCDs } from "./limaccds.ts";
import type { roiCounter } from "./roi-counter.ts";

export interface CameraRunOptions {
  readonly name: string;
  readonly device: DeviceProxy<typeof limaCCDs>;
  readonly rois: ReadonlyMap<string, CameraRoi>;
  /** Absent: no regions. */
  readonly plugin: DeviceProxy<typeof roiCounter> | undefined;
  readonly roiIds: readonly number[];
  /** 0: until stopped. */
  readonly points: number;
  /** Seconds. */
  readonly exposure: number;
  readonly saving: boolean;
  /** An acquisition of its own for each point: cameras without INTERNAL_TRIGGER_MULTI. */
  readonly single: boolean;
}

interface Progress {
  readonly running: boolean;
  readonly readyForNext: boolean;
  /** Frames of the whole run. */
  readonly ready: number;
  readonly saved: number;
}

export class CameraRun {
  readonly #options: CameraRunOptions;
  /** Acquisitions before this one (`single`). */
  #acquisitions = 0;
  #started = 0;
  #stopped = false;

  constructor(options: CameraRunOptions) {
    this.#options = options;
  }

  /** Begins an acquisition in which the camera's clock or pulses make the points. */
  async start(options: CallOptions): Promise<void> {
    await this.#options.device.call("startAcq", undefined, options);
    this.#started = 1;
  }

  /** Exposes one frame; resolves when the next may be triggered. */
  async trigger(options: CallOptions): Promise<void> {
    const { device, single, exposure } = this.#options;
    if (single && this.#started > 0) {
      await device.call("prepareAcq", undefined, options);
      this.#acquisitions++;
    }
    const frame = this.#started++;
    await device.call("startAcq", undefined, options);
    try {
      await sleep(exposure * 1000, undefined, { signal: options.signal });
      for (;;) {
        const { running, readyForNext, ready } = await this.#progress(options);
        if (ready > frame && (single ? !running : readyForNext)) return;
        // Ended without the frame: somebody else has stopped the camera.
        if (!running && readyForNext && ready <= frame && this.#stopped) return;
        await sleep(2, undefined, { signal: options.signal });
      }
    } catch (error) {
      if (options.signal?.aborted) await this.stop();
      throw error;
    }
  }

  /** Blocks of points as frames (and counters) become ready; ends after the last point, or when stopped. */
  async *data(options: CallOptions): AsyncIterable<Block> {
    const { points, saving, exposure } = this.#options;
    const period = Math.min(Math.max(exposure * 100, 10), 100);
    let next = 0;
    while (points === 0 || next < points) {
      const stopped = this.#stopped;
      const progress = await this.#progress(options);
      let known = Math.min(progress.ready, points === 0 ? progress.ready : points);
      // The last point is given once it is on disk, so that its reference is good.
      if (saving && !stopped && known === points && progress.saved < points) known = points - 1;
      const block = known > next ? await this.#block(next, known - next, progress, options) : undefined;
      if (block && block.points > 0) {
        yield block;
        next += block.points;
      } else if (stopped) return;
      else await sleep(period, undefined, { signal: options.signal });
    }
  }

  async #block(first: number, frames: number, progress: Progress, options: CallOptions): Promise<Block> {
    const { plugin, rois, roiIds, single } = this.#options;
    const { saved } = progress;
    if (!plugin)
      return { first, points: frames, values: { image: { lastIndex: first + frames - 1, lastIndexSaved: saved - 1 } } };
    const offset = single ? this.#acquisitions : 0;
    const records = await plugin.call("readCounters", Math.max(0, first - offset), options);
    const counted = roiBlock(records, first - offset, [...rois.keys()], roiIds);
    const points = Math.min(counted.points, frames);
    const values = Object.fromEntries(
      Object.entries(counted.values).map(([key, numbers]) => [key, numbers.subarray(0, points)]),
    );
    return {
      first,
      points,
      values: { ...values, image: { lastIndex: first + points - 1, lastIndexSaved: saved - 1 } },
    };
  }

  async stop(options: CallOptions = {}): Promise<void> {
    this.#stopped = true;
    await this.#options.device.call("stopAcq", undefined, options);
  }

  /** @throws Error when the server is in Fault. */
  async #progress(options: CallOptions): Promise<Progress> {
    const { device, name } = this.#options;
    const names = ["acq_status", "ready_for_next_image", "last_image_ready", "last_image_saved"] as const;
    const offset = this.#acquisitions;
    const readings = await device.readAttributes(names, options);
    for (const { error } of readings) if (error) throw error;
    const [status, readyForNext, ready, saved] = readings;
    const state = String(status.value).toLowerCase();
    if (state === "fault") {
      const reason = await device.read("acq_status_fault_error", options);
      throw new Error(`camera ${name} (${device.name}) has stopped in Fault: ${reason}`);
    }
    return {
      running: state === "running",
      readyForNext: readyForNext.value === true,
      ready: offset + (ready.value ?? -1) + 1,
      saved: offset + (saved.value ?? -1) + 1,
    };
  }
}
