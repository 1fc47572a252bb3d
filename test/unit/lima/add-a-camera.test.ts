// SPDX-License-Identifier: MIT
// The how-to's camera in a server: it acquires, and clients find it.
import { expect, test } from "vitest";
import { limaCCDs } from "../../../devices/lima/limaccds.ts";
import { noiseClass } from "../../../docs/snippets/add-a-camera.ts";
import { Detector } from "../../../servers/lima/detector.ts";
import { limaCCDsClass } from "../../../servers/lima/limaccds.ts";
import { connect, startServer } from "../../../tango/index.ts";

test("the camera of the how-to acquires", async () => {
  const detector = new Detector();
  await using server = await startServer({
    server: "LimaCCDs/noise",
    classes: [noiseClass(detector), limaCCDsClass(detector)],
    devices: { Noise: { "a/noise/1": { Seed: 7 } }, LimaCCDs: { "a/limaccds/1": {} } },
  });
  await using lima = await connect(limaCCDs, server.trl("a/limaccds/1"));
  expect(await lima.read("camera_type")).toBe("Noise");
  expect(await lima.call("getPluginDeviceNameFromType", "noise")).toBe("a/noise/1");
  await lima.writeAttributes({ acq_nb_frames: 2, acq_expo_time: 0.001 });
  await lima.call("prepareAcq");
  await lima.call("startAcq");
  await detector.acquisition?.ended;
  expect(await lima.read("last_image_ready")).toBe(1);
  const { data } = await lima.call("readImage", 1);
  expect(data.length).toBe(80 + 64 * 48 * 2);
});

test("a second camera in one server is refused, and says which there is", async () => {
  const detector = new Detector();
  await using server = await startServer({
    server: "LimaCCDs/noise",
    classes: [noiseClass(detector), limaCCDsClass(detector)],
    devices: { Noise: { "a/noise/1": {}, "a/noise/2": {} }, LimaCCDs: { "a/limaccds/1": {} } },
  });
  await using second = await connect(server.trl("a/noise/2"));
  expect(await second.state()).toBe("FAULT");
  expect(await second.status()).toContain("This server has a camera already (noise a/noise/1)");
});
