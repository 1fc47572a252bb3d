// SPDX-License-Identifier: MIT
// Homing, limit search, setting the position, and what survives Init and a restart.
import { describe, expect, test } from "vitest";
import { eventually, motorStore, rest, startMotors } from "../../world/motors.ts";

const world = (properties = {}) => startMotors(motorStore({ m: properties }));

describe("homing", () => {
  test.each([
    ["GoHome", 4],
    ["GoHomeInversed", -4],
  ] as const)("%s finds the switch on its side and gives it the home position", async (command, place) => {
    await using motors = await world({ HomeSwitchPosition: place, HomePosition: 100, Velocity: 8 });
    const m = await motors.motor("m");
    await m.call(command);
    expect(await m.status()).toMatch(/^Searching the home switch/);
    await expect(m.write("Position", 0)).rejects.toThrow(/stop it/);
    expect(await rest(m)).toBe("ON");
    expect(await m.read("DialPosition")).toBe(100);
    expect(await m.read("Measured_Position")).toBeCloseTo(100, 3);
    expect(await m.read("HomeSwitch")).toBe(true);
  });

  test("without a home position it leaves the counts alone", async () => {
    await using motors = await world({ HomeSwitchPosition: 4 });
    const m = await motors.motor("m");
    await m.call("GoHome");
    expect(await rest(m)).toBe("ON");
    expect(await m.read("DialPosition")).toBe(4);
  });

  test("a switch that is not met is an ALARM that says so; a stop is none", async () => {
    await using motors = await world({ HomeSwitchPosition: 4, HighSwitch: 3, HomePosition: 7, Velocity: 100 });
    const m = await motors.motor("m");
    await m.call("GoHome");
    expect(await rest(m)).toBe("ALARM");
    expect(await m.status()).toMatch(/no home switch found/);
    await using other = await world({ HomeSwitchPosition: 400, HomePosition: 7, Velocity: 10 });
    const slow = await other.motor("m");
    await slow.call("GoHome");
    await slow.call("Stop");
    expect(await rest(slow)).toBe("ON");
    expect(await slow.read("DialPosition")).toBeLessThan(1);
  });

  test("a negative sign turns the search around", async () => {
    await using motors = await world({ HomeSwitchPosition: -4, Sign: -1, HomePosition: 0 });
    const m = await motors.motor("m");
    await m.call("GoHome");
    expect(await rest(m)).toBe("ON");
    expect(await m.read("Position")).toBe(0);
  });
});

describe("limit search", () => {
  test("ends on the switch, in ALARM because the axis is on it", async () => {
    await using motors = await world({ HighSwitch: 3, LowSwitch: -2 });
    const m = await motors.motor("m");
    for (const [way, place] of [
      [1, 3],
      [-1, -2],
    ] as const) {
      await m.call("FindLimit", way);
      expect(await rest(m)).toBe("ALARM");
      expect(await m.read("DialPosition")).toBeCloseTo(place, 2);
      expect(await m.status()).toMatch(way === 1 ? /On the high limit switch/ : /On the low limit switch/);
    }
    await expect(m.call("FindLimit", 2)).rejects.toThrow(/1 is the high limit switch/);
  });
});

describe("the position without motion", () => {
  test("SetPosition and PresetPosition change the offset, SetDial the dial", async () => {
    await using motors = await world({ Sign: -1, LowLimit: -10, HighLimit: 10 });
    const m = await motors.motor("m");
    await m.write("Position", 2);
    await rest(m);
    expect(await m.call("SetPosition", 20)).toBe(2);
    expect(await m.read("Position")).toBe(20);
    expect(await m.read("DialPosition")).toBe(-2);
    expect(await m.read("Offset")).toBe(18);
    expect([...(await m.read("Limits"))]).toEqual([8, 28]);
    await m.write("PresetPosition", 2);
    expect(await m.read("Offset")).toBe(0);
    expect(await m.call("SetDial", 50)).toBe(-2);
    expect(await m.read("Position")).toBe(2);
    expect(await m.call("CtrlPosition")).toBe(50);
    await expect(m.call("SetPosition", Number.NaN)).rejects.toThrow(/cannot be set to NaN/);
  });

  test("is refused while it moves", async () => {
    await using motors = await world({ Velocity: 1 });
    const m = await motors.motor("m");
    await m.write("Position", 2);
    await expect(m.call("SetDial", 0)).rejects.toThrow(/Moving to 2 mm: stop it before you set its dial position/);
    await m.call("Abort");
  });
});

describe("what survives", () => {
  test("settings and position are there after a restart, and gone after ApplyConfig", async () => {
    const store = motorStore({ m: { LowLimit: -100, HighLimit: 100 } });
    {
      await using motors = await startMotors(store);
      const m = await motors.motor("m");
      await m.write("Velocity", 250);
      await m.write("AccTime", 0.5);
      await m.write("Offset", 3);
      await m.write("Limits", [-5, 20]);
      await m.write("Backlash", 0.5);
      await m.write("Position", 7);
      await rest(m);
    }
    await using motors = await startMotors(store);
    const m = await motors.motor("m");
    expect(await m.read("Velocity")).toBe(250);
    expect(await m.read("Acceleration")).toBe(500);
    expect(await m.read("Position")).toBe(7);
    expect([...(await m.read("Limits"))]).toEqual([-5, 20]);
    await m.call("ApplyConfig", false);
    expect(await m.read("Velocity")).toBe(1000);
    expect(await m.read("Position")).toBe(4);
    expect([...(await m.read("Limits"))]).toEqual([-100, 100]);
  });

  test("ApplyConfig takes properties as somebody has changed them meanwhile", async () => {
    const store = motorStore({ m: { Velocity: 100 } });
    await using motors = await startMotors(store);
    const m = await motors.motor("m");
    await m.write("Velocity", 250);
    await store.putDeviceProperties("a/motor/m", { Velocity: ["30"], HighLimit: ["7"] });
    await m.call("ApplyConfig", false);
    expect(await m.read("Velocity")).toBe(100);
    await m.call("ApplyConfig", true);
    expect(await m.read("Velocity")).toBe(30);
    expect([...(await m.read("Limits"))]).toEqual([Number.NEGATIVE_INFINITY, 7]);
    for (const wrong of ["fast", "-3"]) {
      await store.putDeviceProperties("a/motor/m", { Velocity: [wrong] });
      await expect(m.call("ApplyConfig", true)).rejects.toThrow(/property Velocity is .*must be/);
    }
    expect(await m.read("Velocity")).toBe(30);
  });

  test("SaveConfig makes settings the configuration", async () => {
    const store = motorStore({ m: {} });
    {
      await using motors = await startMotors(store);
      const m = await motors.motor("m");
      await m.write("Velocity", 20);
      await m.call("SaveConfig");
    }
    await using motors = await startMotors(store);
    const m = await motors.motor("m");
    expect(await m.call("ReadConfig", "velocity")).toBe("20");
    expect((await m.readAttribute("Velocity")).value).toBe(20);
    await m.call("ApplyConfig", false);
    expect(await m.read("Velocity")).toBe(20);
    await expect(m.call("ReadConfig", "colour")).rejects.toThrow(/no setting or property "colour"/);
  });

  test("lines of Settings that make no sense are left out, the rest is taken", async () => {
    await using motors = await startMotors(
      motorStore({ m: { Settings: ["velocity=12", "velocity=-1", "colour=1", ";"] } }),
    );
    expect(await (await motors.motor("m")).read("Velocity")).toBe(12);
  });

  test("Init in mid-move stops the axis first, and keeps where it is", async () => {
    await using motors = await world({ Velocity: 50, Acceleration: 1e5 });
    const m = await motors.motor("m");
    await m.write("Position", 1000);
    const before = await eventually(
      () => m.read("Position"),
      (position) => position > 1,
    );
    await m.call("Init");
    expect(await m.state()).toBe("ON");
    const after = await m.read("Position");
    expect(after).toBeGreaterThanOrEqual(before);
    expect(after).toBeLessThan(before + 20);
    expect(await m.read("Position")).toBe(after);
  });
});

describe("properties no motor can work with", () => {
  test.each([
    [{ StepsPerUnit: 0 }, /StepsPerUnit is 0/],
    [{ Sign: 3 }, /Sign is 3: it must be 1 or -1/],
    [{ LowLimit: 4, HighLimit: 3 }, /LowLimit is 4: it must be below HighLimit 3/],
    [{ Velocity: -4 }, /Velocity is -4: it must be positive/],
  ])("%j leave the device in FAULT with the reason in Status", async (properties, why) => {
    await using motors = await world(properties);
    const m = await motors.motor("m");
    expect(await m.state()).toBe("FAULT");
    expect(await m.status()).toMatch(why);
  });
});
