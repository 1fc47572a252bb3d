// SPDX-License-Identifier: MIT
// What goes wrong with a scan, in words for the person in front of it.

/** The scan was aborted: by `run.abort()`, by the signal, or because its block was left. */
export class ScanAbort extends Error {
  override readonly name = "ScanAbort";
}

/** Arguments no scan can be made of; nothing was moved and no scan number was used. */
export class ScanArgumentError extends TypeError {
  override readonly name = "ScanArgumentError";
}

/** A point of the trajectory is outside an axis' limits; nothing was moved and no scan number was used. */
export class LimitError extends RangeError {
  override readonly name = "LimitError";
}

/** Something did not answer in time; the message names it. */
export class StallError extends Error {
  override readonly name = "StallError";
}

/** Thrown by a watchdog or preset: ends the scan after the current point, as a success. */
export class StopScan extends Error {
  override readonly name = "StopScan";
}

/** An abort reason as an Error: what was thrown at `controller.abort(reason)` may be anything. */
export function abortError(reason: unknown): Error {
  if (reason instanceof ScanAbort) return reason;
  if (reason instanceof Error && reason.name !== "AbortError") return reason;
  return new ScanAbort(typeof reason === "string" ? reason : "scan aborted", { cause: reason });
}

/** The nearest of the known words, when it is near enough to be a slip of the keyboard. */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let least = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const far = distance(word.toLowerCase(), candidate.toLowerCase(), least);
    if (far < least) [best, least] = [candidate, far];
  }
  return best;
}

/** Edits (insert, delete, replace, swap neighbours) between two words, or `bound` when there are at least as many. */
function distance(a: string, b: string, bound: number): number {
  if (Math.abs(a.length - b.length) >= bound) return bound;
  let [older, old] = [[] as number[], Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let least = Math.min(old[j]! + 1, row[j - 1]! + 1, old[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) least = Math.min(least, older[j - 2]! + 1);
      row.push(least);
    }
    [older, old] = [old, row];
  }
  return old[b.length]!;
}
