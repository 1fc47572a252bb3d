// SPDX-License-Identifier: MIT
// Where a person works: a session, a screen, and one key that stops what is going on.

import type { Screen } from "../display/screen.ts";
import { showScan } from "../display/show.ts";
import { ScanAbort } from "../errors.ts";
import type { ScanRun } from "../run.ts";
import type { Scan } from "../scan.ts";
import type { Session } from "../session/session.ts";

export class Desk {
  readonly session: Session;
  readonly screen: Screen;
  readonly #working = new Set<AbortController>();

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
    await showScan(run, this.screen);
    await run.done();
    return run;
  }

  /** Hands a signal to `action` that `interrupt` aborts. */
  async during<T>(action: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const controller = new AbortController();
    this.#working.add(controller);
    try {
      return await action(controller.signal);
    } finally {
      this.#working.delete(controller);
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
    for (const controller of this.#working) controller.abort(new ScanAbort("stopped by Ctrl-C"));
  }
  /** Ends the scans in progress after their present point; they are a success. */
  stop(): void {
    for (const run of this.session.running) run.stop();
  }
}
