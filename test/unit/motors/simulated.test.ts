// SPDX-License-Identifier: MIT
// The simulated axis on a clock of the test's own: where it is at any time, what its switches, its encoder and its faults do.
import { describe, expect, test } from "vitest";
import { SimulatedAxis, type SimulatedAxisOptions } from "../../../servers/simulated-motor/axis.ts";

/** An axis of 1000 steps/s and 2000 steps/s^2, and its clock. */
function world(options: SimulatedAxisOptions = {}) {
  const clock = { ms: 0 };
  const speed = { velocity: 1000, acceleration: 2000 };
  return { clock, axis: new SimulatedAxis({ speed, now: () => clock.ms, ...options }) };
}

/** Way after `t` seconds from rest: half a second and 250 steps of ramp at either end. */
function way(distance: number, t: number): number {
  const end = distance / 1000 + 0.5;
  if (t <= 0.5) return 1000 * t * t;
  if (t <= end - 0.5) return 250 + 1000 * (t - 0.5);
  return t < end ? distance - 1000 * (end - t) ** 2 : distance;
}

describe("a move", () => {
  test.each([5000, -2750])("of %d steps is at any time where the closed form says", (distance) => {
    const { axis, clock } = world();
    axis.move(distance);
    const seconds = Math.abs(distance) / 1000 + 0.5;
    for (let n = 0; n <= 500; n += 1) {
      clock.ms = (seconds * 1000 * n) / 490;
      const { steps, moving, remaining } = axis.read();
      const expected = Math.round(Math.sign(distance) * way(Math.abs(distance), clock.ms / 1000));
      expect(Math.abs(steps - expected)).toBe(0);
      expect(moving).toBe(clock.ms < seconds * 1000);
      expect(remaining).toBeCloseTo(Math.max(0, seconds * 1000 - clock.ms), 6);
    }
  });

  test("bent in its cruise goes on from its place and velocity", () => {
    const { axis, clock } = world();
    axis.move(5000);
    clock.ms = 1000; // at 750, 1000 steps/s
    axis.retarget(0);
    clock.ms += 250; // braking: 1000 * 0.25 - 2000 * 0.25^2 / 2
    expect(axis.read().steps).toBe(750 + 188);
    // It stands at 1000 after half a second, and needs 1.5 s back.
    clock.ms += 250;
    expect(axis.read().steps).toBe(1000);
    clock.ms += 1499;
    expect(axis.read()).toMatchObject({ moving: true });
    clock.ms += 1;
    expect(axis.read()).toMatchObject({ steps: 0, moving: false });
  });

  test("ends on a limit switch, at the time it meets it, and may leave it", () => {
    const { axis, clock } = world({ high: 750, low: -10 });
    axis.move(5000);
    clock.ms = 999;
    expect(axis.read()).toMatchObject({ moving: true, limitHigh: false });
    clock.ms = 1000;
    expect(axis.read()).toMatchObject({ moving: false, steps: 750, limitHigh: true, limitLow: false });
    axis.move(6000);
    expect(axis.read()).toMatchObject({ moving: false, steps: 750 });
    axis.move(0);
    clock.ms += 10_000;
    expect(axis.read()).toMatchObject({ moving: false, steps: 0, limitHigh: false });
  });

  test("Stop brakes, Abort does not", () => {
    for (const [how, end] of [
      ["stop", 1000],
      ["abort", 750],
    ] as const) {
      const { axis, clock } = world();
      axis.move(5000);
      clock.ms = 1000;
      axis[how]();
      clock.ms += 500;
      expect(axis.read()).toMatchObject({ moving: false, steps: end });
    }
  });
});

describe("homing", () => {
  test("ends on the switch; beyond it there is none to find", () => {
    const { axis, clock } = world({ home: 300, high: 2000 });
    axis.home(1);
    clock.ms = 5000;
    expect([axis.read().steps, axis.read().home, axis.homeFound()]).toEqual([300, true, 300]);
    axis.setSteps(0);
    expect(axis.homeFound()).toBe(0);
    axis.move(500);
    clock.ms += 5000;
    axis.home(1);
    clock.ms += 60_000;
    expect(axis.homeFound()).toBeUndefined();
    expect(axis.read()).toMatchObject({ limitHigh: true, steps: 1700 });
  });

  test("without a switch, or a limit to end on, it says so", () => {
    expect(() => world().axis.home(1)).toThrow("simulated axis has no home switch on its high side");
    expect(() => world().axis.searchLimit(-1)).toThrow("simulated axis has no limit switch on its low side");
  });
});

describe("the encoder", () => {
  const readings = (seed: number, count: number) => {
    const { axis } = world({ encoder: true, noise: 3, seed });
    return Array.from({ length: count }, () => axis.read().encoder ?? Number.NaN);
  };

  test("is noisy by its standard deviation, around the true place, the same for the same seed", () => {
    const values = readings(5, 20_000);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
    expect(Math.abs(mean)).toBeLessThan((4 * 3) / Math.sqrt(20_000));
    expect(Math.abs(deviation / 3 - 1)).toBeLessThan(0.03);
    expect(readings(5, 10)).toEqual(values.slice(0, 10));
    expect(readings(6, 10)).not.toEqual(values.slice(0, 10));
  });

  test("without noise it counts what the carriage does", () => {
    const { axis, clock } = world({ encoder: true });
    axis.move(500);
    clock.ms = 10_000;
    expect(axis.read().encoder).toBe(500);
    expect(world().axis.read().encoder).toBeUndefined();
  });
});

describe("a fault", () => {
  test("lost steps are missing in the encoder and at the switches, not in the motor's count", () => {
    const { axis, clock } = world({ encoder: true, high: 400 });
    axis.inject({ kind: "lose", steps: 30 });
    axis.move(1000);
    clock.ms = 10_000;
    expect(axis.read()).toMatchObject({ steps: 430, encoder: 400, limitHigh: true });
  });

  test("a stalled carriage stays while the motor counts on, and is freed where it is", () => {
    const { axis, clock } = world({ encoder: true });
    axis.move(1000);
    clock.ms = 750; // 500 steps
    axis.inject({ kind: "stall" });
    clock.ms = 10_000;
    expect(axis.read()).toMatchObject({ steps: 1000, encoder: 500 });
    axis.repair();
    axis.move(1100);
    clock.ms = 20_000;
    expect(axis.read()).toMatchObject({ steps: 1100, encoder: 600 });
  });

  test("a silent controller answers nothing for its time, and the motion goes on", () => {
    const { axis, clock } = world({ name: "axis 7" });
    axis.move(1000);
    axis.inject({ kind: "silence", seconds: 2 });
    for (const call of [() => axis.read(), () => axis.stop(), () => axis.move(0), () => axis.power(true)])
      expect(call).toThrow("axis 7 does not answer");
    clock.ms = 2000;
    expect(axis.read()).toMatchObject({ steps: 1000, moving: false });
  });

  test("a drive that trips stands where it was", () => {
    const { axis, clock } = world();
    axis.move(1000);
    clock.ms = 750;
    axis.inject({ kind: "trip", why: "over-temperature" });
    clock.ms = 5000;
    expect(axis.read()).toMatchObject({ steps: 500, moving: false, fault: "over-temperature" });
    expect(() => axis.move(0)).toThrow("simulated axis has tripped: over-temperature");
  });
});
