// SPDX-License-Identifier: MIT
// Changes that are answered only once they are committed, and share the commit: all changes of one turn of the event loop
// go into one transaction, each in a savepoint of its own, and are acknowledged together.
import type { Store } from "./store.ts";

export interface Durable {
  /** Runs `change` now; resolves with its value when it is committed. What a change that throws did is undone. */
  change<T>(change: () => T): Promise<T>;
  /** Runs `read` now. While changes wait for their commit the answer waits with them: nobody is shown what may yet be lost. */
  read<T>(read: () => T): T | Promise<T>;
}

/** `afterCommit` runs after each commit, before its changes are answered. */
export function durable({ database, flush }: Store, afterCommit: () => void = () => {}): Durable {
  let group: PromiseWithResolvers<void> | undefined;

  const end = (mine: PromiseWithResolvers<void>, failure?: unknown) => {
    if (group === mine) group = undefined;
    if (failure === undefined) mine.resolve();
    else mine.reject(failure);
  };
  const commit = (mine: PromiseWithResolvers<void>) => {
    if (group !== mine) return;
    try {
      database.exec("COMMIT");
      flush();
      afterCommit();
      end(mine);
    } catch (error) {
      if (database.isTransaction) database.exec("ROLLBACK");
      end(mine, error);
    }
  };
  const join = (): PromiseWithResolvers<void> => {
    if (group) return group;
    database.exec("BEGIN IMMEDIATE");
    const mine = Promise.withResolvers<void>();
    // Each change of the group hears of a failure; when every one of them threw by itself, nobody does.
    mine.promise.catch(() => {});
    setImmediate(commit, mine);
    return (group = mine);
  };
  return {
    change: async (change) => {
      const mine = join();
      try {
        const value = savepoint(database, change);
        await mine.promise;
        return value;
      } catch (error) {
        // A full disk ends the whole transaction: the others of the group are lost with this one, and are told.
        if (group === mine && !database.isTransaction) end(mine, error);
        throw error;
      }
    },
    read: (read) => {
      const value = read();
      return group ? group.promise.then(() => value) : value;
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
