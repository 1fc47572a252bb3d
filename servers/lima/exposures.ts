// SPDX-License-Identifier: MIT
// The clock of cameras that are made of software: when each exposure begins and ends, by the settings and the triggers.
import { setTimeout as sleep } from "node:timers/promises";
import type { CameraSettings } from "./camera.ts";
import type { edges } from "./edges.ts";

type Edges = ReturnType<typeof edges>;

export interface Exposed {
  readonly index: number;
  /** Seconds from the start of the acquisition to the start of the exposure. */
  readonly time: number;
}

/** Each exposure when it has ended; none after `signal` was aborted. */
export async function* exposures(
  { frames, exposure, latency, trigger }: CameraSettings,
  { software, external }: { readonly software: Edges; readonly external: Edges },
  signal: AbortSignal,
): AsyncIterable<Exposed> {
  const edge = trigger.startsWith("INTERNAL") ? software : external;
  const each = trigger.endsWith("_MULTI");
  const start = performance.now();
  // Exposures follow each other on a schedule: making a frame takes time that must not add up.
  let due = start;
  for (let index = 0; frames === 0 || index < frames; index++) {
    if ((each || (index === 0 && edge === external)) && !(await edge.next(signal))) return;
    if (each || index === 0) due = performance.now();
    const time = (due - start) / 1000;
    due += exposure * 1000;
    if (!(await sleepUntil(due, signal))) return;
    yield { index, time };
    due += latency * 1000;
  }
}

/** False when aborted first. Timers count whole milliseconds: the rest of one passes with what else there is to do. */
export async function sleepUntil(due: number, signal: AbortSignal): Promise<boolean> {
  const whole = Math.floor(due - performance.now()) - 1;
  if (whole > 0) await sleep(whole, undefined, { signal }).catch(() => {});
  while (!signal.aborted && performance.now() < due) await new Promise<void>((resolve) => setImmediate(resolve));
  return !signal.aborted;
}
