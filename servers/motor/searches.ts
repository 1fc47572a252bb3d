// SPDX-License-Identifier: MIT
// The motions that are not moves: homing, limit search, jog, trajectory.
import type { MotorAxis } from "./axis.ts";
import type { Direction } from "./driver.ts";
import { direction, stepsOfDial, stepsOfUser } from "./frame.ts";
import { Motion } from "./motion.ts";
import { jogEnd } from "./plan.ts";
import { checkArrival, untilRest } from "./pursuit.ts";
import { badValue, notNow, notSupported } from "./refusal.ts";
import { MotionFailed } from "./situation.ts";
import { type Knot, through } from "./trajectory.ts";

const named = (way: Direction): string => (way === 1 ? "high" : "low");

/** Looks for the home switch; where it is found becomes `Home_Position`, when that is set. `way`: user direction. */
export async function goHome(axis: MotorAxis, way: Direction): Promise<void> {
  const { driver } = axis;
  if (!driver.home) throw notSupported("search a home switch", driver.about);
  await startable(axis, "home it");
  const motion = new Motion("home", `Searching the home switch in the ${named(way)} direction`);
  axis.launch(motion, async () => {
    await axis.sendSpeed();
    await driver.home?.((way * direction(axis.frame)) as Direction);
    const reading = await untilRest(axis, motion);
    if (motion.halt) return;
    const found = await driver.homeFound?.();
    if (found === undefined)
      throw new MotionFailed("ALARM", `no home switch found; rests at ${axis.view.positionText}`);
    checkArrival(axis, undefined);
    const { homePosition } = axis.settings;
    if (!Number.isNaN(homePosition)) await axis.setSteps(stepsOfDial(axis.frame, homePosition) + reading.steps - found);
  });
}

/** Moves until the limit switch of that user side is met. */
export async function findLimit(axis: MotorAxis, way: Direction): Promise<void> {
  const { driver } = axis;
  if (!driver.searchLimit) throw notSupported("search a limit switch", driver.about);
  await startable(axis, "search a limit");
  const motion = new Motion("limit search", `Searching the ${named(way)} limit switch`);
  axis.launch(motion, async () => {
    await axis.sendSpeed();
    await driver.searchLimit?.((way * direction(axis.frame)) as Direction);
    await untilRest(axis, motion);
    if (motion.halt) return;
    const { low, high } = axis.view.switches;
    if (!(way === 1 ? high : low))
      throw new MotionFailed("ALARM", `rests at ${axis.view.positionText} without the ${named(way)} limit switch`);
  });
}

/**
 * Moves at `velocity` (user units a second, signed) until stopped, or up to the soft limit of that side. During a jog it
 * changes the speed; 0 stops.
 */
export async function jog(axis: MotorAxis, velocity: number): Promise<void> {
  const { driver, frame, settings, device } = axis;
  if (velocity === 0) return axis.halt("stop");
  const most = device.properties.MaxVelocity ?? Number.POSITIVE_INFINITY;
  if (!Number.isFinite(velocity) || Math.abs(velocity) > most)
    throw badValue(`a jog at ${velocity} is not possible; MaxVelocity is ${most}`);
  const way = (Math.sign(velocity) * direction(frame)) as Direction;
  const end = jogEnd(frame, settings, way);
  // Towards a soft limit a jog is a move to it: the controller brakes in time.
  const goal = Number.isFinite(end) ? Math.trunc(end) : undefined;
  if (goal === undefined && !driver.jog) throw notSupported("jog without a soft limit to go to", driver.about);
  const start = (to: (goal: number) => unknown) =>
    goal === undefined ? driver.jog?.(way * Math.abs(velocity * frame.stepsPerUnit)) : to(goal);
  const running = axis.motion;
  if (running?.kind === "jog") {
    await axis.sendSpeed(Math.abs(velocity));
    running.aim(goal);
    if ((await start((to) => driver.retarget?.(to) ?? false)) === false)
      throw notNow(`${driver.about} cannot change the speed of this jog: stop it first`);
    return;
  }
  const { steps } = await startable(axis, "jog");
  if (goal !== undefined && (goal - steps) * way <= 0)
    throw badValue(`the axis is at its soft limit: it cannot jog that way`);
  const motion = new Motion("jog", `Jogging at ${velocity} ${device.properties.Unit}/s`);
  motion.aim(goal);
  axis.launch(motion, async () => {
    await axis.sendSpeed(Math.abs(velocity));
    await start((to) => driver.move(to));
    await untilRest(axis, motion);
    if (!motion.halt) checkArrival(axis, motion.goal);
  });
}

/** A trajectory in user units, checked against the limits and turned into steps. */
export function stepsTrajectory(axis: MotorAxis, knots: readonly Knot[]): Knot[] {
  const { frame, settings } = axis;
  const curve = through(knots);
  const [low, high] = [settings.lowLimit, settings.highLimit]
    .map((dial) => frame.sign * dial + frame.offset)
    .sort((a, b) => a - b);
  const samples = Math.max(200, knots.length * 16);
  for (let n = 0; n <= samples; n += 1) {
    const t = (curve.duration * n) / samples;
    const { position } = curve.at(t);
    if (position < low! || position > high!)
      throw badValue(`the trajectory is at ${position} after ${t} s, beyond the limits [${low}, ${high}]`);
  }
  const rate = frame.sign * frame.stepsPerUnit;
  return knots.map(({ time, position, velocity }) => ({
    time,
    position: stepsOfUser(frame, position),
    velocity: velocity * rate,
  }));
}

/** Follows `knots` (steps); the axis must be at the first. */
export async function followTrajectory(axis: MotorAxis, knots: readonly Knot[]): Promise<void> {
  const reading = await startable(axis, "start a trajectory");
  const first = knots[0]!.position;
  if (Math.abs(reading.steps - first) > 1)
    throw notNow(`the trajectory starts at ${first} steps and the axis is at ${reading.steps}: move there first`);
  const motion = new Motion("trajectory", `Following a trajectory of ${knots.length} points`);
  axis.launch(motion, async () => {
    await axis.driver.follow?.(knots);
    await untilRest(axis, motion);
    if (!motion.halt) checkArrival(axis, knots.at(-1)!.position);
  });
}

async function startable(axis: MotorAxis, what: string) {
  axis.resting(what);
  await axis.view.fresh().catch(() => {}); // `ready` says so
  return axis.ready();
}
