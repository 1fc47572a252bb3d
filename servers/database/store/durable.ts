// SPDX-License-Identifier: MIT
// Changes that are answered only once they are on the disk, and share the wait: all changes of one turn of the event
// loop go into one transaction, each in a savepoint of its own, and are acknowledged together after its one commit.
import type { Store } from "./store.ts";

export interface Durable {
  /** Runs `change` now; resolves with its value when it is on the disk. What a change that throws did is undone. */
  change<T>(change: () => T): Promise<T>;
  /** Runs `read` now. While changes wait for the disk the answer waits with them: nobody is shown what may yet be lost. */
  read<T>(read: () => T): T | Promise<T>;
}

/** `afterCommit` runs after each commit, before its changes are answered. */
export function durable({ database }: Store, afterCommit: () => void = () => {}): Durable {
  let group: Promise<void> | undefined;

  const commit = () => {
    group = undefined;
    try {
      database.exec("COMMIT");
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      throw error;
    }
    afterCommit();
  };
  const join = (): Promise<void> => {
    if (group) return group;
    database.exec("BEGIN IMMEDIATE");
    group = new Promise<void>((resolve, reject) => {
      setImmediate(() => {
        try {
          resolve(commit());
        } catch (error) {
          reject(error);
        }
      });
    });
    // Each change of the group hears of a failure; when every one of them threw by itself, nobody does.
    group.catch(() => {});
    return group;
  };
  return {
    change: async (change) => {
      const committed = join();
      const value = savepoint(database, change);
      await committed;
      return value;
    },
    read: (read) => {
      const value = read();
      return group ? group.then(() => value) : value;
    },
  };
}

/** All of `change` or nothing of it. */
export function savepoint<T>(database: Store["database"], change: () => T): T {
  database.exec("SAVEPOINT change");
  try {
    const value = change();
    database.exec("RELEASE change");
    return value;
  } catch (error) {
    // A full disk may have rolled the whole transaction back already.
    if (database.isTransaction) database.exec("ROLLBACK TO change; RELEASE change");
    throw error;
  }
}
