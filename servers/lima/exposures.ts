// SPDX-License-Identifier: MIT
// The clock of cameras that are made of software: when each exposure begins and ends, by the settings and the triggers.
import { setTimeout as sleep } from "node:timers/promises";
import type { CameraSettings, TriggerMode } from "./camera.ts";
import type { edges } from "./edges.ts";

type Edges = ReturnType<typeof edges>;

export interface Exposed {
  readonly index: number;
  /** Seconds from the start of the acquisition to the start of the exposure. */
  readonly time: number;
}

interface Triggers {
  readonly software: Edges;
  readonly external: Edges;
}

/** Modes in which edges end exposures too; whether the edge that ends one starts the next. */
const edgeToEdge: Partial<Readonly<Record<TriggerMode, "apart" | "joined">>> = {
  // An edge is a change of the gate's level: up, then down.
  EXTERNAL_GATE: "apart",
  EXTERNAL_START_STOP: "apart",
  EXTERNAL_TRIGGER_READOUT: "joined",
};

/** Each exposure when it has ended; none after `signal` was aborted. */
export function exposures(settings: CameraSettings, triggers: Triggers, signal: AbortSignal): AsyncIterable<Exposed> {
  const way = edgeToEdge[settings.trigger];
  return way ? untilEdges(settings.frames, triggers.external, way, signal) : timed(settings, triggers, signal);
}

async function* timed(
  { frames, exposure, latency, trigger }: CameraSettings,
  { software, external }: Triggers,
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

async function* untilEdges(
  frames: number,
  edge: Edges,
  way: "apart" | "joined",
  signal: AbortSignal,
): AsyncIterable<Exposed> {
  const start = performance.now();
  for (let index = 0; frames === 0 || index < frames; index++) {
    if ((way === "apart" || index === 0) && !(await edge.next(signal))) return;
    const time = (performance.now() - start) / 1000;
    if (!(await edge.next(signal))) return;
    yield { index, time };
  }
}

/** False when aborted first. Timers count whole milliseconds: the rest of one passes with what else there is to do. */
export async function sleepUntil(due: number, signal: AbortSignal): Promise<boolean> {
  const whole = Math.floor(due - performance.now()) - 1;
  if (whole > 0) await sleep(whole, undefined, { signal }).catch(() => {});
  while (!signal.aborted && performance.now() < due) await new Promise<void>((resolve) => setImmediate(resolve));
  return !signal.aborted;
}
