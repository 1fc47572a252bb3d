// SPDX-License-Identifier: MIT
// The unit tests of the adapter libhdf5 on the versions of HDF5 that other systems have: what is written, read, refused, and
// undone after a kill. These libraries are built for one thread, so each thread loads a copy of its own.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdtempDisposable } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openHdf5 } from "../../writers/index.ts";
import { describeWith, hdf5Libraries } from "../world/peers.ts";

const root = join(import.meta.dirname, "../..");
const vitest = join(root, "node_modules/vitest/vitest.mjs");

interface Report {
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly ancestorTitles: readonly string[]; readonly status: string }[];
  }[];
}

/** The adapter's unit tests in a process of their own. */
async function unitTests(library: string): Promise<Report> {
  await using folder = await mkdtempDisposable(join(tmpdir(), "hdf5-versions-"));
  const outputFile = join(folder.path, "report.json");
  const options = ["--root", root, "--reporter=json", `--outputFile=${outputFile}`];
  const env = { ...process.env, HDF5_LIBRARY: library };
  await promisify(execFile)(process.execPath, [vitest, "run", ...options, "test/unit/hdf5"], { env });
  return JSON.parse(readFileSync(outputFile, "utf8"));
}

/** Runs `act` while new threads find this library. */
async function withLibrary(library: string, act: () => Promise<void>): Promise<void> {
  const { HDF5_LIBRARY: before } = process.env;
  process.env.HDF5_LIBRARY = library;
  try {
    await act();
  } finally {
    if (before === undefined) delete process.env.HDF5_LIBRARY;
    else process.env.HDF5_LIBRARY = before;
  }
}

describeWith(["HDF5 1.12, 1.14 and 2.0"], "the adapter libhdf5", () => {
  test.for(Object.entries(hdf5Libraries()))("with HDF5 %s", { timeout: 120_000 }, async ([version, path = ""]) => {
    await withLibrary(path, async () => {
      await using one = await openHdf5({ adapter: "libhdf5" });
      await using another = await openHdf5({ adapter: "libhdf5" });
      for (const { version: loaded, abilities } of [one, another]) {
        expect(loaded.startsWith(`${version}.`)).toBe(true);
        expect(abilities.has("undo")).toBe(true);
      }
    });
    const report = await unitTests(path);
    const ran = report.testResults.flatMap(({ assertionResults }) => assertionResults);
    const native = ran.filter(({ ancestorTitles }) => ancestorTitles.some((title) => title.endsWith("libhdf5")));
    expect(native.length).toBeGreaterThan(20);
    expect(native.filter(({ status }) => status !== "passed")).toEqual([]);
    expect(report.numFailedTests).toBe(0);
  });
});
