// SPDX-License-Identifier: MIT
// One acquisition of a LimaCCDs server, followed by polling as its clients do (events are off by default there).
import { setTimeout as sleep } from "node:timers/promises";
import type { Block, CallOptions } from "../../scanning/index.ts";
import type { DeviceProxy } from "../../tango/index.ts";
import { type PreparedPart, shortened } from "./camera-part.ts";
import type { limaCCDs } from "./limaccds.ts";

export interface CameraRunOptions {
  readonly name: string;
  readonly device: DeviceProxy<typeof limaCCDs>;
  /** Plugins whose results are part of each point. */
  readonly parts: readonly PreparedPart[];
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
  /** The first point that has not been given yet. */
  #next = 0;
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
    const { device, single, exposure, parts } = this.#options;
    if (single && this.#started > 0) {
      // The plugins forget what they have of the point before.
      if (parts.length > 0) await this.#given(this.#started, options);
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

  /** Resolves when `points` points have been given, or nobody asks for more. */
  async #given(points: number, { signal }: CallOptions): Promise<void> {
    while (this.#next < points && !this.#stopped) await sleep(2, undefined, { signal });
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
        this.#next = next;
      } else if (stopped) return;
      else await sleep(period, undefined, { signal: options.signal });
    }
  }

  async #block(first: number, frames: number, progress: Progress, options: CallOptions): Promise<Block> {
    const { parts, single } = this.#options;
    const offset = single ? this.#acquisitions : 0;
    const series = await Promise.all(parts.map((part) => part.read(first - offset, options)));
    const points = Math.min(frames, ...series.map((each) => each.points));
    const values = series.map((each) => shortened(each, points));
    const image = { lastIndex: first + points - 1, lastIndexSaved: progress.saved - 1 };
    return { first, points, values: Object.assign({ image }, ...values) };
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
