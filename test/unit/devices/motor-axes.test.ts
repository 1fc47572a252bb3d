// SPDX-License-Identifier: MIT
// Motors of one server that a scan moves together: one request of Tango, one command of the controller, one end.
import { expect, onTestFinished, test, vi } from "vitest";
import { AxisMotion } from "../../../devices/axis-motion.ts";
import { AxisGroups, openAxis } from "../../../devices/index.ts";
import { MotorAxes } from "../../../devices/motor-axes.ts";
import { type Axis, moveTogether } from "../../../scanning/index.ts";
import type { PropertyInput } from "../../../tango/index.ts";
import { icepapWorld } from "../../world/icepap.ts";
import { eventually, motorStore, startMotors } from "../../world/motors.ts";

async function world(motors: Readonly<Record<string, PropertyInput>>) {
  await using stack = new AsyncDisposableStack();
  const served = stack.use(await startMotors(motorStore(motors)));
  const groups = new AxisGroups();
  const open = async (name: string) => {
    const axis = await openAxis(name, served.server.trl(`a/motor/${name}`), { system: served.system, groups });
    return stack.use(axis);
  };
  const axes = await Promise.all(Object.keys(motors).map(open));
  const owned = stack.move();
  return { ...served, axes, groups, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const to = (...pairs: readonly (readonly [Axis | undefined, number])[]): ReadonlyMap<Axis, number> =>
  new Map(pairs.flatMap(([axis, position]) => (axis ? [[axis, position]] : [])));

test("several axes are one request, one axis is moved by itself", async () => {
  const asked = vi.spyOn(AxisMotion.prototype, "ask");
  onTestFinished(() => asked.mockRestore());
  await using w = await world({ x: {}, y: {}, z: {} });
  const [x, y] = w.axes;
  expect(await moveTogether(to([x, 2], [y, -3]))).toEqual(to([x, 2], [y, -3]));
  await moveTogether(to([y, 1]));
  expect(asked.mock.calls.map(([command, argument]) => [command, argument])).toEqual([
    ["GroupMoveTo", ["a/motor/x", "2", "a/motor/y", "-3"]],
    ["MoveTo", 1],
  ]);
  expect(w.groups.size).toBe(1);
});

test("axes of an IcePAP start by one command of the controller", async () => {
  await using icepap = await icepapWorld([{ address: 1 }, { address: 2 }, { address: 11 }]);
  const groups = new AxisGroups();
  const options = { system: icepap.system, groups };
  await using one = await openAxis("one", icepap.server.trl("a/icepap/1"), options);
  await using eleven = await openAxis("eleven", icepap.server.trl("a/icepap/11"), options);
  const targets = to([one, 0.5], [eleven, -0.5]);
  expect(await moveTogether(targets)).toEqual(targets);
  expect(icepap.emulator.heard.filter((line) => /MOVE/.test(line))).toEqual(["#MOVE GROUP 1 50 11 -50"]);
});

test("one that may not go there keeps all at rest, and is named", async () => {
  await using w = await world({ x: {}, y: { HighLimit: 5 } });
  const [x, y] = w.axes;
  await expect(moveTogether(to([x, 2], [y, 6]))).rejects.toThrow(/a\/motor\/y: 6 is beyond the high limit 5/);
  expect(await x?.position()).toBe(0);
});

test("one that fails stops the others, and is named", async () => {
  await using w = await world({ x: { Velocity: 10 }, y: { Velocity: 10 } });
  const [x, y] = w.axes;
  const moved = moveTogether(to([x, 100], [y, 100]));
  const failed = expect(moved).rejects.toThrow(/a\/motor\/y: .*over-temperature/);
  const m = await w.motor("y");
  await eventually(
    () => m.read("Position"),
    (position) => position > 0.1,
  );
  await m.call("InjectFault", "trip");
  await failed;
  expect(await (await w.motor("x")).state()).toBe("ON");
  expect(await x?.position()).toBeLessThan(50);
});

test("an abort stops all and waits for them, also before they have begun", async () => {
  await using w = await world({ x: { Velocity: 10 }, y: { Velocity: 10 } });
  const [x, y] = w.axes;
  for (const under of [true, false]) {
    const aborter = new AbortController();
    const moved = moveTogether(to([x, 100], [y, 100]), { signal: aborter.signal });
    if (under)
      await eventually(
        async () => x?.state?.(),
        (state) => state === "MOVING",
      );
    aborter.abort(new Error("enough"));
    await expect(moved).rejects.toThrow("enough");
    for (const axis of [x, y]) {
      expect(await axis?.state?.()).toBe("ON");
      expect(await axis?.position()).toBeLessThan(50);
    }
  }
});

test("a motion that outlasts the call is waited for by the axes' State", async () => {
  await using w = await world({ x: { Velocity: 20 }, y: { Velocity: 20 } });
  const group = new MotorAxes();
  for (const axis of w.axes) {
    const device = (await w.motor(axis.name)).untyped;
    const motion = new AxisMotion(device, {
      ...{ name: axis.name, attribute: "Position", stop: "Stop", moveTo: true, patience: 5 },
    });
    group.members.add(axis, { device, attribute: "Position", motion });
  }
  const [x, y] = w.axes;
  await group.move(to([x, 2], [y, 1]));
  expect([await x?.position(), await y?.position()]).toEqual([2, 1]);
  const stranger = await openAxis("s", w.server.trl("a/motor/x"), { system: w.system });
  await expect(group.move(to([stranger, 2], [y, 1]))).rejects.toThrow(/axis s was not opened with this group/);
  await stranger[Symbol.asyncDispose]();
});
