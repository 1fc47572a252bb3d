// SPDX-License-Identifier: MIT
// State and Status of a motor at rest: what a client, and a person at 3 a.m., is told of each situation.
import type { DevStateName } from "../../tango/idl/tango-types.ts";
import type { AxisReading } from "./driver.ts";

export interface Situation {
  readonly state: DevStateName;
  readonly status: string;
}

/** Why the last motion failed; stays in State and Status until the next motion. */
export interface Failure extends Situation {
  /** Ends by itself when the controller answers again. */
  readonly contact?: boolean;
}

/** A motion that ended where it should not; `state` is the state it leaves the device in. */
export class MotionFailed extends Error {
  override readonly name = "MotionFailed";
  readonly state: DevStateName;

  constructor(state: DevStateName, message: string, options?: ErrorOptions) {
    super(message, options);
    this.state = state;
  }
}

/** No contact is FAULT and not UNKNOWN: clients that know only a few states take UNKNOWN for ready. */
export const noContact = (about: string, cause: unknown): Failure => ({
  state: "FAULT",
  status: `No contact with ${about}: ${messageOf(cause)}. Trying again.`,
  contact: true,
});

/** `direction` 1: the controller's high side is the user's. `where` is the position as text, with its unit. */
export function atRest(
  reading: AxisReading,
  direction: 1 | -1,
  failure: Failure | undefined,
  where: string,
): Situation {
  if (reading.fault) return { state: "FAULT", status: `Controller fault: ${reading.fault}` };
  if (reading.powered === false) return { state: "OFF", status: `Motor power is off at ${where}; call On to move.` };
  if (failure && !failure.contact) return failure;
  const { low, high } = switches(reading, direction);
  const warning = reading.warning ? ` Controller warning: ${reading.warning}` : "";
  if (low && high)
    return { state: "FAULT", status: `Both limit switches are active at ${where}: check the cable.${warning}` };
  if (low || high)
    return { state: "ALARM", status: `On the ${high ? "high" : "low"} limit switch at ${where}; move away.${warning}` };
  return { state: "ON", status: `Ready at ${where}.${warning}` };
}

/** The limit switches as the user sees them. */
export function switches(reading: AxisReading, direction: 1 | -1): { readonly low: boolean; readonly high: boolean } {
  const [low, high] = [reading.limitLow ?? false, reading.limitHigh ?? false];
  return direction === 1 ? { low, high } : { low: high, high: low };
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
