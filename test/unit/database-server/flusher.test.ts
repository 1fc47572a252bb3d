// SPDX-License-Identifier: MIT
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { flusher } from "../../../servers/database/store/flusher.ts";
import { openStore } from "../../../servers/database/store/store.ts";

function folder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "flusher-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

test("a store waits for the disk only when asked to", () => {
  using place = folder();
  const mode = (powerSafe: boolean) => {
    using store = openStore(join(place.path, "tango.db"), { powerSafe });
    store.flush();
    return store.database.prepare("PRAGMA synchronous").get();
  };
  expect(mode(false)).toEqual({ synchronous: 1 });
  expect(mode(true)).toEqual({ synchronous: 2 });
});

test("a store in memory has no disk to write to", () => {
  using store = openStore(":memory:");
  expect(() => store.flush()).not.toThrow();
});

test("a write that fails is told to the next one, once", async () => {
  using place = folder();
  const file = join(place.path, "tango.db");
  // What a disk would refuse, a pipe refuses as well.
  execFileSync("mkfifo", [`${file}-wal`]);
  using disk = flusher(file);
  disk.flush();
  const told = () => {
    try {
      disk.flush();
      return "";
    } catch (error) {
      return String(error);
    }
  };
  await expect.poll(told).toMatch(/the disk of .*tango\.db does not take what is written to it: EINVAL/);
});

test("it is closed in the middle of a write without harm, and a missing log is an error", () => {
  using place = folder();
  const file = join(place.path, "tango.db");
  expect(() => flusher(file).flush()).toThrow("tango.db-wal");
  writeFileSync(`${file}-wal`, "log");
  const disk = flusher(file);
  disk.flush();
  disk.flush();
  disk[Symbol.dispose]();
});
