// SPDX-License-Identifier: MIT
// Ctrl-C whenever it comes: before anything is known, while moving, counting, going home.
import { expect, test } from "vitest";
import { beamline, ScanAbort, Session, softAxis, softCounters } from "../../../../scanning/index.ts";

/** A relative scan of 5 points, one reading each; `tell` hears of every start of a move and of every reading. */
function scanning(tell: (what: string) => void) {
  let [moves, readings] = [0, 0];
  const robx = softAxis("robx", { velocity: 500, position: 1, moved: () => tell(`move ${++moves}`) });
  const det = softCounters("dev", {
    det: () => {
      tell(`reading ${++readings}`);
      return 7;
    },
  }).det;
  const session = new Session({ name: "demo", objects: [robx, det], warn: () => {} });
  const { dscan, desk } = beamline(session, { write: () => true, isTTY: true, columns: 80 });
  const start = () => dscan(robx, -1, 1, 4, 0, det).catch((error: unknown) => error);
  return { robx, session, desk, start };
}

const moves = [1, 2, 3, 4, 5].map((n) => `move ${n}`);
const readings = [1, 2, 3, 4].map((n) => `reading ${n}`);
test.each(["at once", ...moves, ...readings])("%s: stopped, back home, points whole, nothing left", async (moment) => {
  const { robx, session, desk, start } = scanning((what) => {
    if (what === moment) desk.interrupt();
  });
  const ended = start();
  if (moment === "at once") desk.interrupt();
  expect(await ended).toBeInstanceOf(ScanAbort);
  const run = session.lastScan;
  expect(run.state).toBe("USER_ABORTED");
  expect(desk.busy).toBe(false);
  expect(await robx.state?.()).toBe("READY");
  expect(await robx.position()).toBeCloseTo(1, 9);
  const before = Math.max(0, Number(moment.split(" ")[1]) - 1 || 0);
  expect(run.points).toBeLessThanOrEqual(before + 1);
  expect(run.points).toBeGreaterThanOrEqual(Math.max(0, before - 1));
  if (run.identity) for (const name of run.names) expect(run.data(name)).toHaveLength(run.points);
});

test("on the way home of a finished scan: it still gets there, and the scan is aborted or done", async () => {
  const { robx, session, desk, start } = scanning((what) => {
    if (what === "move 6") desk.interrupt();
  });
  await start();
  expect(session.lastScan.points).toBe(5);
  expect(await robx.position()).toBeCloseTo(1, 9);
  expect(desk.busy).toBe(false);
});
