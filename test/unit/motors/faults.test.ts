// SPDX-License-Identifier: MIT
// What goes wrong with axes: stalls, lost steps, silent controllers, trips, power; and groups of axes.
import { describe, expect, test } from "vitest";
import { motorGroup } from "../../../devices/motor-group.ts";
import { simulatedMotor } from "../../../devices/simulated-motor.ts";
import { AxisRegistry } from "../../../servers/motor/registry.ts";
import { simulatedMotorClass } from "../../../servers/simulated-motor/motor.ts";
import { connect, controlSystem, MemoryDatabase, startServer, storeOf } from "../../../tango/index.ts";
import { eventually, type Motors, motorStore, rest, startMotors } from "../../world/motors.ts";

const world = (properties = {}) => startMotors(motorStore({ m: properties }));

describe("a fault", () => {
  test.each([
    ["stall", "blocked"],
    ["lose 500", "steps were lost"],
  ])("%s is seen by the encoder at the end of the move", async (fault, words) => {
    await using motors = await world({ Tolerance: 0.1 });
    const m = await motors.motor("m");
    await m.call("InjectFault", fault);
    await m.write("Position", 2);
    expect(await rest(m)).toBe("FAULT");
    expect(await m.status()).toContain(words);
    expect(await m.status()).toMatch(/^Moving to 2 mm/);
    expect(Math.abs(await m.read("FollowingError"))).toBeGreaterThan(0.1);
    await m.call("RepairFaults");
    await m.call("SetDial", 0);
    await m.write("Position", 1);
    expect(await rest(m)).toBe("ON");
  });

  test("without a tolerance nobody looks", async () => {
    await using motors = await world();
    const m = await motors.motor("m");
    await m.call("InjectFault", "lose 500");
    await m.write("Position", 2);
    expect(await rest(m)).toBe("ON");
    expect(await m.read("FollowingError")).toBeCloseTo(0.5, 6);
  });

  test("a controller that falls silent in mid-move: FAULT says so, reading fails, it recovers alone", async () => {
    await using motors = await world({ Velocity: 100 });
    const m = await motors.motor("m");
    await m.write("Position", 10);
    await m.call("InjectFault", "silence 0.6");
    expect(await rest(m)).toBe("FAULT");
    expect(await m.status()).toMatch(
      /^No contact with simulated axis a\/motor\/m: .*does not answer\. Trying again\.$/,
    );
    await expect(m.read("Position")).rejects.toThrow(/does not answer/);
    await expect(m.write("Position", 1)).rejects.toThrow(/No contact/);
    expect(await m.read("Velocity")).toBe(100);
    expect(
      await eventually(
        () => m.state(),
        (state) => state === "ON",
      ),
    ).toBe("ON");
    expect(await m.read("Position")).toBe(10);
  });

  test("contact found again in mid-move: the motion is followed to its end", async () => {
    await using motors = await world({ Velocity: 20, Acceleration: 1e5 });
    const m = await motors.motor("m");
    await m.write("Position", 20);
    await m.call("InjectFault", "silence 0.4");
    expect(await rest(m)).toBe("FAULT");
    expect(
      await eventually(
        () => m.state(),
        (state) => state === "MOVING",
      ),
    ).toBe("MOVING");
    expect(await m.status()).toMatch(/^Moving, found at/);
    expect(await rest(m)).toBe("ON");
    expect(await m.read("Position")).toBe(20);
  });

  test("a drive that trips stops in FAULT, refuses to move, and is well after its repair", async () => {
    await using motors = await world({ Velocity: 10 });
    const m = await motors.motor("m");
    await m.write("Position", 10);
    await m.call("InjectFault", "trip over-temperature");
    expect(await rest(m)).toBe("FAULT");
    expect(await m.status()).toMatch(/over-temperature/);
    await expect(m.write("Position", 0)).rejects.toThrow(/over-temperature/);
    await m.call("RepairFaults");
    await m.call("SyncHard");
    expect(await m.state()).toBe("ON");
    await expect(m.call("InjectFault", "sulk")).rejects.toThrow(/known faults: "stall"/);
  });

  test("power off is OFF, refuses to move, and On brings it back", async () => {
    await using motors = await world();
    const m = await motors.motor("m");
    await m.call("Off");
    expect(await m.state()).toBe("OFF");
    await expect(m.write("Position", 1)).rejects.toThrow(/power is off: call On/);
    await m.call("On");
    expect(await m.state()).toBe("ON");
  });
});

test("a database that stores nothing costs the memory, not the motion", async () => {
  class Full extends MemoryDatabase {
    override putDeviceProperties(): Promise<void> {
      return Promise.reject(new Error("disk full"));
    }
  }
  const axes = new AxisRegistry();
  await using server = await startServer({
    server: "SimulatedMotor/t",
    classes: [simulatedMotorClass(axes)],
    database: new Full(storeOf({ SimulatedMotor: { "a/motor/m": { Velocity: 1000, Acceleration: 1e5 } } })),
    write: () => {},
  });
  await using system = controlSystem();
  const m = await connect(simulatedMotor, server.trl("a/motor/m"), { system });
  await m.write("Offset", 2);
  expect(await m.call("MoveTo", 5)).toBe(5);
  expect(await m.read("DialPosition")).toBe(3);
});

describe("a group", () => {
  const open = () => startMotors(motorStore({ x: { Velocity: 50 }, y: { Velocity: 50 }, z: { HighLimit: 5 } }));
  const groupOf = ({ server, system }: Motors) => connect(motorGroup, server.trl("a/group/1"), { system });

  test("moves its axes in one request", async () => {
    await using motors = await open();
    const group = await groupOf(motors);
    expect(await group.call("GetAxisList")).toEqual(["a/motor/x", "a/motor/y", "a/motor/z"]);
    const motion = await group.call("GroupMove", ["a/motor/x", "2", "y", "-3"]);
    expect(await group.call("GroupState", motion)).toEqual(["a/motor/x", "MOVING", "a/motor/y", "MOVING"]);
    expect(await rest(group)).toBe("ON");
    expect(await (await motors.motor("x")).read("Position")).toBe(2);
    expect(await (await motors.motor("y")).read("Position")).toBe(-3);
    expect(await (await motors.motor("x")).read("GroupDevice")).toBe("a/group/1");
  });

  test("moves none when one may not move", async () => {
    await using motors = await open();
    const group = await groupOf(motors);
    for (const [words, why] of [
      [["x", "2", "z", "6"], /limit/],
      [["x", "2", "nobody", "6"], /no motor "nobody" in this server; there are: a\/motor\/x/],
      [["x", "2", "x", "6"], /a\/motor\/x is named twice/],
      [["x", "far"], /position "far" of x is not a number/],
      [["x"], /pairs/],
    ] as const)
      await expect(group.call("GroupMove", words)).rejects.toThrow(why);
    expect(await (await motors.motor("x")).read("Position")).toBe(0);
    expect(await group.state()).toBe("ON");
  });

  test("stops together: one axis that is stopped, or trips, stops the others", async () => {
    for (const halt of ["Stop", "trip"]) {
      await using motors = await open();
      const [group, x, y] = [await groupOf(motors), await motors.motor("x"), await motors.motor("y")];
      await group.call("GroupMove", ["x", "500", "y", "500"]);
      await (halt === "Stop" ? x.call("Stop") : x.call("InjectFault", "trip"));
      await rest(x);
      expect(await rest(y)).toBe("ON");
      expect(await y.read("Position")).toBeLessThan(100);
    }
  });
});
