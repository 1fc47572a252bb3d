// SPDX-License-Identifier: MIT
// What a LimaCCDs server does beside a step scan, seen by PyTango.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { limaServer } from "../world/lima-server.ts";
import { describeWith, python } from "../world/peers.ts";

const script = join(import.meta.dirname, "../world/lima-features.py");

describeWith(["PyTango 10.3", "fabio"], "LimaCCDs", () => {
  test("triggers, accumulation, operations, configurations, video, headers, events, faults", async () => {
    await using server = await limaServer();
    const args = [script, server.trl("limaccds"), server.trl("simulator"), server.folder];
    const { stdout } = await promisify(execFile)(python, args, { timeout: 60_000 });
    expect(JSON.parse(stdout)).toEqual({
      "one edge a frame": [-1, 0, 1],
      "one edge for all": 1,
      "no such trigger": "Wrong value acq_trigger_mode: EXTERNAL_GATE",
      "not accumulating": [-1, -1],
      accumulating: [3, 0.016666667, 0.05],
      "accumulated type": ["Bpp32S", [1, 4, 40, 30]],
      "sum of three": [1, 3000],
      turned: [15, 20],
      region: [0, 2, 10, 12, 80 + 240],
      "impossible binning": expect.stringContaining("Binning 50 x 1 is impossible on a detector of 40 x 30 pixels"),
      configuration: [0.25, ["mine"]],
      "no configuration": expect.stringContaining('No configuration "yours"; there are: mine'),
      "live twice": expect.stringContaining("Can't set live mode if an acquisition is running"),
      "prepare while live": expect.stringContaining("Acquisition not finished"),
      "live ended": "Ready",
      gain: expect.stringContaining("Can't change the gain on Scientific camera"),
      headers: [["Running", -1], 1, ["LaB6", "1.5", "on"], ["LaB6", "2.5", null]],
      "stopped without headers": ["Ready", -1],
      "lost folder": ["Fault", "Saving: file open error"],
      events: expect.arrayContaining(["Ready", "Configuration", "Running", "Fault"]),
      "start in fault": expect.stringContaining("Can't process startAcq: Acquisition is in fault"),
      "after it": "Ready",
      "by hand": ["hand_0000.edf"],
      "loader without files": expect.stringContaining("write file_pattern first"),
      loaded: ["Loader Prefetched", 0],
      unreadable: [],
    });
  });
});
