// SPDX-License-Identifier: MIT
// A bench made from a seed: axes and detectors that know whether they move or acquire, and fail or are interrupted where told.
import {type Axis, a2scan, amesh, 
  ascan, type Counter, type Detector, type DetectorCounter, dscan, loopscan, memorySink, type Preset, pointscan, type Scan, type Sink, softAxis, softCounters,
} from "../../../scanning/index.ts"; // biome-ignore format: a list

/** mulberry32. */
export function chance(seed: number) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  return {
    below: (n: number) => Math.floor(next() * n),
    one: <T>(of: readonly T[]): T => of[Math.floor(next() * of.length)]!,
  };
}
export type Chance = ReturnType<typeof chance>;

/** Where something may happen, in the order of a scan. */
export const phases = [
  "preset prepare", "detector prepare", "preset start", "detector start", "move", "read", "trigger", "data", "preset stop",
  "detector stop", "home",
] as const; // biome-ignore format: a list
export type Phase = (typeof phases)[number];

export interface RandomBench {
  readonly scan: Scan;
  readonly preset: Preset;
  readonly sink: Sink & { readonly scans: ReturnType<typeof memorySink>["scans"] };
  readonly points: number;
  readonly counters: readonly Counter[];
  readonly axes: readonly Axis[];
  /** Axes that move and detectors that acquire now. */
  readonly busy: () => readonly string[];
  /** Phases in which `happen` was called, how often. */
  readonly seen: ReadonlyMap<Phase, number>;
  readonly relative: boolean;
}

/** `happen` is called in every phase, with how often it has been before; what it throws fails the device there. */
export function randomBench(random: Chance, happen: (phase: Phase, before: number) => void): RandomBench {
  const busy = new Set<string>();
  const seen = new Map<Phase, number>();
  const at = (phase: Phase) => {
    const before = seen.get(phase) ?? 0;
    seen.set(phase, before + 1);
    happen(phase, before);
  };
  const turns = async (signal?: AbortSignal) => {
    for (let n = random.below(3); n > 0; n--) {
      await new Promise<void>((resolve) => setImmediate(resolve));
      signal?.throwIfAborted();
    }
  };
  let measured = false;
  const axis = (name: string): Axis => {
    const soft = softAxis(name, { position: 1 });
    return {
      ...soft,
      move: async (to, { signal } = {}) => {
        busy.add(name);
        try {
          at(measured ? "home" : "move");
          await turns(signal);
          return await soft.move(to);
        } finally {
          busy.delete(name);
        }
      },
    };
  };
  const axes = Array.from({ length: random.below(3) }, (_, i) => axis(`m${i}`));
  const counters = Array.from({ length: 1 + random.below(3) }, (_, i) => {
    let n = 0;
    const device = softCounters(`d${i}`, { [`c${i}`]: () => n++ });
    const counter = device[`c${i}`]!;
    const slow = random.below(2) === 0;
    const reader = (all: Parameters<typeof counter.device.reader>[0]) => {
      const read = counter.device.reader(all);
      return ({ signal }: { signal?: AbortSignal }) => {
        if (!slow) {
          at("read");
          return read({});
        }
        return turns(signal).then(() => {
          at("read");
          return read({});
        });
      };
    };
    return { ...counter, device: { name: `d${i}`, reader } };
  });
  const detectors = Array.from({ length: random.below(3) }, (_, i) => detector(`det${i}`, { at, turns, busy }));
  const read = [...counters, ...detectors];
  const points = 2 + random.below(8);
  const { scan, relative } = scanOf(random, axes, points, read);
  const memory = memorySink();
  const preset: Preset = {
    prepare: () => at("preset prepare"),
    start: () => at("preset start"),
    stop: () => {
      measured = true;
      at("preset stop");
    },
  };
  const all = [...counters, ...detectors.flatMap((one) => one.counters)];
  return {
    scan,
    preset,
    sink: memory,
    points: scan.plan.points,
    counters: all,
    axes,
    busy: () => [...busy],
    seen,
    relative,
  };
}

function scanOf(random: Chance, axes: readonly Axis[], points: number, read: readonly (Counter | Detector)[]) {
  const [a, b] = axes;
  if (!a) return { scan: loopscan(points, 0, ...read), relative: false };
  if (b) return { scan: random.below(2) === 0 ? a2scan(a, 0, 3, b, 5, 4, points - 1, 0, ...read) : amesh(a, 0, 1, 1, b, 0, 2, 2, 0, ...read), relative: false }; // biome-ignore format: one glance
  const relative = random.below(2) === 0;
  if (relative) return { scan: dscan(a, -1, 1, points - 1, 0, ...read), relative };
  return { scan: random.below(2) === 0 ? ascan(a, 0, 2, points - 1, 0, ...read) : pointscan(a, Array.from({ length: points }, (_, i) => i % 3), 0, ...read), relative }; // biome-ignore format: one glance
}

interface Hooks {
  readonly at: (phase: Phase) => void;
  readonly turns: (signal?: AbortSignal) => Promise<void>;
  readonly busy: Set<string>;
}
function detector(name: string, { at, turns, busy }: Hooks): Detector {
  let [wanted, taken] = [0, 0];
  let more = Promise.withResolvers<void>();
  let ended = false;
  const wake = () => {
    more.resolve();
    more = Promise.withResolvers();
  };
  const counters: DetectorCounter[] = [];
  const self: Detector = {
    name,
    triggers: ["software"],
    counters,
    prepare: async ({ points }, { signal }) => {
      await turns(signal);
      at("detector prepare");
      [wanted, taken, ended] = [points, 0, false];
      busy.add(name);
      return { channels: { value: { dtype: "float64", shape: [] } } };
    },
    start: async ({ signal }) => {
      await turns(signal);
      at("detector start");
    },
    trigger: async ({ signal }) => {
      await turns(signal);
      at("trigger");
      taken++;
      wake();
    },
    async *data() {
      for (let first = 0; first < wanted; first++) {
        while (first >= taken && !ended) await more.promise;
        if (first >= taken) return;
        at("data");
        yield { first, points: 1, values: { value: Float64Array.of(first) } };
      }
    },
    stop: async () => {
      await turns();
      busy.delete(name);
      ended = true;
      wake();
      at("detector stop");
    },
  };
  counters.push({ kind: "detector", name: "value", detector: self, dim: 0 });
  return self;
}
