// SPDX-License-Identifier: MIT
// Attribute OverflowThreshold of counting plugins: pixels above it make a region's counters doubtful, and Status says so.
import type { Device } from "../../../tango/index.ts";
import type { RoiStatistics } from "../roi-statistics.ts";

export class OverflowWatch {
  readonly #device: Pick<Device, "status">;
  /** 0: nothing is watched. */
  #threshold = 0;
  #seen = false;

  constructor(device: Pick<Device, "status">) {
    this.#device = device;
  }

  /** Handlers of the attribute. */
  readonly attribute = {
    read: () => this.#threshold,
    write: (threshold: number) => {
      if (threshold < 0) throw new Error(`Invalid OverflowThreshold: ${threshold}; 0 watches nothing`);
      this.#threshold = threshold;
    },
  };

  /** Before an acquisition. */
  clear(): void {
    if (this.#seen) this.#device.status = ""; // the state's own text again
    this.#seen = false;
  }
  /** The first overflow of an acquisition is told. */
  look(statistics: readonly RoiStatistics[], frame: number): void {
    if (this.#threshold === 0 || this.#seen) return;
    const highest = Math.max(...statistics.map(({ max }) => max));
    if (!(highest > this.#threshold)) return;
    this.#seen = true;
    this.#device.status = `Overflow: frame ${frame} has a pixel of ${highest}, OverflowThreshold is ${this.#threshold}`;
  }
}
