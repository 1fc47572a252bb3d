// SPDX-License-Identifier: MIT
// The embedded database killed in the middle of writes: `node test/soak/database-crash.ts [times] [seed]
// [--power-safe]`. After each kill -9 every write that was acknowledged must be there; exits 1 when one is not, or when the
// file does not open at once.
import { controlSystem } from "../../tango/index.ts";
import { embeddedDatabase } from "../world/embedded-database.ts";
import { delay } from "../world/process.ts";

const [times = 200, seed = 1] = process.argv
  .slice(2)
  .filter((word) => /^\d+$/.test(word))
  .map(Number);
const options = process.argv.slice(2).filter((word) => word.startsWith("--"));
const writers = 8;

/** mulberry32: the same moments for the same seed, as far as the machine's clock allows. */
function random(state: number): () => number {
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

await using embedded = await embeddedDatabase(...options);
const next = random(seed);
const figures = { times: 0, acknowledged: 0, lost: 0, slowestStart: 0 };
/** Of each writer: the last number it was told is written. Each write replaces one property and adds another. */
const last = Array.from({ length: writers }, () => -1);

async function write(writer: number, host: string, until: AbortSignal): Promise<void> {
  await using system = controlSystem({ host, retryDelay: 0 });
  const properties = system.database().objectProperties(`writer${writer}`);
  while (!until.aborted) {
    const number = String((last[writer] ?? -1) + 1);
    try {
      await properties.write({ last: [number], [`p${number}`]: [number] });
      last[writer] = Number(number);
      figures.acknowledged++;
    } catch {
      return; // the database is gone: what was not acknowledged may or may not be there
    }
  }
}

async function lostOf(writer: number, host: string, from: number): Promise<number> {
  await using system = controlSystem({ host });
  const known = last[writer] ?? -1;
  const names = Array.from({ length: known - from + 1 }, (_, index) => `p${from + index}`);
  const rows = await system
    .database()
    .objectProperties(`writer${writer}`)
    .read(["last", ...names]);
  const newest = Number(rows.get("last")?.[0] ?? -1);
  return names.filter((name) => rows.get(name)?.[0] !== name.slice(1)).length + (newest < known ? 1 : 0);
}

for (; figures.times < times; figures.times++) {
  const from = last.map((number) => number + 1);
  const end = new AbortController();
  const writing = last.map((_, writer) => write(writer, embedded.host, end.signal));
  await delay(10 + next() * 80);
  const begun = performance.now();
  await embedded.crash();
  figures.slowestStart = Math.max(figures.slowestStart, Math.round(performance.now() - begun));
  end.abort();
  await Promise.all(writing);
  for (const [writer, first] of from.entries()) figures.lost += await lostOf(writer, embedded.host, first);
}
console.table({ ...figures, seed });
process.exitCode = figures.lost === 0 && figures.acknowledged > times && figures.slowestStart < 5_000 ? 0 : 1;
