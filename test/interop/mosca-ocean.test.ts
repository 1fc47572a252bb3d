// SPDX-License-Identifier: MIT
// The Ocean Optics spectrometer: its emulator before SeaBreeze, its maker's library; our server before the emulator.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { mosca } from "../../devices/mosca/mosca.ts";
import { oceanOptics } from "../../devices/mosca/ocean-optics.ts";
import { type GateMode, gateModes, type TriggerMode, triggerModes } from "../../devices/mosca/words.ts";
import { openSpectrometer } from "../../devices/spectrum.ts";
import { ascan, memorySink, softAxis } from "../../scanning/index.ts";
import { moscaClasses } from "../../servers/mosca/classes.ts";
import { OceanDetector } from "../../servers/mosca/ocean/detector.ts";
import { type OceanEmulator, startOceanEmulator } from "../../servers/mosca/ocean/emulator.ts";
import { connect, type DeviceProxy, startServer } from "../../tango/index.ts";
import { describeWith, seabreezePython } from "../world/peers.ts";
import { freePort } from "../world/ports.ts";
import { run } from "../world/process.ts";

describeWith(["SeaBreeze"], "the emulated spectrometer", () => {
  test("is one to the maker's library", async () => {
    await using emulator = await startOceanEmulator({ serial: "FX00042" });
    const script = [join(import.meta.dirname, "../world/ocean-seabreeze.py"), String(emulator.port)];
    const { stdout } = await promisify(execFile)(seabreezePython, script, { timeout: 30_000 });
    const { wavelength, fast, ...said } = JSON.parse(stdout);
    expect(said).toEqual({
      serial: "FX00042",
      pixels: 2136,
      limits: [10, 10_000_000],
      capacity: [10, 50_000],
      elements: 0,
      samples: [true, 5],
    });
    expect(Math.abs(wavelength - 546.07)).toBeLessThan(0.5);
    expect(fast.length).toBe(3);
  });
});

test("the emulated spectrometer can be started by itself", async () => {
  const main = join(import.meta.dirname, "../../servers/mosca/ocean/main.ts");
  await using emulator = await run(process.execPath, [main, "0"], { ready: /127\.0\.0\.1:\d+/ });
  const port = Number(/127\.0\.0\.1:(\d+)/.exec(emulator.output())?.[1]);
  await using detector = await OceanDetector.open({ host: "127.0.0.1", port, serial: "FX-EMULATED" });
  expect([detector.status, detector.spectrumSize]).toEqual(["READY", 2136]);
  expect(await emulator.stop()).toBe(0);
});

interface World extends AsyncDisposable {
  /** Of the main device. */
  readonly trl: string;
  readonly emulator: OceanEmulator;
  readonly main: DeviceProxy<typeof mosca>;
  readonly hardware: DeviceProxy<typeof oceanOptics>;
}
async function world(properties: Record<string, unknown> = {}): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const emulator = stack.use(await startOceanEmulator({ pixels: 1024 }));
  const server = stack.use(
    await startServer({
      server: "Mosca/ocean",
      classes: moscaClasses(),
      devices: {
        OceanOptics: { "a/oceanoptics/1": { address: "127.0.0.1", port: emulator.port, ...properties } },
        Mosca: { "a/mosca/1": { mca_type: "oceanoptics" } },
      },
    }),
  );
  const trl = server.trl("a/mosca/1");
  const main = stack.use(await connect(mosca, trl));
  const hardware = stack.use(await connect(oceanOptics, server.trl("a/oceanoptics/1")));
  const owned = stack.move();
  return { trl, emulator, main, hardware, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
async function prepare({ main }: World, trigger: TriggerMode, points: number, realtime: number, block = 1) {
  await main.write("trigger_mode", triggerModes.indexOf(trigger));
  await main.write("gate_mode", gateModes.indexOf("HIGH" satisfies GateMode));
  await main.write("acq_nb_points", BigInt(points));
  await main.write("acq_realtime", realtime);
  await main.write("block_size", BigInt(block));
  await main.call("prepare_acq");
}
async function until(what: () => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) {
    if (await what()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("it did not happen within 10 s");
}
const ended = (main: World["main"]) => until(async () => (await main.read("State")) !== "RUNNING");
const counts = async (main: World["main"]) =>
  [await main.read("n_triggered_points"), await main.read("n_read_points"), await main.read("n_available_points")].map(
    Number,
  );

test("by its clock: points in blocks, ROIs, a resume; no statistics", async () => {
  await using there = await world();
  const { main, hardware } = there;
  expect(await main.read("spectrum_size")).toBe(1024n);
  expect(await main.read("stats_names")).toEqual([]);
  expect([await hardware.read("serial"), await hardware.read("buffer_capacity_maximum")]).toEqual([
    "FX-EMULATED",
    50_000n,
  ]);
  expect([...(await hardware.read("integration_time_micros_limits"))]).toEqual([10, 10_000_000]);
  await main.call("add_roi", ["green", "640", "680"]);
  await prepare(there, "INT_TRIG_READOUT", 40, 0.002, 20);
  expect(await hardware.read("integration_time_micros")).toBe(2000);
  await main.call("start_acq");
  await ended(main);
  expect(await counts(main)).toEqual([40, 40, 40]);
  const spectra = await main.call("read_spectra", []);
  expect(spectra.length).toBe(40 * 1024);
  const rois = await main.call("read_rois", []);
  const sums = Array.from({ length: 40 }, (_, p) =>
    spectra.subarray(p * 1024 + 640, p * 1024 + 681).reduce((sum, count) => sum + BigInt(count), 0n),
  );
  expect([...rois]).toEqual(sums);
  expect((await main.call("read_stats", [])).length).toBe(0);
  await main.call("resume_acq");
  await ended(main);
  expect(await counts(main)).toEqual([80, 80, 80]);
});

test("an edge a point, and as many as the gate lets through", async () => {
  await using there = await world();
  const { emulator, main } = there;
  await prepare(there, "EXT_TRIG_READOUT", 3, 0.001);
  await main.call("start_acq");
  for (let edge = 1; edge <= 3; edge++) {
    emulator.instrument.edge();
    await until(async () => (await main.read("n_available_points")) >= BigInt(edge));
  }
  await ended(main);
  expect(await counts(main)).toEqual([3, 3, 3]);
  await prepare(there, "GATE", 10, 0.001, 5);
  await main.call("start_acq");
  expect(await main.read("n_available_points")).toBe(0n);
  emulator.instrument.gate(true);
  await ended(main);
  expect(await counts(main)).toEqual([10, 10, 10]);
});

test("a cable that is pulled is a FAULT; the next prepare connects anew", async () => {
  await using there = await world();
  const { emulator, main } = there;
  await prepare(there, "INT_TRIG_READOUT", 1000, 0.005);
  await main.call("start_acq");
  await until(async () => (await main.read("n_available_points")) >= 2n);
  emulator.cut();
  await ended(main);
  expect(await main.read("State")).toBe("FAULT");
  expect(await main.read("Status")).toMatch(/spectrometer 127\.0\.0\.1:\d+ (closed the connection|was lost)/);
  expect((await main.call("read_spectra", [0n, 2n])).length).toBe(2 * 1024);
  await prepare(there, "INT_TRIG_READOUT", 2, 0.001);
  await main.call("start_acq");
  await ended(main);
  expect(await counts(main)).toEqual([2, 2, 2]);
});

test("triggers faster than the buffer is read: a FAULT counts what is lost", async () => {
  await using there = await world({ default_readout: 0.3 });
  const { main, hardware } = there;
  await hardware.write("buffer_capacity", 4n);
  await expect(prepare(there, "INT_TRIG_READOUT", 100, 0.001, 5)).rejects.toThrow(
    "the buffer's capacity of 4 (was: 5)",
  );
  await prepare(there, "INT_TRIG_READOUT", 100, 0.02, 4);
  await main.call("start_acq");
  await ended(main);
  expect(await main.read("Status")).toMatch(
    /spectra were lost, (they came faster than they were read|the buffer was full)/,
  );
  const [, read = 0, available] = await counts(main);
  expect(read).toBeLessThan(100);
  expect(available).toBe(read);
});

test("stop ends it at once; what is asked for in between is refused", async () => {
  await using there = await world();
  const { main, hardware } = there;
  await prepare(there, "INT_TRIG_READOUT", 1000, 0.005);
  await main.call("start_acq");
  await expect(hardware.write("integration_time_micros", 10)).rejects.toThrow("while an acquisition is running");
  await expect(hardware.write("buffer_capacity", 10n)).rejects.toThrow("while an acquisition is running");
  await main.call("stop_acq");
  expect(await main.read("State")).toBe("ON");
  expect(there.emulator.instrument.idle).toBe(true);
  await expect(prepare(there, "INT_TRIG_READOUT", 1, 11)).rejects.toThrow(
    "acq_realtime must be 0.00001 to 10 s (was: 11)",
  );
  await expect(hardware.write("trigger_mode", "SYNC")).rejects.toThrow("one of FREERUN, LEVEL, EDGE (was: SYNC)");
});

test("an instrument that is switched on later is found by itself", async () => {
  const port = await freePort();
  await using there = await world({ port, reconnect_period: 0.02 });
  expect(await there.main.read("State")).toBe("OFF");
  await using _late = await startOceanEmulator({ port, pixels: 512, serial: "LATE" });
  await until(async () => (await there.main.read("State")) === "ON");
  expect([await there.main.read("spectrum_size"), await there.hardware.read("serial")]).toEqual([512n, "LATE"]);
  await prepare(there, "INT_TRIG_READOUT", 2, 0.001);
  await there.main.call("start_acq");
  await ended(there.main);
  expect(await counts(there.main)).toEqual([2, 2, 2]);
});

test("an instrument that is not there, or another one, is OFF and says so", async () => {
  await using other = await world({ serial_number: "FX1" });
  expect(await other.main.read("State")).toBe("OFF");
  expect(await other.main.read("Status")).toMatch(/has the serial number FX-EMULATED, not FX1/);
  await using absent = await world({ port: 1 });
  expect(await absent.main.read("Status")).toContain("127.0.0.1:1 cannot be reached");
  await expect(absent.main.call("prepare_acq")).rejects.toThrow("MCA state is UNINITIALIZED");
});

test("a step scan of it; one whose cable is pulled in the middle fails and says so, with the points before it", async () => {
  await using there = await world();
  await using light = await openSpectrometer("light", there.trl, { rois: { green: { start: 640, stop: 680 } } });
  expect(light.triggers).toEqual(["software", "external", "gate"]);
  const memory = memorySink();
  await using scan = ascan(softAxis("sx"), 0, 1, 4, 0.002, light).start({ sink: memory });
  expect(await scan.done()).toMatchObject({ reason: "SUCCESS", points: 5 });

  await using longer = ascan(softAxis("sx"), 0, 1, 1000, 0.002, light).start({ sink: memory });
  let rows = 0;
  const taking = (async () => {
    for await (const _row of longer) if (++rows === 3) there.emulator.cut();
  })();
  await expect(taking).rejects.toThrow(
    /spectrometer light .* is FAULT: spectrometer 127\.0\.0\.1:\d+ (closed the connection|was lost)/,
  );
  expect(rows).toBeGreaterThanOrEqual(3);
  await light.prepare({ counters: light.counters, points: 2, exposure: 0.002, trigger: "external" }, {});
  await light.start?.({});
  const taken: number[] = [];
  const reading = (async () => {
    for await (const { first, points } of light.data({})) taken.push(first, points);
  })();
  for (let edge = 0; edge < 2; edge++) {
    there.emulator.instrument.edge();
    await until(async () => there.emulator.instrument.idle);
  }
  await reading;
  expect(taken.filter((_, at) => at % 2).reduce((sum, points) => sum + points, 0)).toBe(2);
  await light.stop();
  await using again = ascan(softAxis("sx"), 0, 1, 2, 0.002, light).start({ sink: memory });
  expect(await again.done()).toMatchObject({ reason: "SUCCESS", points: 3 });
});
