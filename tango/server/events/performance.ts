// SPDX-License-Identifier: MIT
// How long events take to send and how far apart they are, for those who ask the admin device.

/** Microseconds, as Tango 10 tells them. */
export interface EventSample {
  /** Null for the first one. */
  readonly micros_since_last_event: number | null;
  readonly push_event_micros: number;
}

/** Older samples are forgotten. */
const KEPT = 256;

export class EventPerformance {
  #samples: EventSample[] | undefined;
  #last: number | undefined;

  /** Begins anew, or stops and forgets. */
  turn(on: boolean): void {
    this.#samples = on ? [] : undefined;
    this.#last = undefined;
  }

  /** Null when nobody wants to know. */
  get samples(): readonly EventSample[] | null {
    return this.#samples ?? null;
  }

  /** Runs `send`, with the clock in hand if somebody wants to know. */
  timed(send: () => void): void {
    const samples = this.#samples;
    if (!samples) {
      send();
      return;
    }
    const start = performance.now();
    send();
    const end = performance.now();
    const since = this.#last === undefined ? null : micros(start - this.#last);
    this.#last = start;
    samples.push({ micros_since_last_event: since, push_event_micros: micros(end - start) });
    if (samples.length > KEPT) samples.shift();
  }
}

const micros = (milliseconds: number): number => Math.round(milliseconds * 1000);
