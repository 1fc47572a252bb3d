// SPDX-License-Identifier: MIT
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const execute = promisify(execFile);

/** Compiles a program against Debian's libtango-dev; gives where it is. */
export async function compiled(source: string, made: string): Promise<string> {
  const { stdout } = await execute("pkg-config", ["--cflags", "--libs", "tango"]);
  await execute("g++", ["-O2", "-std=c++17", "-w", source, "-o", made, ...stdout.trim().split(/\s+/), "-lpthread"]);
  return made;
}
