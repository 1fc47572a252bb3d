// SPDX-License-Identifier: MIT
// How far a scan is, in one line.
import { duration } from "../dry-run.ts";

export interface Progress {
  readonly done: number;
  /** 0: until stopped. */
  readonly total: number;
  /** Since the first point began. */
  readonly seconds: number;
  /** Anything worth knowing while waiting: where the peak is. */
  readonly note?: string;
}

const longestBar = 40;

/** `  7/21 ━━━━━━━─────── 33 %  2.8 s left`, cut to `width` characters. */
export function progressLine({ done, total, seconds, note = "" }: Progress, width = 80): string {
  const after = note === "" ? "" : `  ${note}`;
  if (total <= 0)
    return `  ${done} ${done === 1 ? "point" : "points"} in ${duration(seconds)}, until Esc or Ctrl-C${after}`.slice(
      0,
      width,
    );
  const part = Math.min(1, done / total);
  const counts = `  ${String(done).padStart(String(total).length)}/${total} `;
  const times = ` ${String(Math.floor(100 * part)).padStart(3)} %${timeLeft(done, total, seconds)}`;
  const room = Math.min(longestBar, width - counts.length - times.length);
  const bar = room >= 10 ? "━".repeat(Math.floor(part * room)).padEnd(room, "─") : "";
  return `${counts}${bar}${times}${after}`.slice(0, width);
}

function timeLeft(done: number, total: number, seconds: number): string {
  if (done === 0 || done >= total) return "";
  return `  ${duration((seconds / done) * (total - done))} left`;
}
