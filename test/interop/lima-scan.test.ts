// SPDX-License-Identifier: MIT
// A step scan with a camera: the server saves the frames, the scan carries references and counters, h5py finds the frames
// through the scan's file.
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type CameraOptions, openCamera } from "../../devices/index.ts";
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
import { freePort } from "../world/ports.ts";
import { run } from "../world/process.ts";

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
        Roi2spectrumDeviceServer: { "id00/roi2spectrum/simu": {} },
        RoiCollectionDeviceServer: { "id00/roicollection/simu": {} },
        BpmDeviceServer: { "id00/bpm/simu": {} },
      },
    }),
  );
  const rois = { spot: { x: 8, y: 18, width: 5, height: 5 }, ring: { cx: 10, cy: 20, r1: 0, r2: 2, a1: 0, a2: 360 } };
  const options = {
    rois,
    profiles: {
      across: { x: 5, y: 18, width: 10, height: 5, direction: "horizontal" },
      along: { x: 8, y: 15, width: 5, height: 12, direction: "vertical" },
    },
    collection: [
      { x: 0, y: 0, width: 4, height: 4 },
      { x: 8, y: 18, width: 5, height: 5 },
    ],
    beam: true,
  } as const;
  const cam = stack.use(await openCamera("cam", server.trl("id00/limaccds/simu"), options));
  const owned = stack.move();
  return { folder, cam, server, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const look = `
import h5py, json, sys
with h5py.File(sys.argv[1], "r") as file:
    image = file["1.1/measurement/cam"]
    print(json.dumps({"shape": image.shape, "dtype": str(image.dtype), "peaks": [int(v) for v in image[:, 20, 10]],
                      "max": [float(v) for v in file["1.1/measurement/cam_spot_max"][()]]}))
`;

/** What numpy makes of the frames that were saved, beside what the plugins made of them while they came. */
const compare = `
import h5py, json, numpy, sys
with h5py.File(sys.argv[1], "r") as file:
    frames = file["1.1/measurement/cam"][()].astype(float)
    kept = file["1.1/measurement"]
    def difference(name, wanted):
        return float(numpy.abs(kept[name][()] - wanted).max())
    spot = frames[:, 18:23, 8:13]
    print(json.dumps({
        "cam_spot": difference("cam_spot", spot.sum(axis=(1, 2))),
        "cam_spot_std": difference("cam_spot_std", spot.std(axis=(1, 2))) < 1e-6,
        "cam_across": difference("cam_across", frames[:, 18:23, 5:15].sum(axis=1)),
        "cam_along": difference("cam_along", frames[:, 15:27, 8:13].sum(axis=2)),
        "cam_roi_collection": difference("cam_roi_collection", numpy.stack([frames[:, :4, :4].sum(axis=(1, 2)), spot.sum(axis=(1, 2))], axis=1)),
        "cam_bpm_intensity": difference("cam_bpm_intensity", frames.sum(axis=(1, 2))),
        "cam_bpm_x": difference("cam_bpm_x", 10) < 0.2,
        "cam_bpm_y": difference("cam_bpm_y", 20) < 0.2,
        "profile": [int(v) for v in (file["1.1/instrument/cam_across/selection/" + key][()] for key in ("x", "width"))],
    }))
`;

describeWith(["h5py"], "a scan with a LIMA camera", () => {
  test("counters, profiles, the collection and the beam of each point are what numpy makes of its frame", async () => {
    await using world = await camera();
    await using file = await nexusSink();
    await using session = new Session({
      name: "lima",
      objects: [world.cam],
      policy: basicPolicy("lima", { base_path: world.folder }),
      settings: await fileSettings(join(world.folder, "settings.json")),
      sink: file,
    });
    await session.start(ascan(softAxis("robx"), 0, 2, 2, 0.01, world.cam)).done();
    const { stdout } = await execute(python, ["-c", compare, join(world.folder, "lima", "data.h5")]);
    expect(JSON.parse(stdout)).toEqual({
      ...{ cam_spot: 0, cam_spot_std: true, cam_across: 0, cam_along: 0, cam_roi_collection: 0 },
      ...{ cam_bpm_intensity: 0, cam_bpm_x: true, cam_bpm_y: true, profile: [5, 10] },
    });
  });

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
    const { stdout } = await execute(python, ["-c", look, join(folder, "lima", "data.h5")]);
    expect(JSON.parse(stdout)).toEqual({
      shape: [3, 30, 40],
      dtype: "uint16",
      peaks: [1000, 2000, 3000],
      max: [1000, 2000, 3000],
    });
  });
});

/** Somebody else's server, which knows INTERNAL_TRIGGER only. */
async function double(more: readonly string[] = [], options: CameraOptions = {}) {
  await using stack = new AsyncDisposableStack();
  const port = await freePort();
  const script = join(import.meta.dirname, "../world/lima-double.py");
  const args = [
    script,
    "d",
    "-nodb",
    "-dlist",
    ["LimaCCDs::a/limaccds/double", ...more].join(),
    "-ORBendPoint",
    `giop:tcp:127.0.0.1:${port}`,
  ];
  const server = stack.use(await run(python, args, { ready: /Ready to accept request/ }));
  const trl = `tango://127.0.0.1:${port}/a/limaccds/double#dbase=no`;
  const cam = stack.use(await openCamera("cam", trl, { format: "EDF", framesPerFile: 1, ...options }));
  const owned = stack.move();
  const calls = () => server.output().match(/(prepareAcq \d+|startAcq|stopAcq)/g) ?? [];
  return { cam, trl, calls, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describeWith(["PyTango 10.3"], "a scan with a camera of somebody else's server", () => {
  test("without software triggers it is prepared and started at each point", async () => {
    await using world = await double();
    expect(world.cam.triggers).toEqual(["software", "internal"]);
    expect(world.cam.counters.map(({ name }) => name)).toEqual(["image"]);
    const memory = memorySink();
    await ascan(softAxis("robx"), 0, 2, 2, 0.01, world.cam).start({ sink: memory }).done();
    expect(world.calls().slice(0, 6)).toEqual([
      "prepareAcq 1",
      "startAcq",
      "prepareAcq 1",
      "startAcq",
      "prepareAcq 1",
      "startAcq",
    ]);
    const image = memory.scans[0]?.channels.find(({ fullname }) => fullname === "cam:image");
    expect(image).toMatchObject({
      dtype: "uint16",
      shape: [6, 8],
      images: { serverUrl: world.trl, framesPerAcquisition: 1, bufferMaxNumber: 16 },
    });
    expect(memory.scans[0]?.sequence.at(-1)).toBe("closed");
    expect(memory.scans[0]?.reason).toBe("SUCCESS");
  });

  test("its plugin's counters of each point are read before the next one makes it forget them", async () => {
    const rois = { spot: { x: 1, y: 2, width: 3, height: 4 }, rest: { x: 0, y: 0, width: 1, height: 1 } };
    await using world = await double(["RoiCounterDeviceServer::a/roicounter/double"], { rois });
    const memory = memorySink();
    await ascan(softAxis("robx"), 0, 4, 4, 0.001, world.cam).start({ sink: memory }).done();
    const [scan] = memory.scans;
    expect(scan?.values("cam:roi_counters:spot_sum")).toEqual([1, 2, 3, 4, 5]);
    expect(scan?.values("cam:roi_counters:rest_sum")).toEqual([1, 2, 3, 4, 5]);
    expect(scan?.reason).toBe("SUCCESS");
  });

  test("rois of a server without the plugin are refused", async () => {
    await using world = await double();
    const rois = { spot: { x: 0, y: 0, width: 1, height: 1 } };
    await expect(openCamera("cam", world.trl, { rois })).rejects.toThrow("has no roicounter device");
  });
});
