// SPDX-License-Identifier: MIT
// Where a person works: a session, a screen, and one key that stops what is going on.

import type { Screen } from "../display/screen.ts";
import { showScan } from "../display/show.ts";
import { ScanAbort } from "../errors.ts";
import type { ScanRun } from "../run.ts";
import type { Scan } from "../scan.ts";
import type { Session } from "../session/session.ts";
import { scanLine } from "./data.ts";

const noResult = () => {};

interface Work {
  readonly stopping: AbortController;
  readonly leave: (reason: Error) => void;
}

export class Desk {
  readonly session: Session;
  readonly screen: Screen;
  readonly #working = new Set<Work>();

  constructor(session: Session, screen: Screen) {
    this.session = session;
    this.screen = screen;
  }

  print(...lines: readonly string[]): void {
    for (const line of lines) this.screen.write(`${line}\n`);
  }

  /** Runs a scan of the session and shows it. @throws what made it fail, or ScanAbort */
  async run(scan: Scan): Promise<ScanRun> {
    const run = this.session.start(scan);
    let shown = Promise.resolve();
    // One after the other, also of those that run side by side.
    using _ = this.session.onPart((part) => {
      shown = shown.then(() => showScan(part, this.screen)).then(noResult, noResult);
    });
    await showScan(run, this.screen, () => shown);
    this.print(...this.#partsOf(run));
    await run.done();
    return run;
  }

  /** The scans of a sequence, as far as they are still known. */
  #partsOf({ key, info }: ScanRun): string[] {
    if (!info.is_scan_sequence) return [];
    return this.session.scans.filter((scan) => scan.info.group === (key ?? null)).map((scan) => `  ${scanLine(scan)}`);
  }

  /** Hands a signal to `action` that `interrupt` aborts; a second `interrupt` no longer waits for it. */
  async during<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const { promise, reject } = Promise.withResolvers<never>();
    const work: Work = { stopping: new AbortController(), leave: reject };
    this.#working.add(work);
    const acting = action(work.stopping.signal);
    acting.catch(() => {}); // may fail after it was left
    try {
      return await Promise.race([acting, promise]);
    } finally {
      this.#working.delete(work);
    }
  }

  get busy(): boolean {
    return this.#working.size > 0 || this.session.running.length > 0;
  }
  /**
   * Ctrl-C: motors decelerate, detectors stop, what was measured is kept. A second one does not wait for graceful ends.
   * Motion verbs stop their axes too.
   */
  interrupt(): void {
    for (const run of this.session.running) run.abort(new ScanAbort("stopped by Ctrl-C"));
    for (const { stopping, leave } of this.#working) {
      if (stopping.signal.aborted) leave(new ScanAbort("stopped by Ctrl-C; not everything has come to rest"));
      else stopping.abort(new ScanAbort("stopped by Ctrl-C"));
    }
  }
  /** Ends the scans in progress after their present point; they are a success. */
  stop(): void {
    for (const run of this.session.running) run.stop();
  }
}
