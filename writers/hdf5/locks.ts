// SPDX-License-Identifier: MIT
// Who holds a file. HDF5 locks with flock(2), which Node cannot call; Linux lists all such locks in /proc/locks.
import { readFileSync, statSync } from "node:fs";

/** The process that has locked the file, or undefined when none has or the system does not tell. */
export function lockHolder(path: string): number | undefined {
  try {
    const inode = String(statSync(path).ino);
    for (const line of readFileSync("/proc/locks", "utf8").split("\n")) {
      const [, kind, , , pid, file] = line.trim().split(/\s+/);
      if (kind === "FLOCK" && file?.split(":")[2] === inode && Number(pid) !== process.pid) return Number(pid);
    }
  } catch {
    // No file yet, or no /proc: nobody is known to hold it.
  }
  return undefined;
}
