// SPDX-License-Identifier: MIT
// Room on the disk. A full disk in the middle of a write costs an HDF5 file; so the writer waits before it comes to that.
import { statfs } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";

/** Bytes that this user may still write into the folder. */
export async function freeBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

export interface RoomOptions {
  readonly signal?: AbortSignal;
  /** Bytes to leave free. */
  readonly reserve: number;
  /** Milliseconds between looks at a disk that is full. */
  readonly period: number;
  /** Milliseconds to wait for room before giving up; default: for ever. */
  readonly patience?: number;
  /** Called when the wait begins, and when it is over. */
  readonly onWait?: (message: string) => void;
}

/**
 * Resolves once the folder has room for `bytes` beside the reserve.
 * @throws Error naming the folder when the patience is over.
 */
export async function waitForRoom(folder: string, bytes: number, options: RoomOptions): Promise<void> {
  const { reserve, period, patience = Number.POSITIVE_INFINITY, signal, onWait } = options;
  const begun = performance.now();
  for (let waited = false; ; waited = true) {
    const free = await freeBytes(folder);
    if (free >= reserve + bytes) {
      if (waited) onWait?.(`${folder} has room again (${humanBytes(free)}): writing goes on`);
      return;
    }
    if (!waited)
      onWait?.(
        `${folder} has ${humanBytes(free)} left, less than ${humanBytes(reserve + bytes)}: writing waits for room`,
      );
    if (performance.now() - begun >= patience)
      throw new Error(
        `the disk of ${folder} is full (${humanBytes(free)} left, ${humanBytes(reserve)} are kept free): make room, or save elsewhere`,
      );
    await delay(Math.min(period, patience), undefined, signal ? { signal } : {});
  }
}

export function humanBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB", "PB"];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  return `${(bytes / 1000 ** power).toFixed(power ? 1 : 0)} ${units[power]}`;
}
