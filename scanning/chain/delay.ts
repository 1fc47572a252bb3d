// SPDX-License-Identifier: MIT
// Waiting that ends with an abort.

/** Resolves after `milliseconds`, to the fraction of one; at once when not positive. @throws the signal's reason. */
export async function delay(milliseconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  if (!(milliseconds > 0)) return;
  const until = performance.now() + milliseconds;
  // Timers count whole milliseconds and may be early or late by one: stop short, then wait turn by turn.
  if (milliseconds > 2) await timeout(milliseconds - 1.5, signal);
  while (performance.now() < until) {
    await new Promise<void>((resolve) => setImmediate(resolve));
    signal?.throwIfAborted();
  }
}

function timeout(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
