// SPDX-License-Identifier: MIT
// Several axes as one motion: all are checked before any moves, each controller gets one request, and when one is
// stopped or fails the others stop too.
import { DevFailed, devFailed } from "../../tango/errors.ts";
import type { MotorAxis } from "./axis.ts";
import type { AxisDriver, AxisGroup } from "./driver.ts";
import type { Halt } from "./motion.ts";
import { notArrived } from "./refusal.ts";

/**
 * Returns when every controller has accepted. An axis that moves already is sent elsewhere by itself. When a controller
 * refuses to start, those that have started are stopped: rejects when all rest.
 */
export async function moveTogether(targets: ReadonlyMap<MotorAxis, number>): Promise<void> {
  const asked = [...targets].map(([axis, target]) => ({ axis, target, halts: axis.halts }));
  await Promise.all(asked.map(({ axis }) => axis.view.fresh().catch(() => {}))); // `plan` says so
  const planned = asked.map((each) => ({ ...each, legs: legsOf(each.axis, each.target) }));
  const starting = planned.filter(({ axis, legs }) => !axis.moving && legs.length > 0);
  await Promise.all(starting.map(({ axis }) => axis.sendSpeed()));
  const starts = requests(starting.map(({ axis, legs }) => [axis.driver, legs[0] ?? 0]));
  const moves = planned.map(({ axis, target, halts }) => axis.move(target, { begin: starts.get(axis.driver), halts }));
  const accepted = await Promise.allSettled(moves);
  const axes = starting.map(({ axis }) => axis);
  bind(axes);
  const begun = await Promise.allSettled([...starts.values()].map((start) => start()));
  const refused = [...accepted, ...begun].find((each) => each.status === "rejected");
  if (!refused) return;
  await haltTogether(axes, "stop").catch(() => {}); // the refusal says more
  await Promise.all(axes.map(({ ended }) => ended));
  throw refused.reason;
}

/** @throws DevFailed naming the axis that may not go there. */
function legsOf(axis: MotorAxis, target: number): readonly number[] {
  try {
    return axis.plan(target).legs;
  } catch (error) {
    const [first] = error instanceof DevFailed ? error.errors : [];
    throw first ? devFailed(first.reason, `${axis.device.name}: ${first.desc}`) : error;
  }
}

/** Waits until all rest; their positions. @throws DevFailed naming each that did not arrive, and why. */
export async function arriveTogether(axes: readonly MotorAxis[]): Promise<number[]> {
  await Promise.all(axes.map(({ ended }) => ended));
  const failed = axes.flatMap(({ device, failure }) => (failure ? `${device.name}: ${failure.status}` : []));
  if (failed.length > 0) throw notArrived(failed.join("\n"));
  return axes.map(({ view }) => view.position);
}

/** Ends the motions of all; each controller is told once. Returns when all have accepted. */
export async function haltTogether(axes: readonly MotorAxis[], how: Halt): Promise<void> {
  // All are marked before any tells the others it started with.
  const tells = axes.map((axis) => axis.endMotion(how));
  for (const tell of tells) tell();
  const batches = Map.groupBy(axes, ({ driver }) => driver.group ?? driver);
  await Promise.all(
    [...batches.values()].map(async (batch) => {
      const [first] = batch;
      const group = first?.driver.group;
      if (group && batch.length > 1)
        await group.halt(
          batch.map(({ driver }) => driver),
          how,
        );
      else await first?.haltDriver(how);
    }),
  );
}

/** What starts each axis: axes of one controller share one request, sent when the first of them starts. */
function requests(legs: readonly (readonly [AxisDriver, number])[]): Map<AxisDriver, () => Promise<void>> {
  const batches = new Map<AxisGroup | AxisDriver, Map<AxisDriver, number>>();
  for (const [driver, leg] of legs) {
    const key = driver.group ?? driver;
    batches.set(key, (batches.get(key) ?? new Map()).set(driver, leg));
  }
  const starts = new Map<AxisDriver, () => Promise<void>>();
  for (const batch of batches.values()) {
    let sent: Promise<void> | undefined;
    const start = () => (sent ??= send(batch));
    for (const driver of batch.keys()) starts.set(driver, start);
  }
  return starts;
}

async function send(batch: ReadonlyMap<AxisDriver, number>): Promise<void> {
  const [first] = batch;
  if (!first) return;
  const [driver, leg] = first;
  await (driver.group && batch.size > 1 ? driver.group.move(batch) : driver.move(leg));
}

/** When one of the motions that go on now is halted, so are the others. */
function bind(axes: readonly MotorAxis[]): void {
  for (const axis of axes)
    axis.motion?.halted.add((how) => {
      for (const other of axes)
        if (other !== axis && other.motion && !other.motion.halt)
          other.halt(how).catch((error: unknown) => other.device.log.error(String(error)));
    });
}
