// SPDX-License-Identifier: MIT
// Several axes as one motion: all are checked before any moves, each controller gets one request, and when one is
// stopped or fails the others stop too.
import type { MotorAxis } from "./axis.ts";
import type { AxisDriver, AxisGroup } from "./driver.ts";
import type { Halt } from "./motion.ts";

/** Returns when every controller has accepted. An axis that moves already is sent elsewhere by itself. */
export async function moveTogether(targets: ReadonlyMap<MotorAxis, number>): Promise<void> {
  await Promise.all([...targets.keys()].map((axis) => axis.view.fresh().catch(() => {}))); // `plan` says so
  const planned = [...targets].map(([axis, target]) => ({ axis, target, legs: axis.plan(target).legs }));
  const starting = planned.filter(({ axis, legs }) => !axis.moving && legs.length > 0);
  await Promise.all(starting.map(({ axis }) => axis.sendSpeed()));
  const starts = requests(starting.map(({ axis, legs }) => [axis.driver, legs[0] ?? 0]));
  await Promise.all(planned.map(({ axis, target }) => axis.move(target, starts.get(axis.driver))));
  bind(starting.map(({ axis }) => axis));
  await Promise.all([...starts.values()].map((start) => start()));
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
