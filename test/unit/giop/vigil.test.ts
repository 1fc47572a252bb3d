// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { Vigil } from "../../../tango/giop/vigil.ts";

/** A server whose client calls again a while after each answer, which depends on whether the server is awake. */
function world(pauses: { readonly awake: number; readonly asleep: number }) {
  let now = 0;
  let waiting: (() => void) | undefined;
  const vigil = new Vigil({ now: () => now, soon: (turn) => void (waiting = turn) });
  const pass = (milliseconds: number) => {
    for (let left = milliseconds; left > 0.01; left -= 0.01) {
      now += 0.01;
      const turn = waiting;
      waiting = undefined;
      turn?.();
    }
  };
  /** Whether it was awake after the answer. */
  const call = () => {
    vigil.heard();
    now += 0.005;
    vigil.answered();
    const isAwake = waiting !== undefined;
    pass(isAwake ? pauses.awake : pauses.asleep);
    return isAwake;
  };
  return {
    share: (calls: number) => Array.from({ length: calls }, call).filter(Boolean).length / calls,
    pass,
    isAwake: () => waiting !== undefined,
  };
}

test("where waking takes long, the loop stays awake between the calls of one client", () => {
  expect(world({ awake: 0.015, asleep: 0.045 }).share(5000)).toBeGreaterThan(0.95);
});

test("where staying awake costs more than it gains, the loop sleeps", () => {
  expect(world({ awake: 0.045, asleep: 0.015 }).share(5000)).toBeLessThan(0.05);
});

test("for calls that come seldom the loop is awake only to try, and goes to sleep", () => {
  const server = world({ awake: 5, asleep: 5 });
  expect(server.share(5000)).toBeLessThan(0.05);
  server.pass(1);
  expect(server.isAwake()).toBe(false);
});
