// SPDX-License-Identifier: MIT
// Pictures for people: what Pillow and PyTango make of bvdata and of the live viewer's JPEG.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { limaServer } from "../world/lima-server.ts";
import { describeWith, python } from "../world/peers.ts";

describeWith(["PyTango 10.3", "fabio"], "pictures of a LimaCCDs server", () => {
  test("bvdata of the beam position monitor, JPEG of the live viewer", async () => {
    await using server = await limaServer();
    const script = join(import.meta.dirname, "../world/lima-pictures.py");
    const devices = ["limaccds", "simulator", "bpm", "liveviewer"].map((family) => server.trl(family));
    const { stdout } = await promisify(execFile)(python, [script, ...devices], { timeout: 60_000 });
    expect(JSON.parse(stdout)).toEqual({
      "nothing yet": "Frame not available yet",
      bvdata: [0, 30, 20, 0, 4000, [0, 0, 64, 48], 8, 8],
      profiles: [0, 0],
      grey: ["L", [64, 48], true],
      logarithmic: true,
      "fixed scale": true,
      coloured: ["RGB", true, true, 0, 0],
      "bad quality": expect.stringContaining("Invalid JPEG quality: 0"),
      "near the beam": [30, 20, true],
      background: [true, -1, -1, 0],
      calibrated: [false, 60, 60],
      events: [true, true, true],
      "viewer off": "OFF",
      "viewer on": "ON",
      "start twice": expect.stringContaining("Acquisition not finished"),
      jpeg: ["JPEG_GRAY8", "L", [64, 48]],
      "decoded by PyTango": true,
      image: [[48, 64], "uint16", 0, 2],
      stopped: "Ready",
      region: [30, 20],
      "no such region": expect.stringContaining("Software roi out of limits"),
      whole: [0, 0, 64, 48],
      triggered: 0,
      reset: [0.1, 0, false, expect.stringContaining("Can't change the gain")],
    });
  }, 60_000);
});
