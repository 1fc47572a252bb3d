// SPDX-License-Identifier: MIT
// Looks at a running scan once in a while: devices that do not answer, and the watchdogs of the user.
import type { Recorder } from "./recorder.ts";
import type { ScanRun, Watchdog } from "./run.ts";

const period = 250;

export class Watch implements Disposable {
  readonly #run: ScanRun;
  readonly #dogs: readonly Watchdog[];
  readonly #failed: (error: unknown) => void;
  readonly #timer: NodeJS.Timeout;
  #news = performance.now();

  constructor(run: ScanRun, dogs: readonly Watchdog[], stall: () => void, failed: (error: unknown) => void) {
    this.#run = run;
    this.#dogs = dogs;
    this.#failed = failed;
    this.#timer = setInterval(() => {
      stall();
      this.#checkTimeouts();
    }, period);
    this.#tell((dog) => dog.onScanNew?.(run));
  }

  listen(recorder: Recorder): void {
    if (this.#dogs.length === 0) return;
    recorder.derive.push(() => {
      this.#news = performance.now();
      this.#tell((dog) => dog.onScanData?.(this.#run));
    });
  }
  #checkTimeouts(): void {
    const quiet = (performance.now() - this.#news) / 1000;
    for (const dog of this.#dogs) {
      if (dog.timeout === undefined || quiet < dog.timeout) continue;
      this.#news = performance.now();
      this.#tell(() => dog.onTimeout?.(this.#run), [dog]);
    }
  }
  #tell(call: (dog: Watchdog) => void, dogs = this.#dogs): void {
    for (const dog of dogs) {
      try {
        call(dog);
      } catch (error) {
        this.#failed(error);
      }
    }
  }
  end(): void {
    this.#tell((dog) => dog.onScanEnd?.(this.#run));
  }
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}
