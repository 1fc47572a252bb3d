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

  test("settings go through; endless acquisition is refused; a detector that is gone is named", async () => {
    await using emulator = await eigerEmulator();
    await using world = await camera(emulator, "legacy");
    const { lima, device } = world;
    await device.write("photon_energy", 12000);
    expect(await device.read("photon_energy")).toBe(12000);
    await device.write("flatfield_correction", "OFF");
    expect(await device.read("flatfield_correction")).toBe("OFF");
    await lima.write("acq_nb_frames", 0);
    await expect(lima.call("prepareAcq")).rejects.toThrow("set acq_nb_frames");
    await emulator.process.stop("SIGKILL");
    await lima.write("acq_nb_frames", 1);
    await expect(lima.call("prepareAcq")).rejects.toThrow(/PUT http:\/\/127\.0\.0\.1:\d+.*no answer/);
    expect(await lima.read("acq_status")).toBe("Ready");
  }, 60_000);
});
