// SPDX-License-Identifier: MIT
// GigE Vision both ways: our driver against Aravis' camera, Aravis' client against our emulated camera, and whole path
// LimaCCDs -> PyTango. Every camera has an address of its own: the port of the protocol is fixed.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { openControl } from "../../servers/lima/gige/control.ts";
import { discover } from "../../servers/lima/gige/discovery.ts";
import { emulateGige, type GigeEmulator, type GigeEmulatorOptions } from "../../servers/lima/gige/emulator/camera.ts";
import { cameraServer } from "../world/camera-server.ts";
import { describeWith } from "../world/peers.ts";
import { delay, run } from "../world/process.ts";

const emulator = (options: Partial<GigeEmulatorOptions> = {}): Promise<GigeEmulator> => {
  const [a, b, c] = Array.from({ length: 3 }, () => 2 + Math.floor(250 * Math.random()));
  return emulateGige({ address: `127.${a}.${b}.${c}`, sensor: { width: 64, height: 48 }, ...options });
};

/** Pixel x, y of frame n is x + y + n. */
const ramp = (frames: number, first = 0) =>
  Array.from({ length: frames }, (_, n) => [0, 1, 2, 3].map((x) => x + n + first));

const aravisAnswers = async () =>
  (await discover({ addresses: ["127.0.0.1"], wait: 200, until: () => true })).length > 0;

/** Aravis' camera binds 127.0.0.1 only: whoever else uses it here is waited for. */
async function aravisCamera(...more: readonly string[]) {
  for (let attempt = 0; attempt < 30; attempt++) {
    if (await aravisAnswers()) {
      await delay(1000);
      continue;
    }
    const args = ["-i", "127.0.0.1", "-s", "GV01", ...more];
    return run("/usr/bin/arv-fake-gv-camera-0.8", args, { ready: aravisAnswers, patience: 10_000 });
  }
  throw new Error("UDP 127.0.0.1:3956 is taken");
}

const arvTool = async (...args: readonly string[]) =>
  (await promisify(execFile)("/usr/bin/arv-tool-0.8", args, { timeout: 20_000 })).stdout;

/** The counters that arv-camera-test prints at its end. */
async function arvCameraTest(address: string, ...args: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const all = ["-n", address, "--no-packet-socket", "-a", "-m", "2000", "--duration", "2", ...args];
  const { stdout } = await promisify(execFile)("/usr/bin/arv-camera-test-0.8", all, { timeout: 30_000 });
  return Object.fromEntries(
    Array.from(stdout.matchAll(/^(n_\w+)\s*= (\d+)/gm), ([, name, value]) => [name, Number(value)]),
  );
}

/** It sends images of 4 MB, each in one go. */
const bursts = { timeout: 90_000 };

describeWith(["aravis", "PyTango 10.3"], "our driver and Aravis' camera", () => {
  test("found, described, driven by its own XML: free running and triggered by software", bursts, async () => {
    await using camera = await aravisCamera();
    expect(await discover({ addresses: ["127.0.0.1"], wait: 2000, until: () => true })).toMatchObject([
      { manufacturer: "Aravis", model: "Fake", serialNumber: "GV01", address: "127.0.0.1" },
    ]);
    await using world = await cameraServer("GigE", { camera_id: "ip://127.0.0.1" });
    const { device, acquire, lima } = world;
    const free = await acquire(5, 0.2);
    expect(free).toMatchObject({ type: "GigE", model: "Aravis Fake", image: "Bpp8", sizes: [0, 1, 2048, 2048] });
    expect(new Set(free.frames.map(([, , , crc]) => crc)).size).toBe(5);
    await device.write("pixel_format", "Mono16");
    expect(await lima.read("image_type")).toBe("Bpp16");
    await device.write("pixel_format", "Mono8");
    const triggered = await acquire(3, 0.1, "INTERNAL_TRIGGER_MULTI");
    expect(triggered.frames.length).toBe(3);
    expect(await device.read("statistics_total_buffer_count")).toBe(8);
    expect(await device.read("statistics_failed_buffer_count")).toBe(0);
    expect(await device.call("getFeature", "ExposureTimeAbs")).toBe("100000");
    await expect(device.write("pixel_format", "RGB9")).rejects.toThrow("Wrong value pixel_format: RGB9; BayerBG8,");
    expect(camera.child.exitCode).toBe(null);
  });

  test("in colours: the brightness is the image, the live picture has them", bursts, async () => {
    await using _camera = await aravisCamera();
    await using world = await cameraServer("GigE", { camera_id: "ip://127.0.0.1" });
    const { lima, acquire } = world;
    const modes = await lima.call("getAttrStringValueList", "video_mode");
    expect([...modes].sort()).toEqual(["BAYER_BG8", "BAYER_RG8", "RGB24", "Y16", "Y8"]);
    for (const [mode, number, bytes] of [
      ["RGB24", 6, 3],
      ["BAYER_BG8", 12, 1],
      ["Y8", 0, 1],
    ] as const) {
      await lima.write("video_mode", mode);
      expect((await acquire(1, 0.05)).image).toBe("Bpp8");
      if (mode === "Y8") expect(await world.device.read("pixel_format")).toBe("Mono8");
      const { data } = await lima.read("video_last_image");
      expect([data.length, new DataView(data.buffer, data.byteOffset).getUint16(6)]).toEqual([
        32 + 2048 * 2048 * bytes,
        number,
      ]);
      const pixels = await lima.call("getImage", 0);
      const shown = data.subarray(32);
      const differs = (i: number) => {
        const [r = 0, g = 0, b = 0] = shown.subarray(3 * i);
        return bytes === 1
          ? pixels[i] !== shown[i]
          : Math.abs((pixels[i] ?? 0) - (0.299 * r + 0.587 * g + 0.114 * b)) > 1;
      };
      expect(Array.from({ length: 2048 }, (_, i) => 2049 * i).filter(differs)).toEqual([]);
    }
    await expect(lima.write("video_mode", "I420")).rejects.toThrow("Wrong value video_mode: I420");
  });

  test("packets it drops are missed, and what is missing is told: it sends nothing again", bursts, async () => {
    await using _camera = await aravisCamera("-r", "2");
    {
      await using world = await cameraServer("GigE", { camera_id: "ip://127.0.0.1" });
      await world.lima.write("acq_nb_frames", 20);
      await world.lima.write("acq_expo_time", 0.05);
      await world.lima.call("prepareAcq");
      await world.lima.call("startAcq");
      const [status, fault] = await world.ended();
      expect(status).toBe("Fault");
      expect(fault).toMatch(/GigE camera 127\.0\.0\.1: frame \d+ is lost: \d+ of 2866 packets did not come/);
    }
    await using world = await cameraServer("GigE", { camera_id: "ip://127.0.0.1", blank_image_for_missed: true });
    const { frames } = await world.acquire(4, 0.05);
    expect(frames.length).toBe(4);
    expect(await world.device.read("statistics_failed_buffer_count")).toBeGreaterThan(0);
    expect(await world.device.read("statistics_resend_count")).toBe(0);
  });

  test(
    "a camera that is gone in the middle ends the acquisition, and says so; it can be used again",
    bursts,
    async () => {
      let camera = await aravisCamera();
      await using stack = new AsyncDisposableStack();
      stack.defer(async () => void (await camera.stop()));
      await using world = await cameraServer("GigE", { camera_id: "ip://127.0.0.1" });
      const { lima, ended, ready, acquire } = world;
      await lima.write("acq_nb_frames", 10_000);
      await lima.write("acq_expo_time", 0.3);
      await lima.call("prepareAcq");
      await lima.call("startAcq");
      await ready(2);
      await camera.stop("SIGKILL");
      const [status, fault] = await ended();
      expect(status).toBe("Fault");
      expect(fault).toMatch(/^Camera: error \(GigE camera 127\.0\.0\.1 (cannot be reached|does not answer)/);
      await expect(lima.call("prepareAcq")).rejects.toThrow("GigE camera 127.0.0.1");
      camera = await aravisCamera();
      expect((await acquire(2, 0.3)).frames.length).toBe(2);
    },
  );
});

describeWith(["aravis"], "Aravis' client and our emulated camera", () => {
  test("its tool finds the camera by broadcast", async () => {
    const identity = { serialNumber: `S${process.pid}`, model: "Found" };
    await using camera = await emulator({ broadcast: "255.255.255.255", identity });
    expect(await arvTool()).toContain(`Bandoneon-Found-S${process.pid} (${camera.address})`);
  });

  test("its tool reads the description, zipped or plain, and sets features", async () => {
    for (const zipped of [true, false]) {
      await using camera = await emulator({ zipped });
      const features = await arvTool("-a", camera.address, "features");
      expect(features).toContain("'PixelFormat'");
      expect(features).toContain("'AcquisitionStart'");
      const words = ["Width=32", "PixelFormat=Mono12Packed", "ExposureTime=2500", "Gain=3", "DeviceModelName"];
      const set = await arvTool(
        "-a",
        camera.address,
        "control",
        ...words,
        "PayloadSize",
        "ResultingFrameRate",
        "GevSCPSPacketSize",
      );
      expect(
        set
          .replaceAll(/ min.*/g, "")
          .trim()
          .split("\n"),
      ).toEqual([
        ...[
          "Width = 32",
          "PixelFormat = Mono12Packed",
          "ExposureTime = 2500",
          "Gain = 3",
          "DeviceModelName = Emulated",
        ],
        ...["PayloadSize = 2304", "ResultingFrameRate = 400", "GevSCPSPacketSize = 1500"],
      ]);
    }
  }, 60_000);

  test.each([
    ["16-bit block numbers", false],
    ["64-bit block numbers", true],
  ])(
    "it receives a stream with %s, in which every 30th packet is dropped, and asks for them again",
    async (_, extendedIds) => {
      await using camera = await emulator({ sensor: { width: 640, height: 480 }, extendedIds });
      let sent = 0;
      camera.weather.lose = ({ resent }) => !resent && sent++ % 30 === 29;
      const counts = await arvCameraTest(camera.address, "-f", "10", "-e", "5000", "-q", "1.0", "-i", "1500");
      expect(counts).toMatchObject({
        n_failures: 0,
        n_missing_frames: 0,
        n_error_packets: 0,
        n_size_mismatch_errors: 0,
      });
      expect(counts.n_completed_buffers).toBeGreaterThan(10);
      expect(counts.n_resent_packets).toBeGreaterThan(50);
      expect(camera.resent).toBeGreaterThanOrEqual(counts.n_resent_packets ?? 0);
    },
    60_000,
  );
});

describeWith(["PyTango 10.3"], "our driver and our emulated camera", () => {
  test.each(["Mono8", "Mono10", "Mono12", "Mono16", "Mono12Packed", "Mono12p"])(
    "%s comes out as numbers",
    async (format) => {
      await using camera = await emulator();
      await using world = await cameraServer("GigE", { camera_id: `ip://${camera.address}` });
      await world.device.write("pixel_format", format);
      const { frames, sizes } = await world.acquire(3, 0.002);
      expect(sizes).toEqual([0, format === "Mono8" ? 1 : 2, 64, 48]);
      expect(frames.map(([, , pixels]) => pixels)).toEqual(ramp(3));
    },
    60_000,
  );

  test("packets lost, doubled and overtaken: all images whole, and counted", async () => {
    await using camera = await emulator({ sensor: { width: 256, height: 256 } });
    let [sent, total] = [0, 0];
    Object.assign(camera.weather, {
      lose: ({ resent }: { resent: boolean }) => !resent && sent++ % 17 === 5,
      duplicate: () => total++ % 11 === 0,
      delay: () => total % 7 === 0,
    });
    await using world = await cameraServer("GigE", { camera_id: `ip://${camera.address}`, packet_size: 1500 });
    const { frames } = await world.acquire(20, 0.002);
    expect(frames.map(([, , pixels]) => pixels)).toEqual(ramp(20));
    expect(await world.device.read("statistics_failed_buffer_count")).toBe(0);
    expect(await world.device.read("statistics_resend_count")).toBeGreaterThan(20);
  }, 60_000);

  test("64-bit block numbers", async () => {
    await using camera = await emulator({ extendedIds: true, sensor: { width: 256, height: 256 } });
    let sent = 0;
    camera.weather.lose = ({ resent }) => !resent && sent++ % 17 === 5;
    await using world = await cameraServer("GigE", { camera_id: `ip://${camera.address}`, packet_size: 1500 });
    expect((await world.acquire(3, 0.002)).frames.map(([, , pixels]) => pixels)).toEqual(ramp(3));
  }, 60_000);

  test("an image that cannot be had again ends the acquisition, or is given blank when so wanted", async () => {
    await using camera = await emulator({ sensor: { width: 256, height: 256 } });
    camera.weather.lose = ({ block, packet }) => block === 2n && packet === 3;
    camera.weather.forget = () => true;
    const place = { camera_id: `ip://${camera.address}`, packet_size: 1500 };
    {
      await using world = await cameraServer("GigE", place);
      await world.lima.write("acq_nb_frames", 3);
      await world.lima.write("acq_expo_time", 0.002);
      await world.lima.call("prepareAcq");
      await world.lima.call("startAcq");
      const [status, fault] = await world.ended();
      expect(status).toBe("Fault");
      expect(fault).toMatch(/frame 1 is lost: 1 of 46 packets did not come/);
    }
    await using world = await cameraServer("GigE", { ...place, blank_image_for_missed: true });
    expect((await world.acquire(3, 0.002)).frames.map(([, , pixels]) => pixels)).toEqual([
      [0, 1, 2, 3],
      [0, 0, 0, 0],
      [2, 3, 4, 5],
    ]);
    expect(await world.device.read("statistics_failed_buffer_count")).toBe(1);
  }, 60_000);

  test("external triggers: one edge a frame, one for all, and a gate", async () => {
    await using camera = await emulator();
    await using world = await cameraServer("GigE", { camera_id: `ip://${camera.address}` });
    const { lima, ended, ready } = world;
    const start = async (trigger: string) => {
      await lima.write("acq_trigger_mode", trigger);
      await lima.call("prepareAcq");
      await lima.call("startAcq");
    };
    await lima.write("acq_nb_frames", 2);
    await lima.write("acq_expo_time", 0.002);
    for (const trigger of ["EXTERNAL_TRIGGER_MULTI", "EXTERNAL_GATE"]) {
      await start(trigger);
      expect(await lima.read("last_image_ready")).toBe(-1);
      for (const frame of [1, 2]) {
        // An edge that comes before the camera is armed is not seen by it.
        while (!camera.waiting) await delay(2);
        camera.line(true);
        camera.line(false);
        await ready(frame);
      }
      expect(await ended()).toEqual(["Ready", "No error"]);
    }
    await start("EXTERNAL_TRIGGER");
    while (!camera.waiting) await delay(2);
    camera.line(true);
    expect(await ended()).toEqual(["Ready", "No error"]);
    expect(await lima.read("last_image_ready")).toBe(1);
  }, 60_000);

  test("found by serial number and by the instance's name; a name nobody answers to; a second controller", async () => {
    await using camera = await emulator({
      broadcast: "127.255.255.255",
      identity: { serialNumber: "S1", userName: "hutch" },
    });
    {
      await using world = await cameraServer("GigE", { camera_id: "sn://S1" });
      expect(await world.lima.read("camera_model")).toBe("Bandoneon Emulated");
      expect(camera.controlled).toBe(true);
      await using second = await cameraServer("Basler", { camera_id: `ip://${camera.address}` });
      expect(await second.device.read("State")).toBe("FAULT");
      expect(await second.device.read("Status")).toContain(
        `GigE camera ${camera.address} is controlled by another program: end that one first`,
      );
    }
    expect(camera.controlled).toBe(false);
    for (const [id, why] of [
      ["sn://nobody", "No GigE Vision camera answers to sn://nobody (property camera_id); there are: "],
      ["127.0.0.1", 'Property camera_id is "127.0.0.1": ip://<address>, sn://'],
      ["ip://127.0.0.3", "GigE camera 127.0.0.3 cannot be reached"],
    ] as const) {
      await using world = await cameraServer("GigE", { camera_id: id });
      expect(await world.device.read("State")).toBe("FAULT");
      expect(await world.device.read("Status")).toContain(why);
    }
    await using world = await cameraServer("Basler", {}, "hutch");
    expect(await world.lima.read("lima_type")).toBe("Basler");
  }, 60_000);

  test("unplugged in the middle: Fault with the reason within seconds; plugged in again it works", async () => {
    await using camera = await emulator({ heartbeat: 600 });
    await using world = await cameraServer("GigE", { camera_id: `ip://${camera.address}` });
    const { lima, ended, ready, acquire } = world;
    await lima.write("acq_nb_frames", 0);
    await lima.write("acq_expo_time", 0.002);
    await lima.call("prepareAcq");
    await lima.call("startAcq");
    await ready(3);
    camera.weather.unplugged = true;
    const [status, fault] = await ended();
    expect([status, fault]).toEqual([
      "Fault",
      expect.stringContaining(`GigE camera ${camera.address} does not answer`),
    ]);
    camera.weather.unplugged = false;
    expect((await acquire(2, 0.002)).frames.length).toBe(2);
  }, 60_000);
});

describe("the control channel", () => {
  test("answers that get lost are asked for again; slow ones waited for; refusals tell why", async () => {
    await using camera = await emulator();
    await using control = await openControl({ host: camera.address, timeout: 100 });
    camera.weather.loseAnswers = 3;
    expect(await control.readRegister(0x934)).toBe(0x27);
    await control.writeRegister(0xa00, 2);
    camera.weather.slowWrites = 700;
    await control.writeRegister(0x938, 5000);
    camera.weather.slowWrites = 0;
    expect(await control.readRegister(0x938)).toBe(5000);
    await expect(control.readRegister(0x3fff0)).rejects.toThrow(
      "refused to read register 0x3fff0: there is nothing at this address (0x8003)",
    );
    await expect(control.readRegister(0x6)).rejects.toThrow("no multiple of 4");
    await expect(control.writeRegister(0x934, 0)).rejects.toThrow("it cannot be written (0x8004)");
    await using other = await openControl({ host: camera.address });
    await expect(other.writeRegister(0xa00, 2)).rejects.toThrow(
      "access denied: another program controls the device (0x8006)",
    );
    camera.weather.unplugged = true;
    await expect(control.readRegister(0)).rejects.toThrow("does not answer: read register 0x0 was sent 4 times");
  });
});
