// SPDX-License-Identifier: MIT
// A process may die at any moment of a flush. The disk is copied at each of them, before and after a byte is noted in the
// undo log: whoever opens the copy finds the file of the last completed flush.
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import type { Adapter } from "../../../writers/hdf5/adapter.ts";
import { loadH5wasm } from "../../../writers/hdf5/h5wasm.ts";
import { loadLibhdf5 } from "../../../writers/hdf5/libhdf5.ts";
import type { Operation } from "../../../writers/hdf5/port.ts";
import { repairFile, UndoLog, undo, undoPath } from "../../../writers/hdf5/undo-log.ts";
import { attributesOf, numbersOf, text } from "../../../writers/hdf5/values.ts";

const folder = mkdtempSync(join(tmpdir(), "bandoneon-undo-"));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => void vi.restoreAllMocks());

const adapters: Adapter[] = [await loadH5wasm()];
try {
  const native = await loadLibhdf5();
  if (native.abilities.includes("undo")) adapters.push(native);
} catch (error) {
  console.log(`skipped: adapter libhdf5: ${error}`);
}

const numbers = (from: number, count: number) => Float64Array.from({ length: count }, (_, index) => from + index);
const rows = (at: number, count: number): Operation => ({
  ...{ do: "rows", path: "/1.1/x", at, count },
  data: new Uint8Array(numbers(at, count).buffer),
});
const begin: readonly Operation[] = [
  { do: "dataset", path: "/1.1/status", value: text("RUNNING") },
  { do: "growing", path: "/1.1/x", dataset: { dtype: "<f8", row: [], chunk: [16] } },
  rows(0, 20),
];
/** Grows, replaces, and makes enough of everything that the tables of the file are moved. */
const goOn: readonly Operation[] = [
  rows(20, 400),
  { do: "replace", path: "/1.1/status", value: text("SUCCEEDED after a long time") },
  { do: "attributes", path: "/", attributes: attributesOf({ default: "2.1" }) },
  ...Array.from({ length: 40 }, (_, index): Operation => ({ do: "group", path: `/2.1/group${index}` })),
];

/** Copies of the disk at each moment at which something is about to be overwritten. */
function watchMoments(path: string): () => number {
  let moments = 0;
  const copy = () => {
    copyFileSync(path, `${path}.${moments}`);
    copyFileSync(undoPath(path), undoPath(`${path}.${moments}`));
    moments++;
  };
  const before = UndoLog.prototype.before;
  vi.spyOn(UndoLog.prototype, "before").mockImplementation(function (this: UndoLog, position, length) {
    copy();
    before.call(this, position, length);
    copy();
  });
  return () => moments;
}

test("a file is put right for readers too, unless its writer lives", () => {
  const path = join(folder, "repair.h5");
  writeFileSync(path, "whole");
  const log = new UndoLog(path);
  log.before(0, 5);
  expect(() => repairFile(path)).toThrow(/is being written by process \d+/);
  // As if its process were another one, long gone: no process has this number.
  const noted = readFileSync(undoPath(path));
  noted.writeUInt32LE(0x7fff_fff0, 8);
  writeFileSync(undoPath(path), noted);
  writeFileSync(path, "torn, and longer");
  expect(repairFile(path)).toBe(true);
  expect(readFileSync(path, "utf8")).toBe("whole");
  expect(repairFile(path)).toBe(false);
  log[Symbol.dispose]();
});

describe.each(adapters)("$name", (adapter) => {
  test("a flush that is cut short anywhere is undone", () => {
    const path = join(folder, `${adapter.name}.h5`);
    const file = adapter.open(path, { mode: "write", swmr: false });
    for (const operation of begin) file.apply(operation);
    file.flush();
    const moments = watchMoments(path);
    for (const operation of goOn) file.apply(operation);
    file.flush();
    const flushed = moments();
    file.close();
    expect(flushed).toBeGreaterThan(8);
    for (let moment = 0; moment < flushed; moment++) {
      const copy = `${path}.${moment}`;
      expect(undo(copy)).toBe(true);
      const left = adapter.open(copy, { mode: "read", swmr: false });
      expect(left.look("/")).toMatchObject({ members: ["1.1"], attributes: [] });
      expect(numbersOf(left.read("/1.1/x"))).toEqual([...numbers(0, 20)]);
      expect(numbersOf(left.read("/1.1/status"))).toEqual(["RUNNING"]);
      left.close();
    }
    const whole = adapter.open(path, { mode: "read", swmr: false });
    expect(numbersOf(whole.read("/1.1/x"))).toEqual([...numbers(0, 420)]);
    whole.close();
  });

  test.runIf(adapter.abilities.includes("swmr"))("a writer killed while readers followed its file leaves no flag behind", () => {
    const path = join(folder, `${adapter.name}-followed.h5`);
    const file = adapter.open(path, { mode: "write", swmr: true });
    for (const operation of begin) file.apply(operation);
    file.startSwmr();
    file.apply(rows(20, 400));
    file.flush();
    for (const [from, to] of [[path, `${path}.killed`], [undoPath(path), undoPath(`${path}.killed`)]] as const)
      copyFileSync(from, to);
    const next = adapter.open(`${path}.killed`, { mode: "write", swmr: false });
    for (const operation of goOn) next.apply(operation);
    expect(numbersOf(next.read("/1.1/x"))).toEqual([...numbers(0, 420)]);
    next.close();
    // Making something ends the following, and nothing is lost.
    for (const operation of goOn) file.apply(operation);
    file.startSwmr();
    file.close();
    const whole = adapter.open(path, { mode: "read", swmr: false });
    expect(whole.look("/2.1/group39")).toMatchObject({ kind: "group" });
    expect(numbersOf(whole.read("/1.1/x"))).toEqual([...numbers(0, 420)]);
    whole.close();
  }); // biome-ignore format: a pair a file

  test("a file that cannot be closed whole is as at its last flush", () => {
    const path = join(folder, `${adapter.name}-full.h5`);
    const file = adapter.open(path, { mode: "write", swmr: false });
    for (const operation of begin) file.apply(operation);
    file.flush();
    const before = readFileSync(path);
    for (const operation of goOn) file.apply(operation);
    vi.spyOn(UndoLog.prototype, "before").mockImplementation(() => {
      throw new Error("No space left on device");
    });
    expect(() => file.close()).toThrow();
    vi.restoreAllMocks();
    expect(existsSync(undoPath(path))).toBe(false);
    expect(statSync(path).size).toBe(before.length);
    // The library still has its own idea of that path.
    copyFileSync(path, `${path}.left`);
    const left = adapter.open(`${path}.left`, { mode: "write", swmr: false });
    expect(numbersOf(left.read("/1.1/x"))).toEqual([...numbers(0, 20)]);
    left.close();
  });
});
