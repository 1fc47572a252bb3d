// SPDX-License-Identifier: MIT
import { expect, test, vi } from "vitest";
import { rounds } from "../../../servers/starter/rounds.ts";

test("rounds follow each other after a pause, at once when asked, never two at a time", async () => {
  vi.useFakeTimers();
  try {
    const ending = new AbortController();
    let [begun, at] = [0, 0];
    let finish = () => {};
    const round = () => {
      begun++;
      expect(++at).toBe(1);
      return new Promise<void>((resolve) => {
        finish = () => {
          at--;
          resolve();
        };
      });
    };
    const { soon, ended } = rounds(round, 1000, ending.signal);
    const settle = () => vi.advanceTimersByTimeAsync(0);
    soon(); // during a round: one more right after it
    soon();
    expect(begun).toBe(1);
    finish();
    await settle();
    expect(begun).toBe(2);
    finish();
    await vi.advanceTimersByTimeAsync(999);
    expect(begun).toBe(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(begun).toBe(3);
    finish();
    await settle();
    soon(); // during the pause: at once
    await settle();
    expect(begun).toBe(4);
    ending.abort();
    finish();
    await ended;
    expect(begun).toBe(4);
  } finally {
    vi.useRealTimers();
  }
});
