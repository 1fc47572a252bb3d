// SPDX-License-Identifier: MIT
// The client library of MOSCA's authors on our server, registered in our database; h5py reads the files it saved.
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { controlSystem } from "../../tango/index.ts";
import { embeddedDatabase } from "../world/embedded-database.ts";
import { moscaFixtures } from "../world/mosca.ts";
import { describeWith, peersFolder, python } from "../world/peers.ts";
import { run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");
const launcher = join(root, "bin/Mosca");
/** A Python with mosca-client 2.0.5. */
const interpreter = process.env.BANDONEON_MOSCA_PYTHON ?? join(peersFolder, "mosca-client/bin/python");
const judge = `import sys, json, glob, h5py
out = {}
for name in sorted(glob.glob(sys.argv[1] + "/*.h5")):
    with h5py.File(name) as f:
        g = f["entry/xrf"]
        out[name.rsplit("/", 1)[1]] = {k: [list(g[k].shape), str(g[k].dtype), list(g[k].chunks), g[k][()].sum(axis=1).tolist()] for k in g}
print(json.dumps(out))`;

const missing = existsSync(interpreter) ? "" : `needs mosca-client 2.0.5 in ${interpreter} (BANDONEON_MOSCA_PYTHON)`;
if (missing && process.env.CI) throw new Error(`mosca-client ${missing}`);
if (missing) console.log(`skipped: mosca-client ${missing}`);

(missing ? describe.skip : describe)("mosca-client", () => {
  describeWith(["h5py"], "with a database", () => {
    test("prepares, acquires, reads, sums ROIs, saves, resumes", async () => {
      await using database = await embeddedDatabase();
      const { env } = database;
      const folder = mkdtempSync(join(tmpdir(), "mosca-client-"));
      try {
        const register = () => promisify(execFile)(launcher, ["fx", "--register", "id00", "simfalconx"], { env });
        expect((await register()).stdout).toBe(
          "Mosca/fx:\n - dserver/Mosca/fx\n - id00/Background/fx\n - id00/generator/fx\n - id00/mosca/fx\n - id00/moscav1/fx\n - id00/Saving/fx\n - id00/simfalconx/fx\n",
        );
        await expect(register()).rejects.toThrow("Device id00/mosca/fx already exists!");
        await using _server = await run(launcher, ["fx"], { env, ready: /Ready to accept request/ });
        const script = [join(root, "test/world/mosca-client.py"), "id00/mosca/fx", folder];
        const { stdout } = await promisify(execFile)(interpreter, script, { env, timeout: 60_000 });
        const { sums, ...answers } = JSON.parse(stdout);
        expect(answers).toEqual({
          points: 7,
          shapes: expect.arrayContaining([[4, 2, 4096]]),
          states: ["RUNNING", "READY"],
          types: ["uint32", "float64", "int64"],
          rows: ["fe_det00", "fe_det01", "fe_det02", "fe_det03", "zero_det00", "all_sum_all"],
          ...{ fe: true, zero: true, all: true, events: true, kept: true },
          resumed: [4, 14, 4096],
          saved: 14,
          metadata: [true, 7, "simfalconx"],
          foreign: expect.stringMatching(/^RuntimeError: acq_id mismatch: requested 1, current acquisition is \d+\.$/),
          info: "Mosca (id00/mosca/fx)",
          detectors: [0, 1, 2, 3],
        });

        const { stdout: told } = await promisify(execFile)(python, ["-c", judge, folder]);
        const files = JSON.parse(told);
        expect(Object.keys(files)).toEqual([0, 1, 2, 3, 4].map((n) => `x_spectra_000${n}.h5`));
        const points = [3, 3, 3, 3, 2];
        const saved: number[][] = [[], [], [], []];
        for (const [index, file] of Object.values(files as Record<string, Record<string, unknown[]>>).entries())
          for (const [detector, [shape, dtype, chunks, counts]] of Object.values(file).entries()) {
            expect([shape, dtype, chunks]).toEqual([[points[index], 4096], "uint32", [1, 4096]]);
            saved[detector]?.push(...(counts as number[]));
          }
        expect(saved.map((counts) => counts.slice(0, 7))).toEqual(sums);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });

    test("configures a DANTE and takes gated points of it", async () => {
      using fixtures = await moscaFixtures();
      await using database = await embeddedDatabase();
      const { env, host } = database;
      await promisify(execFile)(launcher, ["dt", "--register", "id00", "simdante"], { env });
      await using system = controlSystem({ env: { TANGO_HOST: host } });
      const properties = { config_dir: [fixtures.configurations], config_file: ["config.hdf"] };
      await system.database().deviceProperties("id00/simdante/dt").write(properties);
      await using _server = await run(launcher, ["dt"], { env, ready: /Ready to accept request/ });
      const script = [join(root, "test/world/mosca-client-dante.py"), "id00/mosca/dt"];
      const { stdout } = await promisify(execFile)(interpreter, script, { env, timeout: 60_000 });
      expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toEqual({
        available: ["config.hdf", "two.hdf"],
        first: [0, 1, 2, 3],
        two: [0, 1],
        absent: "Failed to load config [nope.hdf]. Please check server logs.",
        fault: "FAULT",
        again: [[0, 1, 2, 3], "config.hdf"],
        shapes: [
          [4, 6, 4096],
          [4, 6, 4],
          [1, 6],
        ],
        all: true,
        ocr: true,
        info: [" * config file:  config.hdf", " * gating mode:  GatedHigh"],
      });
    });
  });
});
