// SPDX-License-Identifier: MIT
import { describe, expect, test } from "vitest";
import { jogging, type Profile, resting, stopping, trapezoid } from "../../../servers/motor/profile.ts";

const speed = { velocity: 2, acceleration: 4 };

/** Integrates the velocity: an independent way to the position. */
function integral(profile: Profile, until: number): number {
  const steps = 20_000;
  const h = until / steps;
  let sum = 0;
  for (let i = 0; i < steps; i += 1) sum += profile.at((i + 0.5) * h).velocity * h;
  return sum;
}

test("a trapezoid: ramp v/a, cruise, ramp; positions by hand", () => {
  const profile = trapezoid(1, 11, speed);
  // Ramps take 0.5 s and 0.5 units each; 9 units at 2 a second.
  expect(profile.duration).toBeCloseTo(0.5 + 4.5 + 0.5, 12);
  expect(profile.at(0)).toEqual({ position: 1, velocity: 0 });
  expect(profile.at(0.25).position).toBeCloseTo(1 + 0.125, 12);
  expect(profile.at(0.5).position).toBeCloseTo(1.5, 12);
  expect(profile.at(2.5)).toEqual({ position: 1.5 + 4, velocity: 2 });
  expect(profile.at(5.25).position).toBeCloseTo(11 - 0.125, 12);
  expect(profile.at(5.5)).toEqual({ position: 11, velocity: 0 });
  expect(profile.at(99)).toEqual({ position: 11, velocity: 0 });
});

test("a short move is a triangle: 2 sqrt(d/a) long, half way at half time", () => {
  const profile = trapezoid(0, -0.25, speed);
  expect(profile.duration).toBeCloseTo(2 * Math.sqrt(0.25 / 4), 12);
  expect(profile.at(profile.duration / 2).position).toBeCloseTo(-0.125, 12);
  expect(profile.at(profile.duration / 2).velocity).toBeCloseTo(-1, 12);
});

test("a start-stop rate shortens the ramps", () => {
  const profile = trapezoid(0, 10, { ...speed, firstVelocity: 1 });
  expect(profile.at(0).velocity).toBe(1);
  // Ramps of 0.25 s and 0.375 units.
  expect(profile.duration).toBeCloseTo(0.25 + (10 - 0.75) / 2 + 0.25, 12);
});

describe("from a motion already going on", () => {
  const cases: [name: string, to: number, velocity: number][] = [
    ["the same way", 10, 1.5],
    ["faster than allowed", 10, 3],
    ["away from it", 10, -2],
    ["too fast to stop before it", 0.2, 2],
    ["downwards, away", -3, 1],
    ["to where it is", 0, 2],
  ];
  test.each(cases)("%s: starts with that velocity, ends at rest at the target, never jumps", (_name, to, velocity) => {
    const profile = trapezoid(0, to, speed, velocity);
    expect(profile.at(0).velocity).toBeCloseTo(velocity, 12);
    expect(profile.at(profile.duration).position).toBe(to);
    expect(profile.at(profile.duration - 1e-9).velocity).toBeCloseTo(0, 6);
    expect(integral(profile, profile.duration)).toBeCloseTo(to, 3);
    let last = profile.at(0);
    for (let t = 0; t < profile.duration; t += 0.001) {
      const now = profile.at(t);
      expect(Math.abs(now.velocity - last.velocity)).toBeLessThanOrEqual(4 * 0.001 + 1e-9);
      expect(Math.abs(now.position - last.position)).toBeLessThanOrEqual(
        Math.max(2, Math.abs(velocity)) * 0.001 + 1e-9,
      );
      last = now;
    }
  });
});

test("random moves end exactly at the target, and the area under the velocity is the way", () => {
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let n = 0; n < 40; n += 1) {
    const [from, to, velocity] = [random() * 20 - 10, random() * 20 - 10, random() * 6 - 3];
    const limits = { velocity: 0.2 + random() * 3, acceleration: 0.2 + random() * 5 };
    const profile = trapezoid(from, to, limits, velocity);
    expect(profile.at(profile.duration).position).toBe(to);
    expect(integral(profile, profile.duration)).toBeCloseTo(to - from, 2);
  }
});

test("stopping, jogging, resting", () => {
  expect(stopping({ position: 5, velocity: -2 }, 4)).toMatchObject({ end: 4.5, duration: 0.5 });
  const jog = jogging({ position: 0, velocity: 0 }, -2, 4);
  expect(jog.at(0.5)).toEqual({ position: -0.5, velocity: -2 });
  expect(jog.at(10.5).position).toBeCloseTo(-20.5, 12);
  expect(jog.duration).toBe(Number.POSITIVE_INFINITY);
  expect(resting(3).at(7)).toEqual({ position: 3, velocity: 0 });
});

test("when a position is reached: the inverse of the motion", () => {
  const profile = trapezoid(0, 10, speed);
  for (const position of [0.1, 0.5, 3, 9.5, 9.99]) {
    const t = profile.timeOf(position)!;
    expect(profile.at(t).position).toBeCloseTo(position, 9);
  }
  expect(profile.timeOf(10.5)).toBeUndefined();
  expect(profile.timeOf(-1)).toBeUndefined();
  // An overshoot passes the target twice: the first time counts.
  const back = trapezoid(0, 0.2, speed, 2);
  expect(back.timeOf(0.4)!).toBeLessThan(0.5);
});
