// SPDX-License-Identifier: MIT
// The driver of Dectris detectors against tickit-devices' emulator of an Eiger 16M.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { limaCCDs } from "../../devices/lima/limaccds.ts";
import { limaClasses } from "../../servers/lima/classes.ts";
import { connect, startServer } from "../../tango/index.ts";
import { type EigerEmulator, eigerEmulator } from "../world/eiger.ts";
import { describeWith, python, tickit } from "../world/peers.ts";
import { delay } from "../world/process.ts";

async function camera(emulator: EigerEmulator, format: "legacy" | "cbor") {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(
    await startServer({
      server: "LimaCCDs/eiger",
      classes: limaClasses(),
      devices: {
        Eiger: {
          "id00/eiger/1": {
            ...{ detector_ip_address: "127.0.0.1", http_port: emulator.http },
            ...{ stream_format: format, stream_port: emulator[format] },
          },
        },
        LimaCCDs: { "id00/limaccds/1": {} },
      },
    }),
  );
  const lima = stack.use(await connect(limaCCDs, server.trl("id00/limaccds/1"), { timeout: 20_000 }));
  const device = stack.use(await connect(server.trl("id00/eiger/1"), { timeout: 20_000 }));
  const owned = stack.move();
  const until = async (frames: number) => {
    while ((await lima.read("last_image_ready")) < frames - 1) {
      if ((await lima.read("acq_status")) === "Fault") throw new Error(await lima.read("acq_status_fault_error"));
      await delay(20);
    }
    while ((await lima.read("acq_status")) === "Running") await delay(10);
  };
  return { lima, device, until, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** SHA-256 of the pixels the emulator sends, as hdf5plugin decompresses them. */
async function wantedFrames(): Promise<Readonly<Record<"legacy" | "cbor", string>>> {
  const folder = await mkdtemp(join(tmpdir(), "eiger-frames-"));
  try {
    const script = join(import.meta.dirname, "../world/eiger-frames.py");
    await promisify(execFile)(tickit, [script, "blobs", folder]);
    const { stdout } = await promisify(execFile)(python, [script, "sums", folder]);
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** SHA-256 of the pixels of each frame in a file. */
const savedSums = `
import hashlib, json, sys, h5py, hdf5plugin
with h5py.File(sys.argv[1]) as file:
    print(json.dumps([hashlib.sha256(frame.tobytes()).hexdigest() for frame in file["entry_0000/measurement/data"]]))
`;

describeWith(["tickit-devices", "h5py"], "an Eiger behind LimaCCDs", () => {
  test.each(["legacy", "cbor"] as const)(
    "stream %s: frames as hdf5plugin has them, timed by the detector and one a trigger",
    async (format) => {
      const wanted = await wantedFrames();
      await using emulator = await eigerEmulator();
      await using world = await camera(emulator, format);
      const { lima, device, until } = world;
      expect(await lima.read("camera_model")).toBe("Simulated Eiger X 16M Detector");
      expect(await lima.read("lima_type")).toBe("Eiger");
      expect(Array.from(await lima.read("image_sizes"))).toEqual([0, 2, 4148, 4362]);
      expect(await device.read("cam_status")).toBe("idle");
      await lima.write("acq_nb_frames", 2);
      await lima.write("acq_expo_time", 0.05);
      await lima.call("prepareAcq");
      expect(await device.read("cam_status")).toBe("ready");
      await lima.call("startAcq");
      await until(2);
      expect(await lima.read("acq_status")).toBe("Ready");
      expect(await device.read("cam_status")).toBe("idle");
      const { data } = await lima.call("readImage", 1);
      expect(data.length).toBe(80 + 2 * 4148 * 4362);
      expect(createHash("sha256").update(data.subarray(80)).digest("hex")).toBe(wanted[format]);

      // Saved as the detector packed them: HDF5's own filter gives the same pixels.
      const folder = await mkdtemp(join(tmpdir(), "eiger-packed-"));
      await lima.writeAttributes({ saving_directory: folder, saving_format: "HDF5BS", saving_frame_per_file: 2 });
      await lima.writeAttributes({ saving_mode: "AUTO_FRAME", saving_use_hw_comp: true, saving_prefix: "f_" });
      await lima.call("prepareAcq");
      await lima.call("startAcq");
      await until(2);
      const sums = await promisify(execFile)(python, ["-c", savedSums, join(folder, "f_0000.h5")]);
      expect(JSON.parse(sums.stdout)).toEqual([wanted[format], wanted[format]]);
      await rm(folder, { recursive: true });
      await lima.write("saving_mode", "MANUAL");

      await lima.write("acq_trigger_mode", "INTERNAL_TRIGGER_MULTI");
      await lima.call("prepareAcq");
      for (const frame of [0, 1]) {
        await lima.call("startAcq");
        await until(frame + 1);
      }
      expect(await lima.read("last_image_ready")).toBe(1);
    },
    60_000,
  );

  test("every attribute that the detector has reads; those that can be written go to the detector and back", async () => {
    await using emulator = await eigerEmulator();
    await using world = await camera(emulator, "cbor");
    const { lima, device, until } = world;
    const fixed: Readonly<Record<string, unknown>> = {
      ...{ detector_ip: "127.0.0.1", api_version: "1.8.0", api_generation: "Eiger2", model_size: "16M" },
      ...{ cam_status: "idle", plugin_status: "READY", serie_id: 0, has_hwroi_support: true, stream_last_info: [] },
      hwroi_supported_list: ["4M-L", "0", "0", "0", "0", "4M-R", "0", "0", "0", "0"],
    };
    for (const [name, value] of Object.entries(fixed)) expect(await device.read(name), name).toEqual(value);
    expect(Number(await device.read("temperature"))).toBeGreaterThan(0);
    expect(Number(await device.read("humidity"))).toBeGreaterThan(0);
    // The emulator has no such keys; the error names them.
    await expect(device.read("high_voltage_state")).rejects.toThrow("status/high_voltage/state: 404");
    await expect(device.read("efficiency_correction")).rejects.toThrow("config/efficiency_correction_applied: 404");
    const written: Readonly<Record<string, readonly unknown[]>> = {
      countrate_correction: ["OFF", "ON"],
      flatfield_correction: ["OFF", "ON"],
      auto_summation: ["OFF", "ON"],
      virtual_pixel_correction: ["OFF", "ON"],
      pixel_mask: ["OFF", "ON"],
      threshold_diff_mode: ["ON", "OFF"],
      compression_type: ["NONE", "LZ4", "BSLZ4"],
      threshold_energy: [6000],
      threshold_energy2: [9000],
      photon_energy: [12000],
      hwroi_pattern: ["4M-L", "disabled"],
      dynamic_pixel_depth: [false, true],
    };
    for (const [name, values] of Object.entries(written))
      for (const value of values) {
        await device.write(name, value);
        expect(await device.read(name), name).toEqual(value);
      }
    await expect(device.write("pixel_mask", "MAYBE")).rejects.toThrow("Wrong value pixel_mask: MAYBE; ON or OFF");
    await expect(device.write("compression_type", "ZIP")).rejects.toThrow("Wrong value compression_type: ZIP");
    await expect(device.write("hwroi_pattern", "2M")).rejects.toThrow("there are: disabled, 4M-L, 4M-R");
    expect(await device.call("getAttrStringValueList", "compression_type")).toEqual(["NONE", "LZ4", "BSLZ4"]);
    expect(await device.call("getAttrStringValueList", "hwroi_pattern")).toEqual(["disabled", "4M-L", "4M-R"]);

    await lima.write("acq_expo_time", 0.01);
    await lima.call("prepareAcq");
    expect(await device.read("plugin_status")).toBe("ARMED");
    await lima.call("startAcq");
    await until(1);
    expect(await device.read("plugin_status")).toBe("READY");
    expect(await device.read("stream_last_info")).toEqual([
      "0",
      "4148x4362",
      "uint16",
      expect.stringMatching(/ bytes$/),
    ]);
    const stats = (await device.call("latchStreamStatistics", true)) as Float64Array;
    expect(stats[0]).toBe(1);
    expect(stats[1]).toBeGreaterThan(500_000);
    expect(Array.from((await device.read("stream_stats")) as Float64Array)).toEqual([0, 0, 0, 0]);
  }, 60_000);

  test("settings go through; endless acquisition is refused; a detector that is gone is named", async () => {
    await using emulator = await eigerEmulator();
    await using world = await camera(emulator, "legacy");
    const { lima, device, until } = world;
    await device.write("photon_energy", 12000);
    expect(await device.read("photon_energy")).toBe(12000);
    await device.write("flatfield_correction", "OFF");
    expect(await device.read("flatfield_correction")).toBe("OFF");
    await lima.write("acq_nb_frames", 0);
    await expect(lima.call("prepareAcq")).rejects.toThrow("set acq_nb_frames");
    // Unplugged while it exposes.
    await lima.writeAttributes({ acq_nb_frames: 1, acq_expo_time: 30 });
    await lima.call("prepareAcq");
    await lima.call("startAcq");
    await emulator.process.stop("SIGKILL");
    await expect(until(1)).rejects.toThrow(/^Camera: error \(PUT http.*trigger: no answer/);
    expect(await device.read("plugin_status")).toBe("FAULT");
    await lima.write("acq_expo_time", 1);
    await expect(lima.call("prepareAcq")).rejects.toThrow(/PUT http:\/\/127\.0\.0\.1:\d+.*no answer/);
    expect(await lima.read("acq_status")).toBe("Ready");
  }, 60_000);
});
