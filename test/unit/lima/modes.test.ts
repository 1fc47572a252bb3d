// SPDX-License-Identifier: MIT
// Ways to acquire and to save beside the plain one: concatenation, saturated pixels of accumulation, the shutter, files the
// camera writes, frames faster than the disk.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { limaCCDs } from "../../../devices/lima/limaccds.ts";
import { Acquisition, type Saver } from "../../../servers/lima/acquisition.ts";
import { type Camera, type CameraSettings, type HardwareFiles, triggerModes } from "../../../servers/lima/camera.ts";
import { Detector } from "../../../servers/lima/detector.ts";
import { limaCCDsClass } from "../../../servers/lima/limaccds.ts";
import { processingPool } from "../../../servers/lima/pipeline/pool.ts";
import { connect, startServer } from "../../../tango/index.ts";
import { localLima } from "../../world/lima-local.ts";

test("CONCATENATION: a buffer holds several frames, each is counted and read by itself", async () => {
  await using world = await localLima();
  const { lima } = world;
  const single = await lima.read("buffer_max_number");
  await world.acquire({ acq_mode: "CONCATENATION", concat_nb_frames: 4, acq_nb_frames: 10, acq_expo_time: 1e-5 });
  expect(await lima.read("last_image_ready")).toBe(9);
  expect(await lima.read("buffer_max_number")).toBe(Math.floor(single / 4));
  const { data } = await lima.call("readImageSeq", [2n, 7n]);
  expect(new DataView(data.buffer, data.byteOffset).getUint16(24, true)).toBe(5);
  expect(data.length).toBe(80 + 5 * 2400);
});

test("ACCUMULATION counts the pixels that were saturated, in each exposure and at each place, but for masked ones", async () => {
  await using world = await localLima();
  const { lima, simulator } = world;
  await simulator.write("grow_factor", 0);
  await simulator.write("peaks", [10, 20, 4, 1000]);
  await world.acquire({ acq_expo_time: 0.003, acc_max_expo_time: 0.001, acq_mode: "ACCUMULATION", acq_nb_frames: 2 });
  await expect(lima.call("readAccSaturatedImageCounter", 0)).rejects.toThrow("write acc_saturated_active first");
  const counting = { acc_saturated_active: true, acc_saturated_threshold: 999n };
  await world.acquire(counting);
  const pixels = await lima.call("readAccSaturatedImageCounter", 1);
  expect(pixels.length).toBe(40 * 30);
  expect(pixels[20 * 40 + 10]).toBe(3);
  expect(pixels.reduce((sum, value) => sum + value, 0)).toBe(3);
  expect([...(await lima.call("readAccSaturatedSumCounter", 0))]).toEqual([3, 1, 1, 1, 1, 1, 1]);
  expect([...(await lima.call("readAccSaturatedSumCounter", 1))]).toEqual([3, 1, 1, 1]);
  await expect(lima.call("readAccSaturatedImageCounter", 2)).rejects.toThrow("Frame not available yet");

  const folder = await mkdtemp(join(tmpdir(), "lima-modes-"));
  const mask = new Uint8Array(1200).fill(1);
  mask[20 * 40 + 10] = 0;
  const header = "{\nDataType = UnsignedByte ;\nDim_1 = 40 ;\nDim_2 = 30 ;\n".padEnd(1022);
  await writeFile(join(folder, "mask.edf"), Buffer.concat([Buffer.from(`${header}}\n`), mask]));
  await lima.call("setAccSaturatedMask", join(folder, "mask.edf"));
  await world.acquire();
  expect([...(await lima.call("readAccSaturatedSumCounter", 0))]).toEqual([3, 0, 0, 0, 0, 0, 0]);
  await rm(folder, { recursive: true });
});

test("the shutter is moved by hand in mode MANUAL only", async () => {
  await using world = await localLima();
  const { lima } = world;
  await lima.call("openShutterManual");
  expect(await lima.untyped.read("shutter_manual_state")).toBe("OPEN");
  await lima.call("closeShutterManual");
  expect(await lima.untyped.read("shutter_manual_state")).toBe("CLOSED");
  await lima.untyped.write("shutter_mode", "AUTO_FRAME");
  expect(await lima.untyped.read("shutter_manual_state")).toBe("NO_MANUAL_MODE");
  await expect(lima.call("openShutterManual")).rejects.toThrow(
    "The shutter moves by itself in shutter_mode AUTO_FRAME",
  );
});

test("the configuration that is the default is applied when the device starts, and again by Init", async () => {
  const folder = await mkdtemp(join(tmpdir(), "lima-modes-"));
  const properties = { ConfigurationFilePath: join(folder, "lima.cfg"), ConfigurationDefaultName: "morning" };
  {
    await using world = await localLima({ properties });
    await world.lima.writeAttributes({ acq_expo_time: 0.125, saving_format: "EDF", image_bin: [2, 2] });
    await world.lima.call("configStore", ["morning"]);
    await world.lima.call("configFileSave");
  }
  await using world = await localLima({ properties });
  const { lima } = world;
  expect(await lima.read("acq_expo_time")).toBe(0.125);
  expect(await lima.read("saving_format")).toBe("EDF");
  expect([...(await lima.read("image_bin"))]).toEqual([2, 2]);
  await writeFile(properties.ConfigurationFilePath, "{ no json");
  await expect(lima.untyped.call("Init")).rejects.toThrow(`Configuration "morning" of ${folder}/lima.cfg`);
  await rm(folder, { recursive: true });
});

test.each([
  [{ ImageOpMode: "HardOnly" }, { image_flip: [true, false] }, "Property ImageOpMode is HardOnly"],
  [{ ImageOpMode: "Softly" }, {}, 'Property ImageOpMode is "Softly"'],
  [{ NbProcessingThread: "none" }, {}, 'Property NbProcessingThread is "none"'],
  [{ BufferMaxMemory: "200" }, {}, 'Property BufferMaxMemory is "200"'],
  [
    { BufferAllocParameters: "<initMem=2>" },
    {},
    'Property BufferAllocParameters is "<initMem=2>": "initMem=2" is none',
  ],
  [{ LimaCameraType: "Basler" }, {}, 'Property LimaCameraType is "Basler"'],
] as const)("property %j is refused, or what it forbids", async (properties, settings, error) => {
  await using world = await localLima({ properties });
  if (Object.keys(settings).length > 0) await world.lima.writeAttributes(settings);
  await expect(world.lima.call("prepareAcq")).rejects.toThrow(error);
});

test("buffer parameters come from the properties", async () => {
  const text = "<initMem=1, durationPolicy=PERSISTENT, sizePolicy=FIXED, reqMemSizePercent=12.5>";
  await using world = await localLima({ properties: { AccBufferParameters: text } });
  const names = ["init_mem", "duration_policy", "size_policy", "req_mem_size_percent"] as const;
  const values = await Promise.all(names.map((name) => world.lima.untyped.read(`acc_buffer_${name}`)));
  expect(values).toEqual([true, "PERSISTENT", "FIXED", 12.5]);
});

test.each(triggerModes)("acq_trigger_mode %s reaches a camera that has it", async (mode) => {
  const detector = new Detector();
  const { camera, asked } = savingCamera();
  const connected = detector.connect("saving", "a/saving/1", camera);
  await using server = await startServer({
    server: "LimaCCDs/triggers",
    classes: [limaCCDsClass(detector)],
    devices: { LimaCCDs: { "a/limaccds/1": {} } },
  });
  await using lima = await connect(limaCCDs, server.trl("a/limaccds/1"));
  expect(await lima.call("getAttrStringValueList", "acq_trigger_mode")).toEqual([...triggerModes]);
  await lima.writeAttributes({ acq_trigger_mode: mode, acq_nb_frames: 2, acq_expo_time: 0.5, latency_time: 0.25 });
  await lima.call("prepareAcq");
  expect(asked).toEqual([{ trigger: mode, frames: 2, exposure: 0.5, latency: 0.25 }]);
  // Two accumulated images are five exposures each, asked for image by image.
  await lima.writeAttributes({ acq_mode: "ACCUMULATION", acc_max_expo_time: 0.1 });
  await lima.call("prepareAcq");
  expect(asked.at(-1)).toMatchObject({ frames: 10, exposure: 0.1 });
  await connected[Symbol.asyncDispose]();
});

/** A camera of one pixel that writes its files itself and has no shutter. */
function savingCamera() {
  const told: HardwareFiles[] = [];
  const asked: CameraSettings[] = [];
  let frames = 0;
  const camera: Camera = {
    capabilities: {
      ...{ type: "Saving", model: "Saving", width: 1, height: 1, imageType: "Bpp16", pixelSize: [1, 1] },
      triggerModes,
      ...{ exposure: { min: 0, max: 10 }, latency: { min: 0, max: 10 } },
    },
    prepare: async (settings) => {
      frames = settings.frames;
      asked.push(settings);
    },
    trigger: () => {},
    async *frames() {
      for (let index = 0; index < frames; index++)
        yield { index, width: 1, height: 1, pixels: Uint16Array.of(index), time: 0 };
    },
    saving: {
      formats: ["HDF5"],
      prepare: async (files) => void told.push(files),
      finish: async () => 2,
    },
    [Symbol.asyncDispose]: async () => {},
  };
  return { camera, told, asked };
}

test("saving_managed_mode HARDWARE: the camera is told of the files, plugins and operations are refused", async () => {
  const detector = new Detector();
  const { camera, told } = savingCamera();
  const connected = detector.connect("saving", "a/saving/1", camera);
  await using server = await startServer({
    server: "LimaCCDs/hardware",
    classes: [limaCCDsClass(detector)],
    devices: { LimaCCDs: { "a/limaccds/1": {} } },
  });
  await using lima = await connect(limaCCDs, server.trl("a/limaccds/1"));
  const folder = await mkdtemp(join(tmpdir(), "lima-modes-"));
  await lima.writeAttributes({ saving_managed_mode: "HARDWARE", saving_mode: "AUTO_FRAME", saving_format: "HDF5" });
  await lima.writeAttributes({ saving_directory: folder, saving_prefix: "run_", saving_frame_per_file: 3 });
  await lima.writeAttributes({ acq_nb_frames: 5 });
  await lima.call("prepareAcq");
  await lima.call("startAcq");
  await detector.acquisition?.ended;
  expect(told).toMatchObject([{ directory: folder, prefix: "run_", framesPerFile: 3, frames: 5, number: 0 }]);
  expect(await lima.read("last_image_saved")).toBe(4);
  expect(await lima.read("saving_next_number")).toBe(2);
  await lima.writeAttributes({ image_flip: [true, false] });
  await expect(lima.call("prepareAcq")).rejects.toThrow(
    "Can't have any software operation if Hardware saving is active",
  );
  expect(await lima.read("shutter_ctrl_is_available")).toBe(false);
  await expect(lima.call("openShutterManual")).rejects.toThrow("No shutter capability");
  await rm(folder, { recursive: true });
  await connected[Symbol.asyncDispose]();
});

test("frames faster than the disk: a full buffer ends in Fault, what it holds is saved, the counters say what is lost", async () => {
  const saved: number[] = [];
  const gate = Promise.withResolvers<void>();
  const saver: Saver = {
    ...{ automatic: true, byCamera: false, prepare: async () => {}, giveUp: () => {}, finish: async () => {} },
    // The disk gets going when the Fault is told.
    save: async ({ index }) => {
      const written = gate.promise.then(() => saved.push(index) > 0);
      return { written };
    },
  };
  const { camera } = savingCamera();
  await using pool = processingPool(1);
  const acquisition = new Acquisition({
    ...{ camera: () => camera, processors: new Set(), pool, saver, bufferFrames: () => 4 },
    onStatus: () => acquisition.status === "Fault" && gate.resolve(),
    onCounters: () => {},
  });
  Object.assign(acquisition.parameters, { frames: 50, exposure: 0 });
  await acquisition.prepare();
  acquisition.start();
  await acquisition.ended;
  expect(acquisition.status).toBe("Fault");
  expect(acquisition.fault).toMatch(/^Saving: overun \(frame 6 found the 6 places of the buffer full of frames/);
  expect(saved).toEqual([0, 1, 2, 3, 4, 5]);
  expect(acquisition.counters).toMatchObject({ acquired: 5, ready: 5, saved: 5 });
});
