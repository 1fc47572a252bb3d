// SPDX-License-Identifier: MIT
// The signals a simulated spectrometer sees: its own clock, or edges given by hw_trig.
import type { Acquisition } from "../detector.ts";
import { refusal } from "../refusal.ts";

/** Points that are complete, and how long each lasted (s). */
export interface Taken {
  readonly points: number;
  readonly realtime: number;
}

export class Signals {
  /** hw_trig paces GATE and EXT_TRIG modes; else acq_realtime does. */
  external = false;
  /** What the last acquisition asked for. */
  acquisition: Acquisition | undefined;
  running = false;
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
      else if (this.external && acquisition.trigger !== "INT_TRIG_READOUT") yield* this.#triggered(acquisition, signal);
      else yield* this.#timed(acquisition, signal);
    } finally {
      this.running = false;
    }
  }

  async *#free(signal: AbortSignal): AsyncGenerator<Taken> {
    const began = performance.now();
    while (!signal.aborted) await this.#pause(undefined, signal);
    yield { points: 1, realtime: (performance.now() - began) / 1000 };
  }

  async *#timed({ points, realtime, blockSize }: Acquisition, signal: AbortSignal): AsyncGenerator<Taken> {
    const began = performance.now();
    const each = Math.max(realtime, 1e-6) * 1000;
    for (let done = 0; done < points; ) {
      const next = Math.min(points, done + blockSize);
      const due = Math.min(next, Math.floor((performance.now() - began) / each));
      if (due > done) {
        yield { points: due - done, realtime };
        done = due;
      }
      if (done < points) await this.#pause(began + (done + 1) * each - performance.now(), signal);
      if (signal.aborted) return;
    }
  }

  async *#triggered({ trigger, points, realtime }: Acquisition, signal: AbortSignal): AsyncGenerator<Taken> {
    let last = performance.now();
    for (let done = 0; done < points; done++) {
      if (trigger !== "EXT_TRIG") last = (await this.#edge(signal)) ?? last;
      if (trigger === "EXT_TRIG_READOUT") await this.#pause(last + realtime * 1000 - performance.now(), signal);
      const end = trigger === "EXT_TRIG_READOUT" ? last + realtime * 1000 : await this.#edge(signal);
      if (signal.aborted || end === undefined) return;
      // Edges during a timed point are too early to count.
      if (trigger === "EXT_TRIG_READOUT") this.#edges = this.#edges.filter((at) => at >= end);
      yield { points: 1, realtime: (end - last) / 1000 };
      last = end;
    }
  }

  async #edge(signal: AbortSignal): Promise<number | undefined> {
    while (!signal.aborted) {
      const edge = this.#edges.shift();
      if (edge !== undefined) return edge;
      await this.#pause(undefined, signal);
    }
    return undefined;
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
