// SPDX-License-Identifier: MIT
// A million damaged messages: `node test/soak/wire-fuzz.ts [messages] [seed]`. Prints what became of them; exits 1 when
// one caused what none may.
import { fuzz } from "../vectors/giop/fuzz.ts";

const [messages = 1_000_000, seed = 1] = process.argv.slice(2).map(Number);
const started = performance.now();
const outcome = await fuzz(messages, seed);
const { wrong, ...figures } = outcome;
console.table({
  ...figures,
  seed,
  seconds: Math.round((performance.now() - started) / 1000),
  rss: process.memoryUsage().rss,
});
for (const line of wrong.slice(0, 20)) console.log(line);
process.exit(wrong.length === 0 ? 0 : 1);
