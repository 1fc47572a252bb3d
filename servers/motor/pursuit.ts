// SPDX-License-Identifier: MIT
// Following a motion to its end: polling, events, bending, halting, and what is checked once it rests.
import type { MotorAxis } from "./axis.ts";
import type { AxisReading } from "./driver.ts";
import { direction } from "./frame.ts";
import type { Motion } from "./motion.ts";
import { MotionFailed, switches } from "./situation.ts";

export interface FollowOptions {
  /** Starts the first leg in the place of the driver, e.g. together with other axes. */
  readonly begin?: ((leg: number) => Promise<void>) | undefined;
  /** The motion goes on already. */
  readonly started?: AxisReading;
}

/** Goes leg after leg to the motion's target. @throws MotionFailed when it rests elsewhere without having been halted. */
export async function follow(axis: MotorAxis, motion: Motion, { begin, started }: FollowOptions): Promise<void> {
  if (started) await untilRest(axis, motion);
  const speed = started || begin ? undefined : axis.sendSpeed();
  if (speed) await speed; // else nothing keeps the controller waiting
  let start = begin;
  for (let leg = motion.next(); leg !== undefined; leg = motion.next()) {
    await (start ? start(leg) : axis.driver.move(leg));
    start = undefined;
    await untilRest(axis, motion);
  }
  if (motion.halt) return;
  const settleTime = axis.settings.settleTime * 1000;
  if (settleTime > 0) {
    await motion.pause(settleTime);
    await axis.view.look();
  }
  if (!motion.halt) checkArrival(axis, motion.goal);
}

/** Looks at the controller until the axis rests. A motion that is bent goes on, or is stopped to be sent elsewhere. */
export async function untilRest(axis: MotorAxis, motion: Motion): Promise<AxisReading> {
  const { view } = axis;
  // The stop of a halt that came while the start was on its way to the controller was too early.
  if (motion.halt) await axis.haltDriver(motion.halt);
  let stopping = false;
  for (;;) {
    if (motion.bent && !stopping && !motion.halt) {
      stopping = !(await bend(axis, motion));
      if (stopping || motion.halt) await axis.haltDriver(motion.halt ?? "stop");
    }
    const reading = await view.look();
    if (!reading.moving) return reading;
    view.publish(true);
    axis.rememberOnTheWay();
    if (!motion.bent) await motion.pause(pollingDelay(axis, reading));
  }
}

/** Sends a moving axis to its next place; false when it must be stopped for that. */
async function bend(axis: MotorAxis, motion: Motion): Promise<boolean> {
  const leg = motion.next();
  if (leg === undefined) return true;
  const done = (await axis.driver.retarget?.(leg)) ?? false;
  if (!done) motion.putBack(leg);
  return done;
}

/** A controller that knows when the motion ends is looked at just then, and for events; another often. */
function pollingDelay({ device: { properties } }: MotorAxis, { remaining }: AxisReading): number {
  if (remaining === undefined) return properties.PollingTime * 1000;
  // Timers are late by up to a millisecond or two: the last of them are waited for without one.
  return Math.min(Math.max(0, Math.floor(remaining - 1)), properties.EventPeriod * 1000);
}

/** @throws MotionFailed with what keeps the axis from being where it should. `goal` in steps; absent: anywhere. */
export function checkArrival(axis: MotorAxis, goal: number | undefined): void {
  const { view, frame, settings, device } = axis;
  const reading = view.reading;
  const at = view.positionText;
  if (reading.fault) throw new MotionFailed("FAULT", `controller fault at ${at}: ${reading.fault}`);
  if (reading.powered === false) throw new MotionFailed("OFF", `the motor power went off at ${at}`);
  if (reading.stopped) throw new MotionFailed("FAULT", `the controller ended the motion at ${at}: ${reading.stopped}`);
  const { low, high } = switches(reading, direction(frame));
  const short = goal !== undefined && Math.abs(reading.steps - goal) > 1;
  if (short && (low || high))
    throw new MotionFailed("ALARM", `stopped by the ${high ? "high" : "low"} limit switch at ${at}`);
  const slack = settings.tolerance * Math.abs(frame.stepsPerUnit);
  if (short && Math.abs(reading.steps - goal) > slack)
    throw new MotionFailed("ALARM", `rests at ${at}, short of its target: something else stopped it`);
  const lost = Math.abs(view.position - view.measured);
  if (settings.tolerance > 0 && lost > settings.tolerance)
    throw new MotionFailed(
      "FAULT",
      `motor at ${at} but encoder at ${Number(view.measured.toPrecision(10))} ${device.properties.Unit}, ` +
        `more than the tolerance ${settings.tolerance} apart: steps were lost or the axis is blocked`,
    );
}
