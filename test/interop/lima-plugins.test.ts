// SPDX-License-Identifier: MIT
// Corrections and reductions of frames against numpy, through PyTango, with files that fabio wrote.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { limaServer } from "../world/lima-server.ts";
import { describeWith, python } from "../world/peers.ts";

const script = join(import.meta.dirname, "../world/lima-plugins.py");

describeWith(["PyTango 10.3", "fabio"], "LIMA plugins", () => {
  test("give what numpy gives", async () => {
    await using server = await limaServer();
    const args = [script, server.trl("limaccds"), server.folder];
    const { stdout } = await promisify(execFile)(python, args, { timeout: 60_000 });
    expect(JSON.parse(stdout)).toEqual({
      background: 0,
      "before corrections": [0, 0, 0],
      "run level while on": expect.stringContaining("RunLevel can be written while the device is OFF only"),
      "flat field after it": expect.closeTo(0, 0),
      "mask after both": expect.closeTo(0, 0),
      "all off": 0,
      "nonzero is masked": 0,
      "wrong size": expect.stringContaining("small.edf is 40x10 pixels, the detector's images are 40x30"),
      "no such file": expect.stringContaining("none.edf"),
      "taken background": 0,
      "read once": [false, true],
      "regions while off": "should start the device first",
      "unknown region": expect.stringContaining("should call add method before setRoi"),
      counters: expect.closeTo(0, 6),
      "later counters": [14, 0],
      overflow: true,
      "region types": [
        ["ARC", "SQUARE"],
        [0, 5, 15, 12, 14],
        [1, 10, 20, 2, 6, 0, 90],
        ["box", "arc"],
      ],
      "after removal": [7, "The device is in ON state."],
      "the last one removed": "OFF",
      lines: 0,
      columns: 0,
      "nothing later": 0,
      collection: 0,
      "counter status": [1, 1, 1],
      peaks: [0, 10, 20, 1, 10, 20],
      bpm: {
        columns: 7,
        intensity: 0,
        centre: expect.closeTo(0, 1),
        fwhm: expect.closeTo(0, 0),
        frame: 1,
        projection: 0,
        pixel: 0,
      },
    });
  });
});
