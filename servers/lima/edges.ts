// SPDX-License-Identifier: MIT
// Trigger edges of a camera: fired by one side, waited for by the other.

/** Trigger edges that wait to be used. */
export function edges() {
  let pending = 0;
  let wake: (() => void) | undefined;
  return {
    clear: () => {
      pending = 0;
    },
    fire: () => {
      pending++;
      wake?.();
    },
    /** True with the next edge, false when aborted first. */
    next: async (signal: AbortSignal): Promise<boolean> => {
      while (pending === 0) {
        if (signal.aborted) return false;
        const { promise, resolve } = Promise.withResolvers<void>();
        wake = resolve;
        const aborted = () => resolve();
        signal.addEventListener("abort", aborted, { once: true });
        await promise;
        signal.removeEventListener("abort", aborted);
      }
      pending--;
      return !signal.aborted;
    },
  };
}
