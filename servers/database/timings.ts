// SPDX-License-Identifier: MIT
// How long commands take, as the database device's Timing attributes show it.

interface Timing {
  calls: number;
  total: number;
  minimum: number;
  maximum: number;
}

/** The columns of the attributes: one element a command, in the order of their first calls; milliseconds. */
export interface TimingColumns {
  readonly index: readonly string[];
  readonly average: readonly number[];
  readonly minimum: readonly number[];
  readonly maximum: readonly number[];
  readonly calls: readonly number[];
}

export class Timings {
  readonly #timings = new Map<string, Timing>();
  #since = new Date();

  record(command: string, milliseconds: number): void {
    const found = this.#timings.get(command);
    if (!found) {
      this.#timings.set(command, { calls: 1, total: milliseconds, minimum: milliseconds, maximum: milliseconds });
      return;
    }
    found.calls++;
    found.total += milliseconds;
    found.minimum = Math.min(found.minimum, milliseconds);
    found.maximum = Math.max(found.maximum, milliseconds);
  }

  reset(): void {
    this.#timings.clear();
    this.#since = new Date();
  }

  /** At most the 64 elements the attributes can hold. */
  get columns(): TimingColumns {
    const rows = [...this.#timings].slice(0, 64);
    const column = (value: (timing: Timing) => number) => rows.map(([, timing]) => value(timing));
    return {
      index: rows.map(([name]) => name),
      average: column(({ total, calls }) => total / calls),
      minimum: column(({ minimum }) => minimum),
      maximum: column(({ maximum }) => maximum),
      calls: column(({ calls }) => calls),
    };
  }

  get info(): readonly string[] {
    const total = [...this.#timings.values()].reduce((sum, { calls }) => sum + calls, 0);
    return [`TANGO Database Timing info since ${this.#since.toISOString()}`, `${total} calls timed`];
  }
}
