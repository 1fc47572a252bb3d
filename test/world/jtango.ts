// SPDX-License-Identifier: MIT
// The Java client of Tango (TangORB over JacORB and JeroMQ), as Jive, Astor and ATK use it.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { jtangoFolder } from "./peers.ts";

/** What a Java client sees of a device that is a TangoTest, a line each. @throws Error with the client's words when it fails */
export async function visit(device: string, env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const args = ["-cp", join(jtangoFolder, "*"), join(import.meta.dirname, "jtango/Visitor.java"), device];
  const { stdout } = await promisify(execFile)("java", args, { env, timeout: 120_000 });
  return stdout.split("\n").flatMap((line) => (line.startsWith("> ") ? [line.slice(2)] : []));
}
