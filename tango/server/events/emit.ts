// SPDX-License-Identifier: MIT
// Which events a value of an attribute gives rise to.
import type { EventName } from "../../events/index.ts";
import type { EventSource } from "../../interface.ts";
import type { ServedAttribute } from "../attribute/attribute.ts";
import { noChange } from "../attribute/number-text.ts";
import { keptSample, type Sample } from "../attribute/sample.ts";
import type { ServedDevice } from "../device/device.ts";
import type { EventChannel } from "./channel.ts";
import { type ChangeCriteria, hasChanged, hasCriteria, isDue } from "./detection.ts";
import type { EventSupplier } from "./supplier.ts";

type Judge = (channel: EventChannel, sample: Sample, attribute: ServedAttribute, now: number) => boolean;

const noCriteria: ChangeCriteria = { rel: noChange, abs: noChange };
const elapsed = (channel: EventChannel, now: number, period: number | undefined) =>
  period !== undefined && isDue(now - channel.sentAt, period);

const changed: Judge = ({ previous }, sample, { settings }) => hasChanged(previous, sample, settings.criteria.change);
/** A quality that differs; a failure counts as one. */
const qualityChanged: Judge = ({ previous }, sample) =>
  previous?.quality !== sample.quality ||
  (Boolean(previous?.errors || sample.errors) && hasChanged(previous, sample, noCriteria));
const archived: Judge = (channel, sample, { settings, type }, now) => {
  const { archive } = settings.criteria;
  const criteria = hasCriteria(archive, type.kind) ? archive : noCriteria;
  return hasChanged(channel.previous, sample, criteria) || elapsed(channel, now, archive.period);
};

/** In the order in which they go. */
const judges: readonly (readonly [EventName, Judge])[] = [
  ["change", changed],
  ["alarm", qualityChanged],
  ["quality", qualityChanged],
  ["periodic", (channel, _, { settings }, now) => elapsed(channel, now, settings.criteria.period)],
  ["archive", archived],
];

function emit(supplier: EventSupplier, channel: EventChannel, sample: Sample): void {
  supplier.sendSample(channel, sample);
  channel.previous = sample;
}

/** A polled value: each event as its criteria say. */
export function afterPoll(
  supplier: EventSupplier,
  device: ServedDevice,
  attribute: ServedAttribute,
  sample: Sample,
): void {
  const now = performance.now();
  const { events } = attribute.definition.options;
  for (const [event, judge] of judges) {
    // What the device's code sends is not sent by polling too.
    if ((event === "change" || event === "archive" || event === "alarm") && isPushed(events?.[event])) continue;
    const channel = supplier.channel(device.key, attribute.key, event);
    if (channel && judge(channel, sample, attribute, now)) emit(supplier, channel, sample);
  }
}

const isPushed = (source: EventSource | undefined) => source === "pushed" || source === "checked";

/** A value sent by the device's code; `checked` ones only if they differ enough. */
export function push(
  supplier: EventSupplier,
  device: ServedDevice,
  attribute: ServedAttribute,
  event: "change" | "archive" | "user_event",
  sample: Sample,
): void {
  const { events } = attribute.definition.options;
  const channel = supplier.channel(device.key, attribute.key, event);
  const isChecked = event !== "user_event" && events?.[event] === "checked";
  const judge = event === "archive" ? archived : changed;
  if (channel && !isChecked) supplier.sendSample(channel, sample);
  // The device may fill the same memory again: what it is compared with next time must stay what it was.
  else if (channel && judge(channel, sample, attribute, performance.now())) emit(supplier, channel, keptSample(sample));
  if (event === "change") pushAlarm(supplier, device, attribute, sample);
}

/** Alarm events go with pushed changes, when the quality has changed. */
function pushAlarm(supplier: EventSupplier, device: ServedDevice, attribute: ServedAttribute, sample: Sample): void {
  const channel = supplier.channel(device.key, attribute.key, "alarm");
  if (channel && qualityChanged(channel, sample, attribute, performance.now())) emit(supplier, channel, sample);
}
