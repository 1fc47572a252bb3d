// SPDX-License-Identifier: MIT
// Has SQLite's write-ahead log written to the disk right after a commit, while the commit is answered already.
import { closeSync, fdatasync, openSync } from "node:fs";

export interface Flusher extends Disposable {
  /**
   * Begins to write what was committed to the disk; one write at a time, and the last commit always.
   * @throws Error when an earlier write failed: what was answered then is not safe from a power cut.
   */
  flush(): void;
}

/** `file` is the database's; nothing is opened before the first flush. */
export function flusher(file: string): Flusher {
  let log: number | undefined;
  let writing = false;
  let again = false;
  let closed = false;
  let failure: Error | null = null;

  const close = () => {
    if (log !== undefined) closeSync(log);
    log = undefined;
  };
  const write = (descriptor: number) => {
    writing = true;
    again = false;
    fdatasync(descriptor, (error) => {
      writing = false;
      failure = error;
      if (closed) close();
      else if (again) write(descriptor);
    });
  };
  return {
    flush: () => {
      const cause = failure;
      failure = null;
      again = true;
      if (!writing) write((log ??= openSync(`${file}-wal`, "r+")));
      if (cause)
        throw new Error(`the disk of ${file} does not take what is written to it: ${cause.message}`, { cause });
    },
    [Symbol.dispose]: () => {
      closed = true;
      if (!writing) close();
    },
  };
}

/** For a database that needs none: in memory, or one whose commits wait for the disk themselves. */
export const noFlusher: Flusher = { flush: () => {}, [Symbol.dispose]: () => {} };
