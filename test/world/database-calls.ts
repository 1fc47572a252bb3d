// SPDX-License-Identifier: MIT
// Calls to a Tango database and their answers, as data: recorded from a real one, played on any.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { python } from "./peers.ts";

export type DatabaseCall = readonly [command: string, argument: string | readonly string[] | null];
export interface DatabaseAnswer {
  readonly reply?: unknown;
  /** Reason, description and origin of the first level. */
  readonly error?: readonly [reason: string, desc: string, origin: string];
}

/** What the real servers (Tango 9.3) answered to each call, in one session on a fresh database. */
export type Recording = "database" | "access-control";
export const recordingFile = (name: Recording): string =>
  join(import.meta.dirname, `../vectors/database/${name}.jsonl`);

export function recordedCalls(name: Recording): readonly (DatabaseAnswer & { readonly call: DatabaseCall })[] {
  const text = readFileSync(recordingFile(name), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** Plays the calls, in order, on a device of the database at `host` with a real PyTango client. */
export async function playCalls(
  host: string,
  calls: readonly DatabaseCall[],
  { device = "sys/database/2", interpreter = python } = {},
): Promise<DatabaseAnswer[]> {
  const child = spawn(interpreter, [join(import.meta.dirname, "database-calls.py"), device], {
    env: { ...process.env, TANGO_HOST: host },
    stdio: ["pipe", "pipe", "pipe"],
  });
  const text = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => (text.out += chunk));
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => (text.err += chunk));
  child.stdin.end(calls.map((call) => `${JSON.stringify(call)}\n`).join(""));
  const code = await new Promise((resolve) => child.once("close", resolve));
  if (code !== 0) throw new Error(`the client on ${host} ended with ${code}:\n${text.err}`);
  return text.out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/**
 * What two databases answered to the same calls, where it differs in what it should not. Allowed to differ: dates,
 * references and this machine's name; the words of an SQL engine; and an argument that is too short, which is a CORBA
 * exception of the real one and a clear DevFailed of ours.
 */
export function differences(
  calls: readonly DatabaseCall[],
  ours: readonly DatabaseAnswer[],
  real: readonly DatabaseAnswer[],
): { call: DatabaseCall; ours: unknown; real: unknown }[] {
  return calls.flatMap((call, index) => {
    const [mine, theirs] = [ours[index] ?? {}, real[index] ?? {}];
    const tooShort = theirs.error?.[0] === "API_CorbaException" && mine.error?.[0] === "DB_IncorrectArguments";
    const [left, right] = [comparable(mine), comparable(theirs)];
    return tooShort || isDeepStrictEqual(left, right) ? [] : [{ call, ours: left, real: right }];
  });
}

function comparable({ reply, error }: DatabaseAnswer): unknown {
  if (error) return { error: [error[0], error[1].replace(/\(error=[\s\S]*?\)\n/, "(error)\n"), error[2]] };
  const text = JSON.stringify(reply ?? null)
    .replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, "TIME")
    .replace(/\d+(st|nd|rd|th) \w+ \d{4} at \d\d:\d\d:\d\d/g, "TIME")
    .replace(/History lgth = \d+/g, "History")
    .replace(/IOR:[0-9a-f]{40,}/g, "IOR")
    .replaceAll(`"${hostname().split(".")[0]}"`, '"HOST"');
  return { reply: JSON.parse(text) };
}
