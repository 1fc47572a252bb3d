// SPDX-License-Identifier: MIT
// A Pilatus behind LimaCCDs: the emulated camserver writes real files, fabio reads them, PyTango drives the whole.
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { emulatePilatus, type PilatusEmulatorOptions } from "../../servers/lima/pilatus/emulator/server.ts";
import { cameraServer } from "../world/camera-server.ts";
import { describeWith, python } from "../world/peers.ts";
import { delay } from "../world/process.ts";

async function detector(options: Partial<PilatusEmulatorOptions> = {}, definition = "") {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "pilatus-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const configFile = join(folder, "camera.def");
  if (definition !== "") await writeFile(configFile, definition);
  const camserver = stack.use(await emulatePilatus({ folder, size: { width: 60, height: 40 }, ...options }));
  const place = { host_name: "127.0.0.1", host_port: camserver.port, config_file: configFile, tmpfs_path: folder };
  const world = stack.use(await cameraServer("Pilatus", place));
  const owned = stack.move();
  return { ...world, camserver, folder, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const ramp = (frames: number) => Array.from({ length: frames }, (_, n) => [0, 1, 2, 3].map((x) => x + n));
const images = async (folder: string) => (await readdir(folder)).filter((name) => /\.(cbf|edf|tif)$/.test(name)).sort();

/** Shape, type and first pixels of files as fabio reads them. */
async function fabio(...files: readonly string[]) {
  const script =
    "import fabio, json, sys\n" +
    "print(json.dumps([[list(f.data.shape), str(f.data.dtype), f.data[0, :4].tolist()] for f in map(fabio.open, sys.argv[1:])]))";
  const { stdout } = await promisify(execFile)(python, ["-c", script, ...files], { timeout: 60_000 });
  return JSON.parse(stdout);
}

describeWith(["PyTango 10.3", "fabio"], "a Pilatus behind LimaCCDs", () => {
  test.each([
    ["its size from camera.def", 'camera_wide = 60\ncamera_high = 40\ncamera_name = "PILATUS 300K, S/N 3-0100"\n', 3],
    ["its size from an image", "", 2],
  ] as const)(
    "%s; frames in one go and one a trigger; nothing is left behind",
    async (_, definition, generation) => {
      await using world = await detector({ generation }, definition);
      const { acquire, folder, camserver } = world;
      const run = await acquire(5, 0.01);
      expect(run).toMatchObject({ type: "Pilatus", image: "Bpp32S", sizes: [1, 4, 60, 40] });
      if (definition !== "") expect(run.model).toBe("PILATUS 300K, S/N 3-0100");
      expect(run.frames.map(([, , pixels]) => pixels)).toEqual(ramp(5));
      const triggered = await acquire(3, 0.01, "INTERNAL_TRIGGER_MULTI");
      expect(triggered.frames.map(([, , pixels]) => pixels)).toEqual([0, 1, 2].map(() => [0, 1, 2, 3]));
      expect(camserver.heard).toContain("expperiod 0.0130000");
      expect(await images(folder)).toEqual([]);
    },
    60_000,
  );

  test("external triggers and gates", async () => {
    await using world = await detector();
    const { lima, camserver, ended, ready } = world;
    await lima.write("acq_nb_frames", 3);
    await lima.write("acq_expo_time", 0.002);
    for (const [trigger, command] of [
      ["EXTERNAL_TRIGGER_MULTI", "extmtrigger"],
      ["EXTERNAL_GATE", "extenable"],
      ["EXTERNAL_TRIGGER", "exttrigger"],
    ] as const) {
      await lima.write("acq_trigger_mode", trigger);
      await lima.call("prepareAcq");
      await lima.call("startAcq");
      for (let frame = 1; frame <= (trigger === "EXTERNAL_TRIGGER" ? 1 : 3); frame++) {
        while (!camserver.waiting) await delay(2);
        camserver.edge();
        await ready(frame);
      }
      expect([trigger, await ended()]).toEqual([trigger, ["Ready", "No error"]]);
      expect(camserver.heard).toContain(`${command} image_00000.cbf`);
    }
  }, 60_000);

  test.each([
    [2, "k"],
    [3, "camcmd k"],
  ] as const)(
    "a Pilatus%i is stopped in the middle and started again",
    async (generation, kill) => {
      await using world = await detector({ generation });
      const { lima, camserver, ready } = world;
      await lima.write("acq_expo_time", 0.002);
      await lima.write("acq_nb_frames", 0);
      await lima.write("acq_trigger_mode", "INTERNAL_TRIGGER");
      await lima.call("prepareAcq");
      await lima.call("startAcq");
      await ready(3);
      await lima.call("stopAcq");
      expect(await lima.read("acq_status")).toBe("Ready");
      expect(camserver.heard.at(-1)).toBe(kill);
      expect((await world.acquire(2, 0.002)).frames.length).toBe(2);
    },
    60_000,
  );

  test.each(["CBF", "EDF", "TIFF"])(
    "camserver saves %s itself: files where they were wanted, read by fabio",
    async (format) => {
      await using world = await detector();
      const { lima, folder, acquire } = world;
      await lima.write("saving_managed_mode", "HARDWARE");
      await lima.write("saving_mode", "AUTO_FRAME");
      await lima.write("saving_format", format);
      await lima.write("saving_directory", folder);
      await lima.write("saving_prefix", "run_");
      const { frames } = await acquire(3, 0.01);
      expect(frames.map(([, , pixels]) => pixels)).toEqual(ramp(3));
      const suffix = { CBF: "cbf", EDF: "edf", TIFF: "tif" }[format];
      const names = [0, 1, 2].map((n) => `run_000${n}.${suffix}`);
      expect(await images(folder)).toEqual(names);
      expect(await fabio(...names.map((name) => join(folder, name)))).toEqual(
        ramp(3).map((pixels) => [[40, 60], "int32", pixels]),
      );
      expect(await lima.read("saving_next_number")).toBe(3);
      await lima.write("saving_next_number", 1);
      await expect(lima.call("prepareAcq")).rejects.toThrow(`File : ${join(folder, names[1] ?? "")} already exist`);
      await lima.write("saving_overwrite_policy", "OVERWRITE");
      expect((await acquire(3, 0.01)).frames.map(([, , pixels]) => pixels)).toEqual(ramp(3));
      await lima.write("saving_prefix", "run");
      await expect(lima.call("prepareAcq")).rejects.toThrow("camserver counts names that end in _");
    },
    60_000,
  );

  test("files that appear bit by bit are read when they are whole", async () => {
    await using world = await detector();
    world.camserver.weather.slowDisk = 60;
    expect((await world.acquire(3, 0.002)).frames.map(([, , pixels]) => pixels)).toEqual(ramp(3));
  }, 60_000);

  test("attributes and commands of LIMA's plugin", async () => {
    await using world = await detector();
    const { device, camserver } = world;
    const read = async (...names: readonly string[]) => Promise.all(names.map((name) => device.read(name)));
    expect(await read("threshold_gain", "threshold", "energy_threshold", "fill_mode", "cam_state")).toEqual([
      ...["AUTO", 6300, expect.closeTo(12.6, 4), "OFF", "STANDBY"],
    ]);
    await device.write("threshold_gain", "low");
    await device.write("threshold", 5000);
    expect(await read("threshold_gain", "threshold")).toEqual(["LOW", 5000]);
    expect(camserver.heard).toContain("setthreshold lowG 5000");
    await device.write("energy_threshold", 17.4);
    expect(await read("threshold", "energy_threshold")).toEqual([8700, expect.closeTo(17.4, 4)]);
    await device.write("fill_mode", "ON");
    await device.write("trigger_delay", 0.25);
    await device.write("nb_exposure_per_frame", 2);
    expect(await read("fill_mode", "trigger_delay", "nb_exposure_per_frame")).toEqual(["ON", 0.25, 2]);
    expect(Array.from((await device.read("temperature_humidity")) as Float32Array, (x) => Math.round(10 * x))).toEqual([
      314, 221, 258, 293,
    ]);
    expect(Array.from((await device.read("sensor_channels")) as Int16Array)).toEqual([0, 1]);
    expect(await read("readout_geometry", "max_frame_rate", "readout_time")).toEqual(["ROI: full image", 333, 0.003]);
    await device.call("sendCamserverCmd", "mxsettings Wavelength 0.71");
    await device.call("resetHighVoltage", 1);
    expect(camserver.heard).toEqual(expect.arrayContaining(["mxsettings Wavelength 0.71", "resetmodulepower 1"]));
    expect(await device.call("getAttrStringValueList", "threshold_gain")).toEqual([
      "LOW",
      "MID",
      "HIGH",
      "UHIGH",
      "AUTO",
    ]);
    expect(await device.call("getAttrStringValueList", "fill_mode")).toEqual(["ON", "OFF"]);
    await expect(device.write("threshold_gain", "most")).rejects.toThrow("Wrong value threshold_gain: MOST");
    await expect(device.write("fill_mode", "maybe")).rejects.toThrow("ON or OFF is wanted");
    await expect(device.call("sendCamserverCmd", "fly")).rejects.toThrow(
      'refused "fly": *** Unrecognized command: fly',
    );
  }, 60_000);

  test("the connection is lost in the middle: Fault with the reason; the next acquisition connects again", async () => {
    await using world = await detector();
    const { lima, device, camserver, ended, ready, acquire } = world;
    await lima.write("acq_nb_frames", 10_000);
    await lima.write("acq_expo_time", 0.002);
    await lima.call("prepareAcq");
    await lima.call("startAcq");
    await ready(2);
    camserver.weather.stuck = true;
    camserver.disconnect();
    expect(await ended()).toEqual([
      "Fault",
      `Camera: error (camserver 127.0.0.1:${camserver.port} closed the connection)`,
    ]);
    expect(await device.read("cam_state")).toBe("ERROR");
    camserver.weather.stuck = false;
    while (camserver.exposing) await delay(2);
    expect((await acquire(2, 0.002)).frames.length).toBe(2);
  }, 60_000);

  test("a folder that is not there, as camserver says it; camserver that does not answer", async () => {
    await using world = await detector();
    const { lima, camserver, folder, ended } = world;
    await lima.write("acq_nb_frames", 1);
    await lima.write("acq_expo_time", 0.002);
    await lima.call("prepareAcq");
    await rm(folder, { recursive: true });
    await lima.call("startAcq");
    const [status, fault] = await ended();
    expect([status, fault]).toEqual(["Fault", expect.stringContaining("the exposure failed: ERROR: ENOENT")]);
    camserver.weather.silent = true;
    await expect(lima.call("prepareAcq")).rejects.toThrow('does not answer "setackint 0" within 5000 ms');
  }, 60_000);
});
