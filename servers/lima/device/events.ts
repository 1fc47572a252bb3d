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

export interface EventSettings {
  /** Hz. */
  readonly rate: () => number;
  /** Whether the latest frame itself is sent too (last_image). */
  readonly withData: () => boolean;
}

/** Functions to call when the status or the counters have changed, at most `rate` times a second except at the ends. */
export function acquisitionEvents(lima: () => Lima, { rate, withData }: EventSettings) {
  let sent = 0;
  const pushCounters = (forced: boolean) => {
    const { device, acquisition, video } = lima();
    const now = performance.now();
    if (!device.properties.TangoEvent || (!forced && now - sent < 1000 / rate())) return;
    sent = now;
    for (const [attribute, key] of counters) device.push(attribute, acquisition.counters[key]);
    const last = acquisition.counters.ready;
    device.push("video_last_image_counter", BigInt(last));
    device.push("video_last_image", video.image);
    if (withData() && last >= 0) device.push("last_image", dataArray([acquisition.frame(-1)], acquisition.tag));
  };
  return {
    status: () => {
      const { device, acquisition } = lima();
      device.push("acq_status", acquisition.status);
      if (acquisition.status === "Ready" || acquisition.status === "Fault") pushCounters(true);
    },
    counters: () => pushCounters(lima().acquisition.counters.acquired < 0),
  };
}
