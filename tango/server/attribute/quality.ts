// SPDX-License-Identifier: MIT
// Alarms: what the bounds of an attribute say of a value.
import type { AttrQuality } from "../../idl/index.ts";
import type { Criteria } from "./criteria.ts";
import type { Elements } from "./layout.ts";

export type AlarmSide = "too low" | "too high";
/** Which bounds a value has reached. */
export interface Alarms {
  readonly alarm?: AlarmSide;
  readonly warning?: AlarmSide;
  readonly rds?: boolean;
}
export const noAlarms: Alarms = {};

type Bound = number | bigint | undefined;

/** Bounds are reached when met; NaN reaches none. When both are, the lower one is told. */
function side(elements: Elements, low: Bound, high: Bound): AlarmSide | undefined {
  if (low === undefined && high === undefined) return undefined;
  let tooHigh = false;
  for (let index = 0; index < elements.length; index++) {
    const value = elements[index] as number | bigint;
    if (low !== undefined && value <= low) return "too low";
    if (high !== undefined && value >= high) tooHigh = true;
  }
  return tooHigh ? "too high" : undefined;
}

/** Some element differs from the set value by the tolerated difference or more. */
function differs(elements: Elements, set: Elements, tolerated: number | bigint): boolean {
  if (elements.length !== set.length) return true;
  for (let index = 0; index < elements.length; index++) {
    const [read, wanted] = [elements[index], set[index]];
    const difference =
      typeof read === "bigint" && typeof wanted === "bigint" ? read - wanted : Number(read) - Number(wanted);
    if ((difference < 0 ? -difference : difference) >= tolerated) return true;
  }
  return false;
}

/** `sinceWrite`: milliseconds since the last write, undefined before the first. */
export function alarmsOf(
  criteria: Criteria,
  elements: Elements,
  set: Elements | undefined,
  sinceWrite: number | undefined,
): Alarms {
  if (!criteria.alarmed) return noAlarms;
  const alarm = side(elements, criteria.minAlarm, criteria.maxAlarm);
  const warning = side(elements, criteria.minWarning, criteria.maxWarning);
  const { delta } = criteria;
  const rds =
    delta !== undefined &&
    set !== undefined &&
    sinceWrite !== undefined &&
    sinceWrite >= delta.time &&
    differs(elements, set, delta.value);
  return { ...(alarm && { alarm }), ...(warning && !alarm && { warning }), ...(rds && { rds }) };
}

export const qualityOf = ({ alarm, warning, rds }: Alarms): AttrQuality =>
  alarm || rds ? "ATTR_ALARM" : warning ? "ATTR_WARNING" : "ATTR_VALID";

/** The lines of the Status text. */
export function alarmLines(label: string, { alarm, warning, rds }: Alarms): readonly string[] {
  return [
    ...(alarm ? [`Alarm : Value ${alarm} for ${label}`] : []),
    ...(rds ? [`Alarm : Read too Different than Set (RDS) for ${label}`] : []),
    ...(warning ? [`Warning : Value ${warning} for ${label}`] : []),
  ];
}
