// SPDX-License-Identifier: MIT
// The signals a simulated spectrometer sees: its own clock, or edges given by hw_trig.
import type { Acquisition } from "../detector.ts";
import { refusal } from "../refusal.ts";
import type { PointSource } from "./point-source.ts";

/** How long each of the points that are complete lasted, s. */
export type Taken = readonly number[];

export class Signals {
  /** hw_trig paces GATE and EXT_TRIG modes; else acq_realtime does. */
  external = false;
  /** What the last acquisition asked for. */
  acquisition: Acquisition | undefined;
  running = false;
  /** Points to play instead of simulating photons. */
  recorded: PointSource | undefined;
  #started = false;
  #edges: number[] = [];
  #heard: () => void = () => {};

  /** One edge. Before the first acquisition there is nothing it could reach. @throws DevFailed */
  trigger(): void {
    if (!this.#started) throw refusal("Acquisition not started.");
    if (!this.running) return;
    this.#edges.push(performance.now());
    this.#heard();
  }

  /** Gives points as they are complete, until all are there or `signal` aborts. */
  async *take(acquisition: Acquisition, signal: AbortSignal): AsyncGenerator<Taken> {
    this.acquisition = acquisition;
    this.#started = this.running = true;
    this.#edges = [];
    try {
      if (acquisition.trigger === "FREERUN") yield* this.#free(signal);
      else if (!this.external || acquisition.trigger === "INT_TRIG_READOUT") yield* this.#timed(acquisition, signal);
      else if (acquisition.trigger === "EXT_TRIG_READOUT") yield* this.#begun(acquisition, signal);
      else yield* this.#edged(acquisition, signal);
    } finally {
      this.running = false;
    }
  }

  async *#free(signal: AbortSignal): AsyncGenerator<Taken> {
    const began = performance.now();
    while (!signal.aborted) await this.#pause(undefined, signal);
    yield [(performance.now() - began) / 1000];
  }

  async *#timed({ points, realtime, blockSize }: Acquisition, signal: AbortSignal): AsyncGenerator<Taken> {
    const began = performance.now();
    const each = Math.max(realtime, 1e-6) * 1000;
    for (let done = 0; done < points; ) {
      const next = Math.min(points, done + blockSize);
      const due = Math.min(next, Math.floor((performance.now() - began) / each));
      if (due > done) {
        yield Array.from({ length: due - done }, () => realtime);
        done = due;
      }
      if (done < points) await this.#pause(began + (done + 1) * each - performance.now(), signal);
      if (signal.aborted) return;
    }
  }

  /** An edge begins each point of fixed length; edges during it are too early to count. */
  async *#begun({ points, realtime }: Acquisition, signal: AbortSignal): AsyncGenerator<Taken> {
    for (let done = 0; done < points; done++) {
      while (this.#edges.length === 0 && !signal.aborted) await this.#pause(undefined, signal);
      const end = (this.#edges[0] ?? 0) + realtime * 1000;
      while (performance.now() < end && !signal.aborted) await this.#pause(end - performance.now(), signal);
      if (signal.aborted) return;
      this.#edges = this.#edges.filter((at) => at >= end);
      yield [realtime];
    }
  }

  /** EXT_TRIG: an edge ends a point and begins the next. GATE: one begins it, one ends it. */
  async *#edged({ trigger, points }: Acquisition, signal: AbortSignal): AsyncGenerator<Taken> {
    const edges = trigger === "EXT_TRIG" ? 1 : 2;
    let last = performance.now();
    for (let done = 0; done < points && !signal.aborted; ) {
      const count = Math.min(points - done, Math.floor(this.#edges.length / edges));
      if (count === 0) {
        await this.#pause(undefined, signal);
        continue;
      }
      const times = this.#edges.splice(0, count * edges);
      done += count;
      yield Array.from({ length: count }, (_, point) => {
        const end = times[(point + 1) * edges - 1] ?? last;
        const begin = edges === 1 ? last : (times[point * edges] ?? last);
        last = end;
        return (end - begin) / 1000;
      });
    }
  }

  /** Until an edge comes, the time is over, or `signal` aborts. */
  async #pause(milliseconds: number | undefined, signal: AbortSignal): Promise<void> {
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    // What is due already must not wait for a timer, only let others have their turn.
    if (milliseconds !== undefined && milliseconds <= 0) setImmediate(resolve);
    const timer = milliseconds !== undefined && milliseconds > 0 ? setTimeout(resolve, milliseconds) : undefined;
    if (milliseconds === undefined) this.#heard = resolve;
    const abort = () => resolve();
    signal.addEventListener("abort", abort);
    await promise;
    signal.removeEventListener("abort", abort);
    clearTimeout(timer);
  }
}
