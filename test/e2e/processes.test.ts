// SPDX-License-Identifier: MIT
// A beamline's processes: ready, lost, stopped; each failure names the process and quotes its log.
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { processes } from "../../cli/demo/processes.ts";

const options = { env: process.env, ready: /ready/, patience: 5_000 };
const alive = (pid: string) => execFileSync("ps", ["-o", "stat=", "-p", pid], { encoding: "utf8" }).trim() !== "";

async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bandoneon-processes-"));
  try {
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("is ready when it says so, and gone when disposed", () =>
  inFolder(async (folder) => {
    const all = processes(folder);
    await all.start("Good/one", "/bin/sh", ["-c", `echo $$ > ${folder}/pid; echo ready; exec sleep 600`], options);
    const pid = execFileSync("cat", [join(folder, "pid")], { encoding: "utf8" }).trim();
    expect(alive(pid)).toBe(true);
    await all[Symbol.asyncDispose]();
    expect(() => alive(pid)).toThrow(); // ps finds no such process
  }));

test("one that ends before it is ready is named, with the end of its log", () =>
  inFolder(async (folder) => {
    await using all = processes(folder);
    const start = all.start("Bad/one", "/bin/sh", ["-c", "echo no such port; exit 3"], options);
    await expect(start).rejects.toThrow(/Bad\/one ended with exit code 3 before it was ready\n {2}\| no such port/);
    const missing = all.start("Gone/one", join(folder, "nothing"), [], options);
    await expect(missing).rejects.toThrow(/Gone\/one (could not be started|ended with exit code 127)/);
  }));

test("one that is lost later aborts the signal with its name", () =>
  inFolder(async (folder) => {
    await using all = processes(folder);
    await all.start("Short/one", "/bin/sh", ["-c", "echo ready; sleep 0.2; echo dying; exit 1"], options);
    if (!all.lost.aborted) await once(all.lost, "abort");
    expect(String(all.lost.reason)).toMatch(/Short\/one ended with exit code 1\n {2}\| ready\n {2}\| dying/);
  }));
