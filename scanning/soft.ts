// SPDX-License-Identifier: MIT
// Axes and counters made of functions: for tests, demonstrations, and things that have no device.
import { delay } from "./chain/delay.ts";
import type { Axis, CallOptions, Limits, SamplingCounter, SamplingDevice } from "./protocols.ts";

export interface SoftAxisOptions {
  readonly position?: number;
  readonly limits?: Limits;
  readonly unit?: string;
  readonly decimals?: number;
  /** Positions are whole steps, as those of a stepper; absent: any. */
  readonly stepsPerUnit?: number;
  /** Units a second; absent: moves take no time. */
  readonly velocity?: number;
  readonly acceleration?: number;
  readonly encoder?: SamplingCounter;
  /** Told of every move that is started. */
  readonly moved?: (target: number) => void;
}

/**
 * An axis without hardware. Its moves take the time its velocity says; a stop decelerates at once. What the options say is of
 * the dial; the offset is 0 at first.
 */
export function softAxis<const Name extends string>(name: Name, options: SoftAxisOptions = {}): Axis<Name> {
  const grain = options.stepsPerUnit;
  const rounded = (position: number) => (grain ? Math.round(position * grain) / grain : position);
  let velocity = options.velocity ?? Number.POSITIVE_INFINITY;
  let limits = options.limits ?? ([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] as const);
  let offset = 0;
  let target = options.position ?? 0;
  let motion = { from: target, to: target, began: 0, seconds: 0 };
  const now = () => {
    const part = motion.seconds === 0 ? 1 : (performance.now() - motion.began) / 1000 / motion.seconds;
    return rounded(part >= 1 ? motion.to : motion.from + part * (motion.to - motion.from));
  };
  const halt = () => {
    const at = now();
    motion = { from: at, to: at, began: 0, seconds: 0 };
  };
  const travel = async (seconds: number, { signal }: CallOptions) => {
    try {
      await delay(seconds * 1000, signal);
    } catch (error) {
      halt();
      throw error;
    }
  };
  return {
    kind: "axis",
    name,
    ...(options.unit !== undefined && { unit: options.unit }),
    ...(options.decimals !== undefined && { decimals: options.decimals }),
    ...(options.encoder && { encoder: options.encoder }),
    position: async () => now() + offset,
    target: async () => target + offset,
    limits: async () => [limits[0] + offset, limits[1] + offset],
    dial: async () => now(),
    state: async () => (performance.now() < motion.began + motion.seconds * 1000 ? "MOVING" : "READY"),
    stop: async () => halt(),
    move: async (user, callOptions = {}) => {
      if (!Number.isFinite(user)) throw new RangeError(`axis ${name} cannot be moved to position: ${user}`);
      const [from, to] = [now(), user - offset];
      target = to;
      if (rounded(to) === from) return from + offset;
      options.moved?.(to);
      motion = { from, to, began: performance.now(), seconds: Math.abs(to - from) / velocity };
      if (motion.seconds > 0) await travel(motion.seconds, callOptions);
      return now() + offset;
    },
    velocity: {
      read: async () => velocity,
      write: async (value) => {
        velocity = value;
      },
    },
    acceleration: { read: async () => options.acceleration ?? Number.POSITIVE_INFINITY, write: async () => {} },
    offset: {
      read: async () => offset,
      write: async (value) => {
        offset = value;
      },
    },
    softLimits: {
      read: async () => [limits[0] + offset, limits[1] + offset],
      write: async ([low, high]) => {
        limits = [low - offset, high - offset];
      },
    },
  };
}

export interface SoftDeviceOptions extends Omit<SamplingDevice, "name" | "reader"> {
  /** Seconds a reading takes. */
  readonly readTime?: number;
}

/** Counters of one device, each a function; read together. */
export function softCounters<const Names extends string>(
  deviceName: string,
  functions: Readonly<Record<Names, () => number>>,
  options: SoftDeviceOptions = {},
): { readonly [Name in Names]: SamplingCounter<Name> } {
  const { readTime = 0, ...rest } = options;
  const all: Readonly<Record<string, () => number>> = functions;
  const device: SamplingDevice = {
    ...rest,
    name: deviceName,
    reader(counters) {
      const values = new Float64Array(counters.length);
      const fill = () => {
        for (let i = 0; i < counters.length; i++) values[i] = all[counters[i]!.name]!();
        return values;
      };
      if (readTime === 0) return fill;
      return async ({ signal }) => {
        await delay(readTime * 1000, signal);
        return fill();
      };
    },
  };
  const counters = Object.keys(all).map((name): [string, SamplingCounter] => [
    name,
    { kind: "sampling", name, device },
  ]);
  return Object.fromEntries(counters) as unknown as { readonly [Name in Names]: SamplingCounter<Name> };
}
