// SPDX-License-Identifier: MIT

export interface Rounds {
  /** The next round begins at once instead of after its pause. */
  soon(): void;
  /** Resolves when the signal has ended them. */
  readonly ended: Promise<void>;
}

/** Runs `round` again and again, `pause` milliseconds between two, never two at a time. `round` must not throw. */
export function rounds(round: () => Promise<void>, pause: number, signal: AbortSignal): Rounds {
  let asked = false;
  let wake = () => {};
  const run = async () => {
    while (!signal.aborted) {
      asked = false;
      await round();
      if (asked || signal.aborted) continue;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  };
  signal.addEventListener("abort", () => wake(), { once: true });
  const soon = () => {
    asked = true;
    wake();
  };
  return { soon, ended: run() };
}
