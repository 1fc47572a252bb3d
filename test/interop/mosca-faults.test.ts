// SPDX-License-Identifier: MIT
// What goes wrong with a spectrometer: the server dies while it saves, nothing can be saved, a configuration does not load.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { mosca } from "../../devices/mosca/mosca.ts";
import { saving } from "../../devices/mosca/saving.ts";
import { simFalconX } from "../../devices/mosca/sim-falconx.ts";
import { gateModes, triggerModes } from "../../devices/mosca/words.ts";
import { connect, type DeviceProxy } from "../../tango/index.ts";
import { moscaWorld } from "../world/mosca.ts";
import { describeWith, python } from "../world/peers.ts";
import { freePort } from "../world/ports.ts";
import { run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");
const judge = `import sys, json, h5py
with h5py.File(sys.argv[1], "r", swmr=sys.argv[2] == "true") as f:
    d = f["spectra_00"]
    print(json.dumps([d.shape[0], int((d[()].sum(axis=1) > 0).sum())]))`;

async function gated(device: DeviceProxy<typeof mosca>, points: bigint): Promise<void> {
  await device.write("trigger_mode", triggerModes.indexOf("GATE"));
  await device.write("gate_mode", gateModes.indexOf("HIGH"));
  await device.write("acq_nb_points", points);
  await device.write("acq_realtime", 0.01);
  await device.call("prepare_acq");
}
async function until(what: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("it did not happen within 10 s");
}
function folder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "mosca-faults-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

describeWith(["h5py"], "a server that is killed while it saves", () => {
  test.each([false, true])(
    "leaves a file that can be read, with all points but those of the last moment; SWMR %s",
    async (swmr) => {
      using place = folder();
      const properties = join(place.path, "t.properties");
      writeFileSync(
        properties,
        [
          'Mosca/t/DEVICE/SimFalconX: "a/simfalconx/1"',
          'Mosca/t/DEVICE/Saving: "a/saving/1"',
          'Mosca/t/DEVICE/Mosca: "a/mosca/1"',
          `a/saving/1->UseSwmr: ${swmr}`,
          "",
        ].join("\n"),
      );
      const port = await freePort();
      const args = ["t", `-file=${properties}`, "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
      await using server = await run(join(root, "bin/Mosca"), args, { ready: /Ready to accept request/ });
      const trl = (name: string) => `tango://127.0.0.1:${port}/a/${name}/1#dbase=no`;
      await using files = await connect(saving, trl("saving"));
      await using device = await connect(mosca, trl("mosca"));
      await files.write("hdf5_directory", place.path);
      await files.write("hdf5_points_per_file", 100_000n);
      await files.write("enabled", true);
      await gated(device, 100_000n);
      await device.call("start_acq");
      await until(async () => (await device.read("n_available_points")) >= 180n);
      const available = Number(await device.read("n_available_points"));
      await server.stop("SIGKILL");
      const { stdout } = await promisify(execFile)(python, [
        "-c",
        judge,
        join(place.path, "spectra_0000.h5"),
        `${swmr}`,
      ]);
      const [points, filled] = JSON.parse(stdout) as [number, number];
      expect(points).toBe(filled);
      // 10 ms a point, flushed twice a second.
      expect(points).toBeGreaterThan(available - 80);
    },
  );
});

test("saving that fails in the middle is a FAULT that names the place; what was taken can be read", async () => {
  await using world = await moscaWorld();
  await using files = await connect(saving, world.trl("a/saving/1"));
  await using device = await connect(mosca, world.trl("a/mosca/1"));
  await files.write("enabled", true);
  await expect(gated(device, 3n)).rejects.toThrow("Saving is enabled without a directory");
  await files.write("hdf5_directory", "/proc/nowhere");
  await expect(gated(device, 3n)).rejects.toThrow("Saving to /proc/nowhere is not possible");
  using place = folder();
  await files.write("hdf5_directory", place.path);
  await files.write("hdf5_points_per_file", 2n);
  await gated(device, 1000n);
  await device.call("start_acq");
  await until(async () => (await device.read("n_saved_points")) >= 4n);
  rmSync(place.path, { recursive: true });
  await until(async () => (await device.read("State")) === "FAULT");
  expect(await device.read("Status")).toContain(place.path);
  const available = Number(await device.read("n_available_points"));
  expect(available).toBeGreaterThanOrEqual(4);
  expect((await device.call("read_spectra", [0n, 1n])).length).toBe(4 * 4096);
  await files.write("enabled", false);
  await gated(device, 2n);
  expect(await device.read("State")).toBe("ON");
});

test("a configuration decides the detectors; one that does not load says why, and a good one helps", async () => {
  using place = folder();
  const good =
    "[module definitions]\nSTART #0\nalias = m\nmodule_type = falconxn\nchannel0_alias = 3\nchannel1_alias = 7\nchannel2_alias = -1\nEND #0\n";
  writeFileSync(join(place.path, "good.ini"), good);
  writeFileSync(join(place.path, "broken.ini"), good.replace("= 7", "= seven"));
  await using world = await moscaWorld({ default_ini_dir: [place.path], default_ini_file: ["good.ini"] });
  await using device = await connect(mosca, world.trl("a/mosca/1"));
  await using hardware = await connect(simFalconX, world.trl("a/simfalconx/1"));
  expect([...(await device.read("detectors"))]).toEqual([3n, 7n]);
  expect(await hardware.call("available_ini_files")).toEqual(["broken.ini", "good.ini"]);
  await gated(device, 2n);

  await hardware.write("ini_file", "broken.ini");
  expect(await device.read("State")).toBe("OFF");
  expect(await device.read("Status")).toMatch(
    /broken\.ini, line 6: channel1_alias must be a whole number \(was: seven\)/,
  );
  expect(await hardware.read("ini_file")).toBe("");
  expect([...(await device.read("detectors"))]).toEqual([]);
  await expect(device.call("prepare_acq")).rejects.toThrow("MCA state is UNINITIALIZED");
  await expect(device.call("start_acq")).rejects.toThrow("without calling prepare first");
  await hardware.write("ini_file", "absent.ini");
  expect(await device.read("Status")).toContain("absent.ini");

  await hardware.write("ini_file", "good.ini");
  expect(await device.read("State")).toBe("ON");
  await gated(device, 1000n);
  await device.call("start_acq");
  await expect(hardware.write("ini_file", "good.ini")).rejects.toThrow("while MCA state is RUNNING");
  await hardware.call("Init");
  expect(await device.read("State")).toBe("ON");
  await gated(device, 2n);
});
