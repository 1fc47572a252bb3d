// SPDX-License-Identifier: MIT
/** Milliseconds in which a trouble that comes again and again is told of once. */
const PAUSE = 10_000;

/** Calls `tell` at most once in ten seconds, with how often there was something to tell since the last time. */
export function sparing(tell: (times: number) => void, now: () => number = () => performance.now()): () => void {
  let told = Number.NEGATIVE_INFINITY;
  let times = 0;
  return () => {
    times++;
    if (now() - told < PAUSE) return;
    told = now();
    tell(times);
    times = 0;
  };
}
