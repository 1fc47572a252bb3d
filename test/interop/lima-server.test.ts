// SPDX-License-Identifier: MIT
// The LimaCCDs server as a process of its own, driven from PyTango in the order a scan of BLISS calls, its files read by h5py.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { limaServer } from "../world/lima-server.ts";
import { debianPython, describeWith, python } from "../world/peers.ts";
import { run } from "../world/process.ts";
import { tangoStack } from "../world/tango-stack.ts";

const root = join(import.meta.dirname, "../..");
const execute = promisify(execFile);

const inFile = `
import h5py, json, sys
with h5py.File(sys.argv[1], "r") as file:
    data = file["/entry_0000/id00/basler/data"]
    plain = lambda value: value.decode() if isinstance(value, bytes) else value
    print(json.dumps({
        "shape": data.shape, "dtype": str(data.dtype), "chunks": data.chunks, "peaks": [int(v) for v in data[:, 20, 10]],
        "interpretation": plain(data.attrs["interpretation"]), "creator": plain(file.attrs["creator"])[:4],
        "classes": [plain(file[p].attrs["NX_class"]) for p in ("/", "entry_0000", "entry_0000/id00", "entry_0000/id00/basler")],
        "link": file["/entry_0000/measurement/data"].shape, "times": len(file["/entry_0000/id00/basler/time_of_frame"]),
    }))
`;

describeWith(["PyTango 10.3", "PyTango 9.3", "h5py"], "LimaCCDs", () => {
  test.each([
    ["PyTango 10.3", python],
    ["PyTango 9.3", debianPython],
  ])("a step scan of %s: three triggers, counters, images, one HDF5 file", async (_name, interpreter) => {
    await using server = await limaServer();
    const { stdout } = await execute(
      interpreter,
      [
        join(root, "test/world/lima.py"),
        ...["limaccds", "roicounter", "simulator"].map(server.trl),
        server.folder,
        "HDF5",
      ],
      { timeout: 60_000 },
    );
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({
      plugins: ["id00/roicounter/simu", "id00/simulator/simu", "id00/mask/simu"],
      "not prepared": [expect.any(String), expect.stringContaining("Run prepareAcq before starting acquisition")],
      "no image": [expect.any(String), expect.stringContaining("not available yet")],
      off: [expect.any(String), "should start the device first"],
      "nothing yet": [],
      sizes: [0, 2, 40, 30],
      "extra start": [expect.any(String), expect.stringContaining("Run prepareAcq")],
      refused: {
        mode: ["WrongData", "Wrong value acq_mode: NOTHING"],
        roi: [expect.any(String), expect.stringContaining("Software roi out of limits")],
      },
      overwrite: [expect.any(String), `File : ${join(server.folder, "cam_0000.h5")} already exist`],
    });
    expect(report.enums).toMatchObject({
      acq_mode: ["SINGLE", "CONCATENATION", "ACCUMULATION"],
      acq_trigger_mode: [
        "INTERNAL_TRIGGER",
        "INTERNAL_TRIGGER_MULTI",
        "EXTERNAL_TRIGGER",
        "EXTERNAL_TRIGGER_MULTI",
        "EXTERNAL_GATE",
        "EXTERNAL_START_STOP",
        "EXTERNAL_TRIGGER_READOUT",
      ],
      image_rotation: ["NONE", "90", "180", "270"],
    });
    expect(report.states).toEqual(
      [0, 1, 2].map((last) => ({
        acq_status: "Ready",
        ready_for_next_image: true,
        buffer_max_number: expect.any(Number),
        last_image_acquired: last,
        last_image_ready: last,
        last_counter_ready: last,
        last_image_saved: last,
      })),
    );
    expect(report.counters.map(([id, frame]: number[]) => [id, frame])).toEqual([
      [0, 0], [0, 1], [0, 2], [1, 0], [1, 1], [1, 2],
    ]); // biome-ignore format: pairs
    for (const [, , sum, average, , , max] of report.counters.slice(0, 3)) {
      expect(max).toBe(1000);
      expect(sum / average).toBeCloseTo(121, 6);
    }
    expect(report.image).toEqual({
      format: "DATA_ARRAY",
      bytes: 80 + 2400,
      peak: 1000,
      header: {
        magic: 0x44544159, version: 4, length: 80, category: 2, dtype: 1, endian: 0, ndim: 2,
        dims: [40, 30, 0, 0, 0, 0], steps: [2, 80, 0, 0, 0, 0], frame: 2, tag: 0xffffffff,
      },
    }); // biome-ignore format: a table
    expect(report.video).toEqual({
      format: "VIDEO_IMAGE",
      header: [0x5644454f, 1, 1, 2, 40, 30, 0, 32, 0, 0],
      bytes: 32 + 2400,
    });
    expect(report.stack).toEqual([4, [40, 30, 3], 80 + 3 * 2400]);
    const file = await execute(python, ["-c", inFile, join(server.folder, "cam_0000.h5")]);
    expect(JSON.parse(file.stdout)).toEqual({
      shape: [3, 30, 40],
      dtype: "uint16",
      chunks: [1, 30, 40],
      peaks: [1000, 1000, 1000],
      interpretation: "image",
      creator: "LIMA",
      classes: ["NXroot", "NXentry", "NXinstrument", "NXdetector"],
      link: [3, 30, 40],
      times: 3,
    });
  });
});

describeWith(["DataBaseds on MariaDB", "tango_admin", "PyTango 9.3"], "LimaCCDs on the real database", () => {
  test("plugin devices register themselves beside the LimaCCDs device", async () => {
    await using stack = await tangoStack({ tangoTest: false });
    for (const [name, device] of [
      ["LimaCCDs", "id00/limaccds/simu"],
      ["Simulator", "id00/simulator/simu"],
    ] as const)
      await execute("tango_admin", ["--add-server", "LimaCCDs/simu", name, device], { env: stack.env });
    await using _server = await run(join(root, "bin/LimaCCDs"), ["simu"], {
      env: stack.env,
      ready: /Ready to accept request/,
    });
    const ask = `
import json, tango
lima = tango.DeviceProxy("id00/limaccds/simu")
counter = tango.DeviceProxy(lima.getPluginDeviceNameFromType("roicounter"))
counter.Start()
print(json.dumps({"counter": counter.name(), "state": str(counter.state()), "plugins": list(lima.plugin_list)}))
`;
    const { stdout } = await execute(debianPython, ["-c", ask], { env: stack.env });
    expect(JSON.parse(stdout)).toMatchObject({
      counter: "id00/roicounter/simu",
      state: "ON",
      plugins: expect.arrayContaining(["roicounter", "id00/roicounter/simu", "bpm", "id00/bpm/simu"]),
    });
  });
});
