// SPDX-License-Identifier: MIT
// A step scan with a camera: the server saves the frames, the scan carries references and counters, h5py finds the frames
// through the scan's file.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openCamera } from "../../devices/index.ts";
import {
  ascan,
  basicPolicy,
  fileSettings,
  memorySink,
  Session,
  sinksTogether,
  softAxis,
} from "../../scanning/index.ts";
import { limaClasses } from "../../servers/lima/classes.ts";
import { startServer } from "../../tango/index.ts";
import { nexusSink } from "../../writers/index.ts";
import { describeWith, python } from "../world/peers.ts";

const execute = promisify(execFile);

async function camera() {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "lima-scan-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const server = stack.use(
    await startServer({
      server: "LimaCCDs/simu",
      classes: limaClasses(),
      devices: {
        Simulator: { "id00/simulator/simu": { frame_dim: [40, 30, 2], peaks: [10, 20, 4, 1000] } },
        LimaCCDs: { "id00/limaccds/simu": {} },
        RoiCounterDeviceServer: { "id00/roicounter/simu": {} },
      },
    }),
  );
  const rois = { spot: { x: 8, y: 18, width: 5, height: 5 }, ring: { cx: 10, cy: 20, r1: 0, r2: 2, a1: 0, a2: 360 } };
  const cam = stack.use(await openCamera("cam", server.trl("id00/limaccds/simu"), { rois }));
  const owned = stack.move();
  return { folder, cam, server, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const look = `
import h5py, json, sys
with h5py.File(sys.argv[1], "r") as file:
    image = file["1.1/measurement/cam"]
    print(json.dumps({"shape": image.shape, "dtype": str(image.dtype), "peaks": [int(v) for v in image[:, 20, 10]],
                      "max": [float(v) for v in file["1.1/measurement/" + sys.argv[2]][()]]}))
`;

describeWith(["h5py"], "a scan with a LIMA camera", () => {
  test("three points, each triggered; references, counters, and the frames through the scan's file", async () => {
    await using world = await camera();
    const { folder, cam } = world;
    await using file = await nexusSink();
    const memory = memorySink();
    await using session = new Session({
      name: "lima",
      objects: [cam],
      policy: basicPolicy("lima", { base_path: folder }),
      settings: await fileSettings(join(folder, "settings.json")),
      sink: sinksTogether(memory, file),
    });
    const run = session.start(ascan(softAxis("robx"), 0, 2, 2, 0.01, cam));
    await run.done();
    const [scan] = memory.scans;
    if (!scan) throw new Error("the scan was not recorded");
    expect(scan.values("cam:roi_counters:spot_max")).toEqual([1000, 2000, 3000]);
    expect(scan.values("cam:roi_counters:ring_min").length).toBe(3);
    const image = scan.channels.find(({ fullname }) => fullname === "cam:image");
    expect(image).toMatchObject({
      dtype: "uint16",
      shape: [30, 40],
      images: {
        serverUrl: world.server.trl("id00/limaccds/simu"),
        framesPerAcquisition: 3,
        files: {
          path: expect.stringMatching(/scan0001\/cam_%04d\.h5$/),
          dataPath: "/entry_0000/instrument/cam/data",
          format: "hdf5",
          framesPerFile: 100,
          firstFile: 0,
        },
      },
    });
    const { stdout } = await execute(python, ["-c", look, join(folder, "lima", "data.h5"), "cam_spot_max"]);
    expect(JSON.parse(stdout)).toEqual({
      shape: [3, 30, 40],
      dtype: "uint16",
      peaks: [1000, 2000, 3000],
      max: [1000, 2000, 3000],
    });
  });
});
