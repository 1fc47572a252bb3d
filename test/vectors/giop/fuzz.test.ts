// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { fuzz } from "./fuzz.ts";

test("damaged messages are refused one by one, and the server lives", async () => {
  const outcome = await fuzz(5000, 42);
  expect(outcome.wrong).toEqual([]);
  expect(outcome.refused).toBeGreaterThan(1000);
  expect(outcome.decoded).toBeGreaterThan(300);
  expect(outcome.replies).toBeGreaterThan(50);
  expect(outcome.memory).toBeLessThan(64 << 20);
}, 30_000);
