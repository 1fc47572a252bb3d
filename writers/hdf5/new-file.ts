// SPDX-License-Identifier: MIT
// A new file appears whole: a process that dies while HDF5 writes its first bytes must not leave a file nobody can open.
import { existsSync, linkSync, renameSync, rmSync } from "node:fs";

/** Makes `path` by `create`, which makes and closes an empty file, unless the file is there. */
export function createWhole(path: string, create: (path: string) => void): void {
  if (existsSync(path)) return;
  const fresh = `${path}.new`;
  rmSync(fresh, { force: true });
  create(fresh);
  try {
    linkSync(fresh, path);
    rmSync(fresh);
  } catch (error) {
    // Another program was first, or the file system knows no links.
    if (existsSync(path)) rmSync(fresh, { force: true });
    else if ((error as NodeJS.ErrnoException).code) renameSync(fresh, path);
    else throw error;
  }
}
