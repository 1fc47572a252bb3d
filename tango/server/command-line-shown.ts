// SPDX-License-Identifier: MIT
// What others see as this process's command line. Starter, Astor and `pgrep` find a device server by `Server instance`,
// where a program run by Node would show Node's path and a script.
import { closeSync, openSync, readFileSync, writeSync } from "node:fs";

/**
 * Shows `words` in /proc/self/cmdline in place of how the process was started. Elsewhere than on Linux, or when there is
 * no room, nothing happens: it is for people and process lists, no part of the server depends on it.
 */
export function showCommandLine(words: readonly string[]): void {
  if (process.platform !== "linux") return;
  try {
    const { start, size } = argumentMemory(readFileSync("/proc/self/stat", "latin1"));
    const bytes = Buffer.from(`${words.join("\0")}\0`, "latin1");
    if (bytes.length > size) return;
    const memory = openSync("/proc/self/mem", "r+");
    try {
      writeSync(memory, Buffer.concat([bytes, Buffer.alloc(size - bytes.length)]), 0, size, start);
    } finally {
      closeSync(memory);
    }
  } catch {
    // A hardened kernel does not let a process write so.
  }
}

/** Where the arguments are: the fields arg_start and arg_end, counted after the name, which may hold blanks (proc(5)). */
function argumentMemory(stat: string): { readonly start: number; readonly size: number } {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [start = 0, end = 0] = fields.slice(45, 47).map(Number);
  return { start, size: end - start };
}
