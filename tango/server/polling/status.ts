// SPDX-License-Identifier: MIT
// The text of DevPollStatus: one paragraph for each polled object.
import type { DevicePolling } from "./device-polling.ts";
import type { PolledObject } from "./polled.ts";

export const pollStatus = (polling: DevicePolling): string[] =>
  polling.objects.map((object) => paragraph(object, polling.objects));

function paragraph(object: PolledObject, all: readonly PolledObject[]): string {
  const lines = [
    `Polled ${object.kind} name = ${object.name}`,
    object.period === 0 ? "Polling externally triggered" : `Polling period (mS) = ${object.period}`,
    `Polling ring buffer depth = ${object.depth}`,
  ];
  const { last } = object;
  if (!last) return [...lines, "No data recorded yet"].join("\n");
  if (object.duration !== undefined) lines.push(timeNeeded(object, all));
  lines.push(`Data not updated since ${age(performance.now() - last.at)}`);
  const deltas = deltasOf(object);
  if (deltas.length > 0) lines.push(`Delta between last records (in mS) = ${deltas.join(", ")}`);
  const [error] = last.errors ?? last.sample?.errors ?? [];
  if (error) {
    lines.push(
      object.kind === "attribute" ? "Last attribute read FAILED :" : "Last command execution FAILED :",
      `\tReason = ${error.reason}`,
      `\tDesc = ${error.desc}`,
      `\tOrigin = ${error.origin}`,
    );
  }
  return lines.join("\n");
}

/** Objects of one period are read in one go: the time is that of all of them. */
function timeNeeded(object: PolledObject, all: readonly PolledObject[]): string {
  const group = all.filter(({ period, isReading }) => object.isReading && isReading && period === object.period);
  const milliseconds = (object.duration ?? 0).toFixed(3);
  if (group.length > 1) {
    const names = [...group].sort((one, other) => (one.kind === other.kind ? 0 : one.kind === "attribute" ? -1 : 1));
    return `Time needed for the last ${object.kind}s (${names.map(({ name }) => name).join(" + ")}) reading (mS) = ${milliseconds}`;
  }
  const what = object.kind === "attribute" ? "attribute reading" : "command execution";
  return `Time needed for the last ${what} (mS) = ${milliseconds}`;
}

function age(milliseconds: number): string {
  const whole = Math.round(milliseconds);
  return whole < 1000 ? `${whole} mS` : `${Math.floor(whole / 1000)} S and ${whole % 1000} mS`;
}

/** Milliseconds between the last records, newest first, at most four. */
function deltasOf({ records }: PolledObject): number[] {
  const times = records
    .slice(-5)
    .map(({ at }) => at)
    .reverse();
  return times.slice(1).map((older, index) => Math.round((times[index] as number) - older));
}
