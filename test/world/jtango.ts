// SPDX-License-Identifier: MIT
// The Java client of Tango (TangORB over JacORB and JeroMQ), as Jive, Astor and ATK use it.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { jtangoFolder } from "./peers.ts";

/** What the Java program `name` saw, a line each. @throws Error with the program's words when it fails */
async function seenBy(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<readonly string[]> {
  const program = ["-cp", join(jtangoFolder, "*"), join(import.meta.dirname, `jtango/${name}.java`), ...args];
  const { stdout } = await promisify(execFile)("java", program, { env, timeout: 120_000 });
  return stdout.split("\n").flatMap((line) => (line.startsWith("> ") ? [line.slice(2)] : []));
}

/** Of a device that is a TangoTest. */
export const visit = (device: string, env: NodeJS.ProcessEnv) => seenBy("Visitor", [device], env);

/** Of a database that knows no `id00`. */
export const administer = (env: NodeJS.ProcessEnv) => seenBy("Administrator", [], env);
