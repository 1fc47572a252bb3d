// SPDX-License-Identifier: MIT
// What any client of a motor meets: moves, limits, backlash, stopping, retargeting, through Tango.
import { describe, expect, test } from "vitest";
import { eventually, motorStore, rest, startMotors } from "../../world/motors.ts";

const slow = { Velocity: 10, Acceleration: 1000 };
const world = (properties = {}) => startMotors(motorStore({ m: properties }));

describe("a move", () => {
  test("starts with a write and ends on the target; dial, steps and target follow", async () => {
    await using motors = await world({ Offset: 5, Sign: -1 });
    const m = await motors.motor("m");
    expect(await m.read("Position")).toBe(5);
    await m.write("Position", 12.5);
    expect(await m.state()).toBe("MOVING");
    expect(await m.status()).toBe("Moving to 12.5 mm.");
    expect(await rest(m)).toBe("ON");
    expect(await m.status()).toBe("Ready at 12.5 mm.");
    expect(await m.read("Position")).toBe(12.5);
    expect(await m.read("DialPosition")).toBe(-7.5);
    expect(await m.read("Steps")).toBe(-7500);
    expect(await m.read("Target")).toBe(12.5);
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY, 1e9])("to %s is refused and moves nothing", async (target) => {
    await using motors = await world();
    const m = await motors.motor("m");
    await expect(m.write("Position", target)).rejects.toThrow(/API_WAttrOutsideLimit|API_AttrValueNotSet|NaN|Inf/);
    expect(await m.state()).toBe("ON");
    expect(await m.read("Position")).toBe(0);
  });

  test("two clients at once: the second bends the move of the first", async () => {
    await using motors = await world({ Velocity: 100, Acceleration: 1000 });
    const [one, two] = [await motors.motor("m"), await motors.motor("m")];
    await Promise.all([one.write("Position", 50), two.write("Position", 2)]);
    expect(await rest(one)).toBe("ON");
    expect([2, 50]).toContain(await two.read("Position"));
    expect(await one.read("Target")).toBe(await one.read("Position"));
  });

  test("a new target during a move bends it there", async () => {
    await using motors = await world({ Velocity: 100, Acceleration: 10_000 });
    const m = await motors.motor("m");
    await m.write("Position", 1000);
    await m.write("Position", -1);
    expect(await rest(m)).toBe("ON");
    expect(await m.read("Position")).toBe(-1);
  });

  test("a new target that is where the axis is now brings it back there", async () => {
    await using motors = await world({ Velocity: 20, Acceleration: 1000 });
    const m = await motors.motor("m");
    await m.write("Position", 1000);
    const passed = await eventually(
      () => m.read("Position"),
      (position) => position > 0.5,
    );
    await m.write("Position", passed);
    expect(await rest(m)).toBe("ON");
    expect(await m.read("Position")).toBeCloseTo(passed, 3);
    expect(await m.read("Target")).toBe(passed);
  });

  test("MoveRelative and steps count from the last target", async () => {
    await using motors = await world({ StepSize: 0.25 });
    const m = await motors.motor("m");
    await m.call("MoveRelative", 1);
    await m.call("MoveRelative", 1);
    await rest(m);
    expect(await m.read("Position")).toBe(2);
    await m.call("StepUp");
    // What panels show as the set point follows, whatever sent it there.
    expect((await m.readAttribute("Position")).set).toBe(2.25);
    await rest(m);
    await m.call("StepDown");
    await m.call("StepDown");
    await rest(m);
    expect(await m.read("Position")).toBe(1.75);
  });
});

describe("limits", () => {
  test("are Position's min and max, follow offset and sign, and refuse what is beyond", async () => {
    await using motors = await world({ LowLimit: -1, HighLimit: 10 });
    const m = await motors.motor("m");
    const shown = async () => {
      const { minValue, maxValue } = await m.attribute("Position");
      return [Number(minValue), Number(maxValue)];
    };
    expect(await shown()).toEqual([-1, 10]);
    await expect(m.write("Position", 10.5)).rejects.toThrow(/API_WAttrOutsideLimit/);
    await expect(m.call("MoveRelative", -1.5)).rejects.toThrow(/limit/);
    await m.write("Offset", 100);
    expect(await shown()).toEqual([99, 110]);
    await m.write("Sign", -1);
    expect(await shown()).toEqual([90, 101]);
    expect([...(await m.read("Limits"))]).toEqual([90, 101]);
    await m.write("Limits", [95, 96]);
    expect(await shown()).toEqual([95, 96]);
  });

  test.each([
    ["Limits", [3, 2], /the low one must be below the high one/],
    ["Limits", [Number.NaN, 2], /NaN/],
    ["Velocity", 0, /must be positive/],
    ["Acceleration", -1, /must be positive/],
    ["SettleTime", -1, /must not be negative/],
    ["Sign", 2, /must be 1 or -1/],
    ["AccTime", 0, /must be positive/],
  ] as const)("%s = %j is refused, saying why", async (attribute, value, why) => {
    await using motors = await world();
    const m = await motors.motor("m");
    const before = await m.read(attribute);
    await expect(m.untyped.write(attribute, value)).rejects.toThrow(why);
    expect(await m.read(attribute)).toEqual(before);
  });

  test("MaxVelocity bounds Velocity and jogs", async () => {
    await using motors = await world({ MaxVelocity: 1000 });
    const m = await motors.motor("m");
    await expect(m.write("Velocity", 1001)).rejects.toThrow(/1000/);
    await expect(m.call("Jog", 1001)).rejects.toThrow(/MaxVelocity is 1000/);
  });

  test("a switch ends the move in ALARM; moving away is allowed", async () => {
    await using motors = await world({ HighSwitch: 3 });
    const m = await motors.motor("m");
    await m.write("Position", 20);
    expect(await rest(m)).toBe("ALARM");
    expect(await m.status()).toMatch(/high limit switch/);
    expect(await m.read("HardLimitHigh")).toBe(true);
    expect(await m.read("Position")).toBeCloseTo(3, 2);
    await m.write("Position", 1);
    expect(await rest(m)).toBe("ON");
    expect(await m.read("HardLimitHigh")).toBe(false);
  });

  test("sign turns the switches around", async () => {
    await using motors = await world({ HighSwitch: 3, Sign: -1 });
    const m = await motors.motor("m");
    await m.write("Position", -20);
    expect(await rest(m)).toBe("ALARM");
    expect([...(await m.read("Limit_switches"))]).toEqual([false, false, true]);
    expect(await m.status()).toMatch(/low limit switch/);
  });
});

describe("backlash", () => {
  test("a move against it turns beyond its target and comes back", async () => {
    await using motors = await world({ Backlash: 2, ...slow, Velocity: 100 });
    const m = await motors.motor("m");
    await m.write("Position", -1);
    let lowest = 0;
    while ((await m.state()) === "MOVING") lowest = Math.min(lowest, await m.read("Position"));
    expect(lowest).toBeLessThan(-2);
    expect(await m.read("Position")).toBe(-1);
  });

  test("its turning point must be within the limits too", async () => {
    await using motors = await world({ Backlash: 2, LowLimit: -2, HighLimit: 10 });
    const m = await motors.motor("m");
    await expect(m.write("Position", -1)).rejects.toThrow(/backlash|limit/i);
    await m.write("Position", 1);
    expect(await rest(m)).toBe("ON");
  });

  test("Stop on the way to the turning point, and on the way back, ends the whole move", async () => {
    for (const until of [-0.5, -2.5]) {
      await using motors = await world({ Backlash: 2, Velocity: 20, Acceleration: 10_000 });
      const m = await motors.motor("m");
      await m.write("Position", -1);
      while ((await m.read("Position")) > until);
      await m.call("Stop");
      expect(await rest(m)).toBe("ON");
      const at = await m.read("Position");
      expect(at).toBeLessThanOrEqual(until);
      expect(at).not.toBe(-1);
      expect(await m.read("Target")).toBe(at);
    }
  });
});

describe("stopping", () => {
  test.each([
    ["acceleration", { Velocity: 1000, Acceleration: 100 }],
    ["cruise", { Velocity: 10, Acceleration: 1e6 }],
    ["settling", { Velocity: 1e4, Acceleration: 1e8, SettleTime: 30 }],
  ])("in its %s phase brings it to rest at once", async (phase, properties) => {
    await using motors = await world(properties);
    const m = await motors.motor("m");
    await m.write("Position", 100);
    if (phase === "settling") while ((await m.read("Position")) < 100);
    await m.call("Stop");
    expect(await rest(m)).toBe("ON");
    const { value: at = Number.NaN, set } = await m.readAttribute("Position");
    expect(at < 100 || phase === "settling").toBe(true);
    expect(set).toBe(at);
  });

  test("Abort stops without a ramp; both do nothing to an axis at rest", async () => {
    await using motors = await world({ Velocity: 10, Acceleration: 0.1 });
    const m = await motors.motor("m");
    await m.call("Stop");
    await m.call("Abort");
    await m.write("Position", 100);
    while ((await m.read("Position")) < 0.01);
    await m.call("Abort");
    expect(await rest(m)).toBe("ON");
    expect(await m.read("Position")).toBeLessThan(1);
  });

  test("WaitMove of one client does not keep another from stopping", async () => {
    await using motors = await world(slow);
    const [one, two] = [await motors.motor("m"), await motors.motor("m")];
    await one.write("Position", 1000);
    const waiting = one.call("WaitMove");
    await two.call("Stop");
    await waiting;
    expect(await two.state()).toBe("ON");
  });
});

describe("jog", () => {
  test("runs until stopped, changes speed, and respects the soft limit", async () => {
    await using motors = await world({ HighLimit: 5, LowLimit: -5, Velocity: 100, Acceleration: 1e5 });
    const m = await motors.motor("m");
    await m.call("Jog", 50);
    expect(await m.status()).toMatch(/^Jogging/);
    await expect(m.write("Position", 0)).rejects.toThrow(/stop it/);
    expect(await rest(m)).toBe("ON");
    expect(await m.read("Position")).toBe(5);
    await expect(m.call("Jog", 1)).rejects.toThrow(/soft limit/);
    await m.call("JogMove", -1);
    await m.call("JogMove", 0);
    expect(await rest(m)).toBe("ON");
    expect(await m.read("Position")).toBeLessThanOrEqual(5);
  });

  test.each([{ LowLimit: -5 }, {}])("turned around it ends on the other side (%j)", async (limits) => {
    await using motors = await world({ HighLimit: 500, ...limits, Velocity: 100, Acceleration: 1e5 });
    const m = await motors.motor("m");
    await m.call("Jog", 50);
    await eventually(
      () => m.read("Position"),
      (position) => position > 0.1,
    );
    await m.call("Jog", -100);
    const at = await eventually(
      () => m.read("Position"),
      (position) => position <= -5,
    );
    expect(at).toBeLessThanOrEqual(-5);
    await m.call("Stop");
    expect(await rest(m)).toBe("ON");
    if ("LowLimit" in limits) expect(at).toBe(-5);
  });
});
