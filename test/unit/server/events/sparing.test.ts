// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { EventPerformance } from "../../../../tango/server/events/performance.ts";
import { sparing } from "../../../../tango/server/events/sparing.ts";

test("a trouble that comes again and again is told of once in ten seconds, with how often", () => {
  let now = 0;
  const told: number[] = [];
  const tell = sparing(
    (times) => told.push(times),
    () => now,
  );
  for (now of [0, 1, 9_999, 10_000, 10_001, 30_000]) tell();
  expect(told).toEqual([1, 3, 2]);
});

test("times of events are kept only while somebody wants them, the newest 256", () => {
  const performance = new EventPerformance();
  let sent = 0;
  const send = () => performance.timed(() => sent++);
  send();
  expect(performance.samples).toBeNull();
  performance.turn(true);
  for (let count = 0; count < 300; count++) send();
  expect([sent, performance.samples?.length]).toEqual([301, 256]);
  expect(performance.samples?.[0]?.micros_since_last_event).toBeGreaterThanOrEqual(0);
  performance.turn(true);
  send();
  expect(performance.samples).toEqual([{ micros_since_last_event: null, push_event_micros: expect.any(Number) }]);
  performance.turn(false);
  expect(performance.samples).toBeNull();
});
