// SPDX-License-Identifier: MIT
// Files for simu_data as h5py writes them: any kind of numbers, compressed; what is wrong with one is said.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadRecordedPoints } from "../../servers/mosca/simulator/recorded-points.ts";
import { describeWith, python } from "../world/peers.ts";

/** Spectra 100 det + 10 p + b; arguments: path, kind of numbers, what to leave out. */
const make = `import sys, h5py, numpy as np
path, kind, without = sys.argv[1:4]
columns = [(n, "f8" if n == "realtime" else "i8") for n in ("realtime", "trigger_livetime", "triggers", "events") if n != without]
with h5py.File(path, "w") as f:
    for det in range(2):
        if without != "data":
            data = 100 * det + 10 * np.arange(3)[:, None] + np.arange(256)[None, :]
            f.create_dataset(f"data/det{det}", data=data.astype(kind), compression="gzip", chunks=(1, 256))
        stats = np.zeros(2 if without == "rows" else 3, columns)
        for n, (name, _) in enumerate(columns):
            stats[name] = 1000 * (n + 1) + det
        f[f"stats/det{det}"] = stats`;

describeWith(["h5py"], "spectra to play", () => {
  let folder: string;
  beforeAll(() => void (folder = mkdtempSync(join(tmpdir(), "mosca-played-"))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const written = (kind: string, without = "nothing") => {
    const path = join(folder, `${kind.replace(/\W/g, "")}-${without}.h5`);
    execFileSync(python, ["-c", make, path, kind, without]);
    return path;
  };

  test.each(["<u4", "<i4", ">u2", "<i2", "<u8", "<f4", "<f8"])("of %s", async (kind) => {
    const points = await loadRecordedPoints(written(kind));
    expect(points.refuseSize(128)).toBeUndefined();
    expect(points.refuseSize(100)).toBe("spectrum_size must be a divider of the 256 channels of simu_data");
    const fill = points.begin(128);
    const spectrum = new Uint32Array(128);
    // Detector 3 is that of 1, point 4 that of 1, every second channel.
    expect(fill(spectrum, { detector: 3, point: 4, seconds: 9 })).toEqual({
      realtime: 1001 * 320e-9,
      triggerLivetime: 2001 * 320e-9,
      triggers: 3001,
      events: 4001,
    });
    expect([...spectrum.subarray(0, 4)]).toEqual([110, 112, 114, 116]);
  });

  test.each([
    ["data", "has no group /data"],
    ["events", "/stats/det0 has no column events"],
    ["rows", "/stats/det0 must have 3 rows of realtime, trigger_livetime, triggers, events"],
  ])("without %s it is refused", async (without, text) => {
    await expect(loadRecordedPoints(written("<u4", without))).rejects.toThrow(text);
  });
});
