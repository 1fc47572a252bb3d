// SPDX-License-Identifier: MIT
// The software timer: says when each point was triggered, and holds the point for the count time.
import type { NumberColumn } from "../column.ts";
import { delay } from "./delay.ts";
import type { Fire, NodePlan } from "./node.ts";

export interface TimerOptions {
  /** Seconds before every point but the first. */
  readonly sleepTime?: number;
}

/** Master of everything that counts. `timer:elapsed_time` starts at 0; `timer:epoch` is the time of the trigger. */
export function timer(children: NodePlan[], options: TimerOptions = {}): NodePlan {
  const channel = (name: string) =>
    ({ fullname: `timer:${name}`, name, dim: 0, dtype: "float64", shape: [], unit: "s" }) as const;
  return {
    name: "timer",
    channels: [channel("elapsed_time"), channel("epoch")],
    children,
    hasMetadata: false,
    open(context) {
      const elapsed = context.recorder.columns[context.first] as NumberColumn;
      const epoch = context.recorder.columns[context.first + 1] as NumberColumn;
      const countMs = Math.max(0, context.exposure * 1000);
      const sleepMs = (options.sleepTime ?? 0) * 1000;
      let origin = 0;
      const trigger = (point: number, fire: Fire): Promise<void> | undefined => {
        const now = performance.now();
        if (point === 0) origin = now;
        elapsed.push((now - origin) / 1000);
        epoch.push((performance.timeOrigin + now) / 1000);
        const counted = fire();
        if (countMs === 0) return counted;
        return held(counted, now + countMs);
      };
      const held = async (counted: Promise<void> | undefined, until: number) => {
        await counted;
        await delay(until - performance.now(), context.options.signal);
      };
      const slept = async (point: number, fire: Fire) => {
        await delay(sleepMs, context.options.signal);
        await trigger(point, fire);
      };
      return { at: sleepMs > 0 ? (point, fire) => (point > 0 ? slept(point, fire) : trigger(point, fire)) : trigger };
    },
  };
}
