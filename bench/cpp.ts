// SPDX-License-Identifier: MIT
// The C++ peers of the benches, compiled when needed: g++ and Debian's libtango-dev.
import { execFileSync } from "node:child_process";
import { join } from "node:path";

/** Compiles `bench/peers/NAME.cpp` into `folder` and gives the program's path. */
export function compiled(name: string, folder: string): string {
  const made = join(folder, name);
  const flags = execFileSync("pkg-config", ["--cflags", "--libs", "tango"], { encoding: "utf8" }).trim().split(/\s+/);
  const source = join(import.meta.dirname, `peers/${name}.cpp`);
  execFileSync("g++", ["-O2", "-std=c++17", "-w", source, "-o", made, ...flags, "-lpthread"]);
  return made;
}
