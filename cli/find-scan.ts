// SPDX-License-Identifier: MIT
// The scan a person means.
import type { DataStore, StoredScan } from "../writers/index.ts";

/** By key, by number (the newest of that number), or the last one. */
export async function findScan(store: DataStore, which: string | undefined): Promise<StoredScan> {
  if (which === undefined) {
    const last = await store.lastScan();
    if (!last) throw new Error(`there is no scan at ${store.connection.url}`);
    return store.loadScan(last.key);
  }
  if (!/^\d+$/.test(which)) return store.loadScan(which);
  const newest = (await store.search({ number: Number(which) })).keys.toSorted().at(-1);
  if (!newest) throw new Error(`there is no scan of number ${which}: \`bandoneon scans list\` shows what there is`);
  return store.loadScan(newest);
}
