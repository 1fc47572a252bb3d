// SPDX-License-Identifier: MIT
// Numbers of scans: saved ones count on over restarts, a new file of the data policy starts at 1.
import type { Settings } from "./settings.ts";

export class ScanNumbers {
  readonly #settings: Settings;
  readonly #key: string;
  /** What the data policy counts by. */
  readonly #of: () => string;
  #unsaved = 0;
  #taking = Promise.resolve();

  constructor(session: string, settings: Settings, of: () => string) {
    this.#settings = settings;
    this.#key = `${session}:scan_counter`;
    this.#of = of;
  }
  /** Resolves when the number is remembered. */
  next(saved: boolean): Promise<number> {
    if (!saved) return Promise.resolve(++this.#unsaved);
    const taken = this.#taking.then(async () => {
      const known = this.#settings.get(this.#key) as { count: number; of: string } | undefined;
      const of = this.#of();
      const count = (known?.of === of ? known.count : 0) + 1;
      await this.#settings.set(this.#key, { count, of });
      return count;
    });
    this.#taking = taken.then(
      () => {},
      () => {},
    );
    return taken;
  }
  /** The next saved scan has this number. */
  async reset(next: number): Promise<void> {
    await this.#settings.set(this.#key, { count: next - 1, of: this.#of() });
  }
}
