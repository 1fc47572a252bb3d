// SPDX-License-Identifier: MIT
// Change events of the acquisition: acq_status always, counters and live pictures with property TangoEvent.
import { dataArray } from "../data-array.ts";
import type { Lima } from "./lima.ts";

const counters = [
  ["last_image_acquired", "acquired"],
  ["last_base_image_ready", "base"],
  ["last_image_ready", "ready"],
  ["last_image_saved", "saved"],
  ["last_counter_ready", "counted"],
] as const;

/** What clients may choose. */
export interface EventSettings {
  /** Hz. */
  rate: number;
  /** Whether the latest frame itself is sent too (last_image). */
  withData: boolean;
}

/** True at most so many times a second, and whenever it is forced. */
function paced(rate: () => number) {
  let last = Number.NEGATIVE_INFINITY;
  return (forced: boolean): boolean => {
    const now = performance.now();
    if (!forced && now - last < 1000 / rate()) return false;
    last = now;
    return true;
  };
}

/** Functions to call when the status or the counters have changed; events are as seldom as was chosen, except at the ends. */
export function acquisitionEvents(lima: () => Lima) {
  const countersDue = paced(() => lima().events.rate);
  const videoDue = paced(() => Math.min(lima().events.rate, lima().device.properties.MaxVideoFPS));
  const push = (forced: boolean) => {
    const { device, acquisition, video, events } = lima();
    if (!device.properties.TangoEvent) return;
    const last = acquisition.counters.ready;
    if (countersDue(forced)) {
      for (const [attribute, key] of counters) device.push(attribute, acquisition.counters[key]);
      device.push("video_last_image_counter", BigInt(last));
      if (events.withData && last >= 0) device.push("last_image", dataArray(acquisition.frame(-1), acquisition.tag));
    }
    if (videoDue(forced)) device.push("video_last_image", video.image);
  };
  return {
    onStatus: () => {
      const { device, acquisition } = lima();
      device.push("acq_status", acquisition.status);
      if (acquisition.status === "Ready" || acquisition.status === "Fault") push(true);
    },
    onCounters: () => push(lima().acquisition.counters.acquired < 0),
  };
}
