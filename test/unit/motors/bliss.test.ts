// SPDX-License-Identifier: MIT
// What BLISS's axis server does that other motors do not: writes that wait, a gate, a trajectory as an image.
import { describe, expect, test } from "vitest";
import type { PropertyInput } from "../../../tango/index.ts";
import { eventually, motorStore, rest, startMotors } from "../../world/motors.ts";

async function world(properties: PropertyInput = {}) {
  await using stack = new AsyncDisposableStack();
  const motors = stack.use(await startMotors(motorStore({ m: properties })));
  const m = await motors.motor("m");
  const owned = stack.move();
  return { m, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe("write_position_wait", () => {
  test("a write of Position, and a step, answer when the axis rests", async () => {
    await using w = await world({ write_position_wait: true, Velocity: 100 });
    await w.m.write("Position", 2);
    expect(await w.m.readAttributes(["Position", "State"])).toMatchObject([{ value: 2 }, { value: "ON" }]);
    await w.m.call("StepUp");
    expect(await w.m.readAttributes(["Position", "State"])).toMatchObject([{ value: 3 }, { value: "ON" }]);
  });

  test("others read and stop it meanwhile; the writer is told where it rests, or why it did not arrive", async () => {
    await using w = await world({ write_position_wait: true, Velocity: 10, HighSwitch: 50 });
    const written = w.m.write("Position", 100);
    await eventually(
      () => w.m.read("Position"),
      (position) => position > 0.1,
    );
    expect(await w.m.state()).toBe("MOVING");
    await w.m.call("Stop");
    await written;
    expect(await w.m.state()).toBe("ON");
    await w.m.write("Velocity", 1000);
    await expect(w.m.write("Position", 100)).rejects.toThrow(/API_CommandFailed.*stopped by the high limit switch/);
  });
});

test("SetGate opens and closes the gate, and nothing else", async () => {
  await using w = await world();
  for (const [given, open] of [
    [1, true],
    [0, false],
  ] as const) {
    await w.m.call("SetGate", given);
    expect(await w.m.read("Gate")).toBe(open);
  }
  await expect(w.m.call("SetGate", 2)).rejects.toThrow(/1 opens the gate and 0 closes it; 2 is neither/);
});

test("trajpar is the loaded trajectory in rows: times, positions, velocities", async () => {
  await using w = await world({ HighLimit: 5 });
  expect(await w.m.read("trajpar")).toEqual({ data: Float64Array.of(0), shape: [1, 1] });
  const table = (position: number) => ({ data: Float64Array.of(0, 0.02, 0, position, 0, 0), shape: [3, 2] as const });
  await w.m.write("trajpar", table(2));
  expect(await w.m.read("trajpar")).toEqual(table(2));
  await w.m.call("StartTrajectory");
  expect(await rest(w.m)).toBe("ON");
  expect(await w.m.read("Position")).toBe(2);
  await expect(w.m.write("trajpar", table(6))).rejects.toThrow(/beyond the limits/);
  await expect(w.m.write("trajpar", { data: new Float64Array(4), shape: [2, 2] })).rejects.toThrow(/three rows.*not 2/);
  expect(await w.m.read("trajpar")).toEqual(table(2));
  await w.m.call("LoadTrajectory", Float64Array.of(0, 2, 0, 0.1, 3, 0));
  expect(await w.m.read("trajpar")).toEqual({ data: Float64Array.of(0, 0.1, 2, 3, 0, 0), shape: [3, 2] });
});
