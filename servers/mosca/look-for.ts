// SPDX-License-Identifier: MIT
import { setTimeout as sleep } from "node:timers/promises";
import type { Status } from "../../devices/mosca/words.ts";

/** Hardware on the network that may not be there yet. */
export interface Reachable {
  readonly status: Status;
  /** Tries once more; no exception when it is still not there. */
  reach(): Promise<void>;
}

/**
 * Looks for it every `period` ms until it was reached once, then calls `found`: its connection is made anew by itself after
 * that. Disposing ends the search.
 */
export function lookFor(hardware: Reachable, period: number, found: () => void): AsyncDisposable {
  const end = new AbortController();
  const ready = () => hardware.status === "READY";
  const search = async () => {
    while (!ready() && !end.signal.aborted) {
      await sleep(period, undefined, { signal: end.signal }).catch(() => {});
      if (ready() || end.signal.aborted) return;
      await hardware.reach();
      if (ready()) found();
    }
  };
  const searching = search();
  return {
    [Symbol.asyncDispose]: async () => {
      end.abort();
      await searching;
    },
  };
}
