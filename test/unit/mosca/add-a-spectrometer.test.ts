// SPDX-License-Identifier: MIT
// The how-to's spectrometer in a server: it acquires, sums ROIs, stops.
import { expect, test } from "vitest";
import { mosca } from "../../../devices/mosca/mosca.ts";
import { lampClass } from "../../../docs/snippets/add-a-spectrometer.ts";
import { moscaClass } from "../../../servers/mosca/mosca.ts";
import { Spectrometer } from "../../../servers/mosca/spectrometer.ts";
import { connect, startServer } from "../../../tango/index.ts";

test("the spectrometer of the how-to acquires", async () => {
  const spectrometer = new Spectrometer();
  await using server = await startServer({
    server: "Mosca/lamp",
    classes: [lampClass(spectrometer), moscaClass(spectrometer)],
    devices: { Lamp: { "a/lamp/1": { Channels: 8 } }, Mosca: { "a/mosca/1": { mca_type: "lamp" } } },
  });
  await using device = await connect(mosca, server.trl("a/mosca/1"));
  expect(await device.read("controller_name")).toBe("a/lamp/1");
  await device.call("add_roi", ["line", "1", "2"]);
  await device.write("acq_nb_points", 5n);
  await device.write("block_size", 2n);
  await device.write("acq_realtime", 0.0001);
  await expect(device.call("prepare_acq")).rejects.toThrow("acq_realtime must be >= 1 ms.");
  await device.write("acq_realtime", 0.001);
  await device.call("prepare_acq");
  const ended = new Promise<void>((resolve) => {
    spectrometer.listen((status) => status === "READY" && spectrometer.recording?.read === 5 && resolve());
  });
  await device.call("start_acq");
  await ended;
  expect(await device.read("n_available_points")).toBe(5n);
  expect([...(await device.call("read_rois", []))]).toEqual([0n, 1000n, 1000n, 0n, 0n]);
  const spectra = await device.call("read_spectra", [3n, 5n]);
  expect([...spectra.keys()].filter((at) => spectra[at])).toEqual([3, 12]);

  await device.call("prepare_acq");
  await device.call("start_acq");
  await device.call("stop_acq");
  expect(await device.read("State")).toBe("ON");
  expect(await device.read("n_available_points")).toBeLessThan(5n);
});
