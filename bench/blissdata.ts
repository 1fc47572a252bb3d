// SPDX-License-Identifier: MIT
// The real blissdata and blisswriter at the work that our benches do, in processes of their own.
import { join } from "node:path";
import { python } from "../test/world/peers.ts";
import { run } from "../test/world/process.ts";

export const blissdataProgram = join(import.meta.dirname, "peers/blissdata-work.py");

export interface Work {
  readonly seconds: number;
  readonly key: string;
  readonly values: number;
  readonly milliseconds: readonly number[];
  /** Seconds of the epoch. */
  readonly begun: number;
  readonly ended: number;
  readonly state: string;
}

/** A line that tells the work is done. After it the peer may crash, or hang in its threads: it is not waited for. */
export const told = /^\{.*\}$/m;

/** `url` of a store; what it prints. See bench/peers/blissdata-work.py. */
export async function blissdata(what: string, url: string, ...args: (string | number)[]): Promise<Work> {
  const command = [blissdataProgram, what, `${url}?protocol=2`, ...args.map(String)];
  const peer = await run(python, command, { ready: told, patience: 120_000 });
  await peer.stop("SIGKILL");
  return workOf(peer.output());
}
export const workOf = (output: string): Work =>
  JSON.parse(output.split("\n").findLast((line) => line.startsWith("{")) ?? "{}");

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

export const line = (what: string, ours: string, theirs: string, ratio: number): void =>
  console.log(what.padEnd(52), ours.padStart(16), theirs.padStart(16), `${ratio.toFixed(2)}x`.padStart(9));
