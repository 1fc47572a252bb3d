// SPDX-License-Identifier: MIT
// Programs that read a question from standard input and print an answer as JSON.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";

/** @throws Error with what the program wrote to standard error when it fails. */
export async function answerOf(program: string, args: readonly string[], question: string): Promise<unknown> {
  const child = spawn(program, args, { timeout: 60_000 });
  child.stdin.end(question);
  const [output, complaint, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
  if (code !== 0) throw new Error(`${program} ended with ${code}: ${complaint}`);
  return JSON.parse(output);
}
