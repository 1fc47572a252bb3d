// SPDX-License-Identifier: MIT
// A spectrometer gated over Tango: its simulated line is opened and closed for each point of a scan.
import { expect, test } from "vitest";
import { openGate, openSpectrometer } from "../../devices/index.ts";
import { ascan, Session, softAxis } from "../../scanning/index.ts";
import { connect } from "../../tango/index.ts";
import { moscaWorld } from "../world/mosca.ts";

test("points are as long as the gate was open", async () => {
  await using world = await moscaWorld({ Detectors: ["1"] });
  await using line = await connect(world.trl("a/generator/1"));
  await line.write("use_external_trigger", true);
  await using xrf = await openSpectrometer("xrf", world.trl("a/mosca/1"));
  await using gate = await openGate("line", world.trl("a/generator/1"), { open: "hw_trig", close: "hw_trig" });
  const axis = softAxis("sx");
  const chainSettings = [{ device: "xrf", master: "line" }];
  await using session = new Session({ name: "gated", objects: [axis, xrf, gate], chainSettings, warn: () => {} });
  const run = session.start(ascan(axis, 0, 1, 4, 0.05, xrf));
  expect(await run.done()).toMatchObject({ reason: "SUCCESS", points: 5 });
  const times = run.data("xrf:stat:realtime_det00");
  expect(times.length).toBe(5);
  for (const seconds of times) expect(seconds).toBeGreaterThanOrEqual(0.0499);
});

test("a device that has nothing to open is no gate", async () => {
  await using world = await moscaWorld();
  const trl = world.trl("a/generator/1");
  await expect(openGate("g", trl)).rejects.toThrow(`${trl} has no command Open: it cannot be the gate g`);
  await expect(openGate("g", trl, { attribute: "Out" })).rejects.toThrow(
    "has no attribute Out: it cannot be the gate g",
  );
  await using lit = await openGate("g", trl, { attribute: "use_external_trigger" });
  await lit.open();
  await using line = await connect(trl);
  expect(await line.read("use_external_trigger")).toBe(true);
  await lit.close();
  expect(await line.read("use_external_trigger")).toBe(false);
});
