// SPDX-License-Identifier: MIT
// What a LimaCCDs server does beside a step scan, seen by PyTango.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { limaClasses } from "../../servers/lima/classes.ts";
import { startServer } from "../../tango/index.ts";
import { limaServer } from "../world/lima-server.ts";
import { describeWith, python } from "../world/peers.ts";

const script = join(import.meta.dirname, "../world/lima-features.py");

/** Acquires three frames and prints the last event of each attribute. */
const listener = `
import json, sys, time, tango
camera = tango.DeviceProxy(sys.argv[1])
last = {}
def heard(event):
    value = event.attr_value.value if event.attr_value else None
    if value is not None:
        last[event.attr_value.name] = [value[0], len(value[1])] if isinstance(value, tuple) else int(value)
camera.acq_expo_time, camera.acq_nb_frames, camera.image_events_push_data = 0.01, 3, True
for name in ("last_image_ready", "last_image_acquired", "video_last_image_counter", "video_last_image"):
    camera.subscribe_event(name, tango.EventType.CHANGE_EVENT, heard)
camera.subscribe_event("last_image", tango.EventType.CHANGE_EVENT, heard, [], True)
camera.prepareAcq()
camera.startAcq()
deadline = time.time() + 10
while time.time() < deadline and (last.get("last_image_ready") != 2 or "last_image" not in last):
    time.sleep(0.02)
time.sleep(0.2)
print(json.dumps(last))
`;

describeWith(["PyTango 10.3", "fabio"], "LimaCCDs", () => {
  test("triggers, accumulation, operations, configurations, video, headers, events, faults", async () => {
    await using server = await limaServer();
    const args = [script, server.trl("limaccds"), server.trl("simulator"), server.folder];
    const { stdout } = await promisify(execFile)(python, args, { timeout: 60_000 });
    expect(JSON.parse(stdout)).toEqual({
      "one edge a frame": [-1, 0, 1],
      "one edge for all": 1,
      "no such trigger": "Wrong value acq_trigger_mode: EXTERNAL_NEVER",
      EXTERNAL_GATE: [-1, 0, 0, 1],
      EXTERNAL_START_STOP: [-1, 0, 0, 1],
      EXTERNAL_TRIGGER_READOUT: [-1, 0, 1],
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

  test("property TangoEvent: counters and pictures are sent as they change", async () => {
    await using server = await startServer({
      server: "LimaCCDs/events",
      classes: limaClasses(),
      devices: {
        Simulator: { "a/simulator/1": { frame_dim: [40, 30, 2] } },
        LimaCCDs: { "a/limaccds/1": { TangoEvent: true } },
      },
    });
    const { stdout } = await promisify(execFile)(python, ["-c", listener, server.trl("a/limaccds/1")], {
      timeout: 30_000,
    });
    expect(JSON.parse(stdout)).toEqual({
      last_image_ready: 2,
      last_image_acquired: 2,
      video_last_image_counter: 2,
      video_last_image: ["VIDEO_IMAGE", 32 + 2400],
      last_image: ["DATA_ARRAY", 80 + 2400],
    });
  });
});
