// SPDX-License-Identifier: MIT
// The real blissdata and blisswriter at the work that our benches do, in processes of their own.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { python } from "../test/world/peers.ts";

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

/** `url` of a store; what it prints. See bench/peers/blissdata-work.py. */
export async function blissdata(what: string, url: string, ...args: (string | number)[]): Promise<Work> {
  const command = [blissdataProgram, what, `${url}?protocol=2`, ...args.map(String)];
  // It may crash when it ends, with its work done and told.
  const { stdout } = await promisify(execFile)(python, command, { timeout: 120_000, killSignal: "SIGKILL" }).catch(
    (error) => {
      if (typeof error.stdout === "string" && error.stdout.includes("{")) return error as { stdout: string };
      throw error;
    },
  );
  return workOf(stdout);
}
export const workOf = (output: string): Work =>
  JSON.parse(output.split("\n").findLast((line) => line.startsWith("{")) ?? "{}");

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

export const line = (what: string, ours: string, theirs: string, ratio: number): void =>
  console.log(what.padEnd(52), ours.padStart(16), theirs.padStart(16), `${ratio.toFixed(2)}x`.padStart(9));
