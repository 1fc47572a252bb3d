// SPDX-License-Identifier: MIT
// The FalconX over the network: our server before its emulator, by every trigger, and when things go wrong.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { falconX } from "../../devices/mosca/falconx.ts";
import { mosca } from "../../devices/mosca/mosca.ts";
import { moscaV1 } from "../../devices/mosca/mosca-v1.ts";
import { type GateMode, gateModes, type TriggerMode, triggerModes } from "../../devices/mosca/words.ts";
import { openSpectrometer } from "../../devices/spectrum.ts";
import { ascan, memorySink, softAxis } from "../../scanning/index.ts";
import { moscaClasses } from "../../servers/mosca/classes.ts";
import type { Block } from "../../servers/mosca/detector.ts";
import { FalconXDetector } from "../../servers/mosca/falconx/detector.ts";
import { type FalconXEmulator, startFalconXEmulator } from "../../servers/mosca/falconx/emulator.ts";
import { layoutOf } from "../../servers/mosca/falconx/layout.ts";
import { connect, type DeviceProxy, startServer } from "../../tango/index.ts";
import { debianPython, describeWith } from "../world/peers.ts";
import { freePort } from "../world/ports.ts";
import { delay, run } from "../world/process.ts";

interface World extends AsyncDisposable {
  readonly trl: string;
  readonly emulator: FalconXEmulator;
  readonly main: DeviceProxy<typeof mosca>;
  readonly hardware: DeviceProxy<typeof falconX>;
  readonly v1: DeviceProxy<typeof moscaV1>;
}
async function world(
  properties: (port: number) => Readonly<Record<string, string | readonly string[]>> = (port) => ({
    address: [`127.0.0.1:${port}`],
  }),
): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const emulator = stack.use(await startFalconXEmulator({ channels: 4 }));
  const server = stack.use(
    await startServer({
      server: "Mosca/fx",
      classes: moscaClasses(),
      devices: {
        FalconX: { "a/falconx/1": properties(emulator.port) },
        Mosca: { "a/mosca/1": { mca_type: "falconx" } },
        MoscaV1: { "a/moscav1/1": {} },
      },
    }),
  );
  const trl = server.trl("a/mosca/1");
  const main = stack.use(await connect(mosca, trl));
  const hardware = stack.use(await connect(falconX, server.trl("a/falconx/1")));
  const v1 = stack.use(await connect(moscaV1, server.trl("a/moscav1/1")));
  const owned = stack.move();
  return { trl, emulator, main, hardware, v1, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

interface Wanted {
  readonly trigger: TriggerMode;
  readonly gate?: GateMode;
  readonly points?: number;
  readonly realtime?: number;
  readonly block?: number;
}
async function prepare({ main }: World, { trigger, gate = "HIGH", points = 1, realtime = 0.05, block = 1 }: Wanted) {
  await main.write("trigger_mode", triggerModes.indexOf(trigger));
  await main.write("gate_mode", gateModes.indexOf(gate));
  await main.write("acq_nb_points", BigInt(points));
  await main.write("acq_realtime", realtime);
  await main.write("block_size", BigInt(block));
  await main.call("prepare_acq");
}
const until = (what: () => Promise<boolean>) => expect.poll(what, { timeout: 15_000, interval: 10 }).toBe(true);
const ended = ({ main }: World) => until(async () => (await main.read("State")) !== "RUNNING");
const available = async ({ main }: World) => Number(await main.read("n_available_points"));
const counts = async ({ main }: World) =>
  [await main.read("n_triggered_points"), await main.read("n_read_points"), await main.read("n_available_points")].map(
    Number,
  );
/** One object a point and detector, by the names of the statistics. */
async function statistics({ main }: World): Promise<Record<string, number>[]> {
  const names = await main.read("stats_names");
  const values = [...(await main.call("read_stats", []))];
  return Array.from({ length: values.length / names.length }, (_, row) =>
    Object.fromEntries(names.map((name, column) => [name, values[row * names.length + column] ?? Number.NaN])),
  );
}
const sum = (spectrum: Uint32Array) => spectrum.reduce((total, count) => total + count, 0);

test("the box says who it is", async () => {
  await using there = await world();
  expect([...(await there.main.read("available_detectors"))].map(Number)).toEqual([0, 1, 2, 3]);
  expect(await there.main.read("spectrum_size")).toBe(4096n);
  expect(await there.hardware.read("modules")).toEqual(["FalconX EMULATED, firmware 1.0.0"]);
  expect(await there.hardware.read("State")).toBe("ON");
});

test("a timed point: spectrum, ROI and statistics agree, and a resume adds one", async () => {
  await using there = await world();
  const { main } = there;
  await main.call("add_roi", ["iron", "600", "700", "1"]);
  await prepare(there, { trigger: "INT_TRIG_READOUT", gate: "IGNORE", realtime: 0.25 });
  await main.call("start_acq");
  await ended(there);
  expect(await counts(there)).toEqual([1, 1, 1]);
  const spectra = await main.call("read_spectra", []);
  const own = (detector: number) => spectra.subarray(detector * 4096, (detector + 1) * 4096);
  for (const [detector, { realtime, events, triggers, icr, ocr, deadtime }] of (await statistics(there)).entries()) {
    expect(realtime).toBeCloseTo(0.25, 5);
    expect(events).toBe(sum(own(detector)));
    expect(triggers).toBeGreaterThan(events ?? 0);
    expect(Math.abs((icr ?? 0) - 50_000)).toBeLessThan(2500);
    expect(deadtime).toBeCloseTo(1 - (ocr ?? 0) / (icr ?? 1), 6);
  }
  expect([...(await main.call("read_rois", []))]).toEqual([BigInt(sum(own(1).subarray(600, 701)))]);
  await main.call("resume_acq");
  await ended(there);
  expect(await counts(there)).toEqual([2, 2, 2]);
});

test("a point of photons has exactly those", async () => {
  await using there = await world();
  await there.hardware.write("preset_type", "XIA_PRESET_FIXED_EVENTS");
  await there.hardware.write("preset_value", 1234);
  await prepare(there, { trigger: "INT_TRIG_READOUT", gate: "IGNORE" });
  await there.main.call("start_acq");
  await ended(there);
  expect((await statistics(there)).map(({ events }) => events)).toEqual([1234, 1234, 1234, 1234]);
  await there.hardware.write("preset_type", "XIA_PRESET_FIXED_LIVE");
  await expect(there.main.call("prepare_acq")).rejects.toThrow("does not end a point by its live time");
});

test("free running lasts until it is stopped", async () => {
  await using there = await world();
  await there.hardware.write("mca_refresh", 0.02);
  await prepare(there, { trigger: "FREERUN", gate: "IGNORE" });
  await there.main.call("start_acq");
  await until(async () => there.emulator.channels.every(({ sent }) => sent > 2n));
  expect(await there.main.read("State")).toBe("RUNNING");
  await there.main.call("stop_acq");
  expect(await counts(there)).toEqual([1, 1, 1]);
  for (const { realtime } of await statistics(there)) expect(realtime).toBeGreaterThan(0.03);
  expect(there.emulator.channels.map(({ state }) => state)).toEqual(["ready", "ready", "ready", "ready"]);
});

/** A point ends with the second level. */
const signal = (emulator: FalconXEmulator, high: boolean) => {
  emulator.gate(high);
  emulator.gate(!high);
};

test.each<[TriggerMode, GateMode]>([
  ["EXT_TRIG", "HIGH"],
  ["EXT_TRIG", "LOW"],
  ["GATE", "HIGH"],
  ["GATE", "LOW"],
])("%s %s: a point a signal, in blocks, and no more than were asked for", async (trigger, gate) => {
  await using there = await world();
  await prepare(there, { trigger, gate, points: 7, block: 3 });
  await there.main.call("start_acq");
  const seen: number[] = [];
  for (let point = 1; point <= 9; point++) {
    signal(there.emulator, gate === "HIGH");
    if (point !== 3 && point !== 7) continue;
    await until(async () => (await available(there)) === point);
    seen.push(await available(there));
  }
  await ended(there);
  expect(seen).toEqual([3, 7]);
  expect(await counts(there)).toEqual([7, 7, 7]);
  expect((await there.main.call("read_spectra", [])).length).toBe(4 * 7 * 4096);
  expect(await there.main.read("Status")).not.toContain("fault");
});

test("a stop in mid-gate keeps whole blocks, and the next acquisition begins anew", async () => {
  await using there = await world();
  for (let turn = 0; turn < 2; turn++) {
    await prepare(there, { trigger: "EXT_TRIG", points: 100, block: 2 });
    await there.main.call("start_acq");
    for (let edge = 0; edge < 5; edge++) signal(there.emulator, true);
    await until(async () => Number(await there.main.read("n_triggered_points")) === 5);
    await there.main.call("stop_acq");
    expect(await counts(there)).toEqual([5, 4, 4]);
    expect(there.emulator.channels.every(({ state }) => state === "ready")).toBe(true);
  }
});

test("detectors that are switched off are not started", async () => {
  await using there = await world();
  await there.main.call("disable_detectors", new BigInt64Array([1n, 2n]));
  await prepare(there, { trigger: "EXT_TRIG", points: 1 });
  await there.main.call("start_acq");
  expect(there.emulator.channels.map(({ state }) => state)).toEqual(["histo", "ready", "ready", "histo"]);
  signal(there.emulator, true);
  await ended(there);
  expect((await there.main.call("read_spectra", [])).length).toBe(2 * 4096);
});

test("a box that is lost in mid-scan is a fault with its name; the next prepare finds it again", async () => {
  await using there = await world();
  await prepare(there, { trigger: "EXT_TRIG", points: 100 });
  await there.main.call("start_acq");
  signal(there.emulator, true);
  await until(async () => (await available(there)) === 1);
  there.emulator.cut();
  await ended(there);
  expect(await there.main.read("State")).toBe("FAULT");
  expect(await there.main.call("Status")).toMatch(/FalconX 127\.0\.0\.1:\d+ (closed the connection|was lost)/);
  expect(await available(there)).toBe(1);
  await prepare(there, { trigger: "EXT_TRIG", points: 1 });
  await there.main.call("start_acq");
  signal(there.emulator, true);
  await ended(there);
  expect(await counts(there)).toEqual([1, 1, 1]);
});

test("what a box complains of ends the acquisition with its words, and it can be used again", async () => {
  await using there = await world();
  await prepare(there, { trigger: "EXT_TRIG", points: 100 });
  await there.main.call("start_acq");
  there.emulator.complain("out of memory");
  await ended(there);
  expect(await there.main.read("State")).toBe("FAULT");
  expect(await there.main.call("Status")).toMatch(/FalconX 127\.0\.0\.1:\d+ reports: out of memory/);
  expect(there.emulator.channels.map(({ state }) => state)).toEqual(["ready", "ready", "ready", "ready"]);
  await prepare(there, { trigger: "EXT_TRIG", points: 1 });
  await there.main.call("start_acq");
  signal(there.emulator, true);
  await ended(there);
  expect(await counts(there)).toEqual([1, 1, 1]);
});

test("a box that is switched on later is found by itself; until then its device is OFF and says why", async () => {
  const port = await freePort();
  await using there = await world(() => ({ address: [`127.0.0.1:${port}`], reconnect_period: "0.02" }));
  expect(await there.main.read("State")).toBe("OFF");
  expect(await there.hardware.call("Status")).toContain(`FalconX 127.0.0.1:${port} cannot be reached`);
  await expect(there.main.call("prepare_acq")).rejects.toThrow("MCA state is UNINITIALIZED");
  await using _late = await startFalconXEmulator({ port, channels: 2 });
  await until(async () => (await there.main.read("State")) === "ON");
  expect([...(await there.main.read("available_detectors"))].map(Number)).toEqual([0, 1]);
});

test("a channel that is not characterized is refused, as nothing would come of it", async () => {
  await using there = await world();
  there.emulator.channels[2]?.parameters.set("pulse.calibrated", false);
  const prepared = prepare(there, { trigger: "EXT_TRIG" });
  await expect(prepared).rejects.toThrow(/channel 2 is not characterized/);
});

test("a configuration of handel says which channels are detectors, and how they are set", async () => {
  const directory = mkdtempSync(join(tmpdir(), "falconx-"));
  try {
    await using there = await world((port) => {
      writeFileSync(join(directory, "two.ini"), configuration(port, [7, 3]));
      writeFileSync(join(directory, "wrong.ini"), configuration(port, [1, 1]));
      return { default_ini_dir: directory, default_ini_file: "two.ini" };
    });
    const { main, hardware, emulator, v1 } = there;
    expect([...(await main.read("available_detectors"))].map(Number)).toEqual([3, 7]);
    expect(await main.read("spectrum_size")).toBe(2048n);
    expect(emulator.channels[0]?.parameters.get("pulse.sourceType")).toBe("lowRate");
    expect(emulator.channels[1]?.parameters.get("afe.dacGain")).toBeCloseTo(409.6 + 4 * 409.6, 6);
    expect([await v1.read("config"), await v1.call("DevXiaGetConfigList")]).toEqual([
      "two.ini",
      ["two.ini", "wrong.ini"],
    ]);
    await prepare(there, { trigger: "INT_TRIG_READOUT", gate: "IGNORE" });
    await main.call("start_acq");
    await ended(there);
    // Detector 3 is channel 1, detector 7 is channel 0.
    expect((await main.call("read_spectra", [])).length).toBe(2 * 2048);
    await hardware.write("ini_file", "wrong.ini");
    expect([await hardware.read("ini_file"), await hardware.read("State")]).toEqual(["", "OFF"]);
    expect(await hardware.call("Status")).toContain("wrong.ini, module module1: detector 1 was there before");
    await hardware.write("ini_file", "two.ini");
    expect(await main.read("State")).toBe("ON");
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

const configuration = (port: number, aliases: readonly [number, number]) => `[default definitions]
START #0
alias = defaults_0
analog_gain = 3.0
detection_filter = 1.000000
number_mca_channels = 2048.0
END #0
START #1
alias = defaults_1
analog_gain = 4.0
number_mca_channels = 2048.0
END #1
[module definitions]
START #0
alias = module1
module_type = falconxn
number_of_channels = 4
interface = inet
inet_address = 127.0.0.1
inet_port = ${port}
channel0_alias = ${aliases[0]}
default_chan0 = defaults_0
channel1_alias = ${aliases[1]}
default_chan1 = defaults_1
channel2_alias = -1
END #0
`;

test("in the words of BLISS, and in a step scan", async () => {
  await using there = await world();
  const { v1 } = there;
  expect([await v1.read("detector_model"), await v1.read("refresh_rate")]).toEqual(["falconx", 0.1]);
  await v1.write("trigger_mode", "SOFTWARE");
  await v1.write("number_points", 1n);
  await v1.write("preset_value", 30);
  await v1.call("prepareAcq");
  for (let point = 0; point < 2; point++) {
    await v1.call("startAcq");
    await until(async () => [...(await v1.call("getAcqStatus"))].join() === "0,1,0,1");
    expect((await v1.call("getData", new BigInt64Array([0n, 0n]))).length).toBe(4 * 4096);
  }
  await using fx = await openSpectrometer("fx", there.trl, { rois: { iron: { start: 600, stop: 700 } } });
  await using scan = ascan(softAxis("x"), 0, 1, 2, 0.02, fx).start({ sink: memorySink() });
  expect(await scan.done()).toMatchObject({ reason: "SUCCESS", points: 3 });
});

test("the emulated box can be started by itself", async () => {
  const main = join(import.meta.dirname, "../../servers/mosca/falconx/main.ts");
  await using emulator = await run(process.execPath, [main, "0"], { ready: /127\.0\.0\.1:\d+/ });
  expect(emulator.output()).toMatch(/Emulated FalconX of 8 channels at 127\.0\.0\.1:\d+/);
  expect(await emulator.stop()).toBe(0);
});

const sincScript = join(import.meta.dirname, "../world/falconx-sinc.py");

describeWith(["Google's protocol buffers"], "SINC", () => {
  test("of the emulated box is understood by a client with other protocol buffers", async () => {
    await using emulator = await startFalconXEmulator({ channels: 2 });
    await using client = await run(debianPython, [sincScript, "client", String(emulator.port)], { ready: /started/ });
    emulator.gate(true);
    // The point has to last for some photons.
    await delay(20);
    emulator.gate(false);
    await until(async () => client.output().includes("{"));
    expect(JSON.parse(client.output().slice(client.output().indexOf("{")))).toEqual({
      ping: [0, ""],
      "instrument.numChannels": { key: "instrument.numChannels", intVal: 2, strVal: "2", paramType: 1, channelId: 1 },
      "channel.state": { key: "channel.state", optionVal: "ready", strVal: "ready", paramType: 5, channelId: 1 },
      "pulse.calibrated": { key: "pulse.calibrated", boolVal: true, strVal: "true", paramType: 3, channelId: 1 },
      "histogram.refreshRate": {
        key: "histogram.refreshRate",
        floatVal: 0.1,
        strVal: "0.1",
        paramType: 2,
        channelId: 1,
      },
      "afe.coupling": { key: "afe.coupling", optionVal: "dc", strVal: "dc", paramType: 5, channelId: 1 },
      "no such": [10002, "there is no parameter no.such"],
      monitor: [0, ""],
      set: [0, ""],
      "set text": [0, ""],
      refresh: 0,
      state: [1, "channel.state", "histo"],
      histogram: [1, 1, 1024, true],
      dead: true,
      stopped: "ready",
    });
  });

  test("of an instrument with other protocol buffers is driven by our server", async () => {
    await using instrument = await run(debianPython, [sincScript, "instrument"], { ready: /^\d+$/m });
    const port = Number(/^\d+$/m.exec(instrument.output())?.[0]);
    {
      await using detector = new FalconXDetector(layoutOf([`127.0.0.1:${port}`]));
      await detector.reach();
      expect([detector.trouble, detector.detectors]).toEqual(["", [0]]);
      expect(detector.modules).toEqual([
        "of instrument.productName of instrument.assembly.serialNumber, firmware of instrument.firmwareVersion",
      ]);
      const acquisition = {
        ...({ trigger: "INT_TRIG_READOUT", gate: "IGNORE", points: 1, realtime: 0.25 } as const),
        ...{ blockSize: 1, spectrumSize: 100, detectors: [0] },
      };
      await detector.prepare(acquisition);
      await detector.arm(acquisition);
      const blocks: Block[] = [];
      const signal = new AbortController().signal;
      for await (const block of detector.acquire(acquisition, { triggered: () => {} }, signal)) blocks.push(block);
      expect(blocks.map(({ spectra }) => [...spectra])).toEqual([Array.from({ length: 100 }, (_, count) => count)]);
      const [realtime, livetime, , triggers, events, icr, ocr] = blocks[0]?.stats ?? [];
      expect([realtime, triggers, events, icr, ocr]).toEqual([0.25, 5000, 4950, 25_000, 19_800]);
      expect(livetime).toBeCloseTo(5000 / 25_000, 6);
    }
    await until(async () => instrument.output().includes("{"));
    expect(JSON.parse(instrument.output().slice(instrument.output().indexOf("{")))).toEqual({
      "gate.veto": { channelId: 0, optionVal: "off" },
      "histogram.binSubRegion.lowIndex": { channelId: 0, intVal: 0 },
      "histogram.binSubRegion.highIndex": { channelId: 0, intVal: 99 },
      "histogram.spectrumSelect.accepted": { channelId: 0, boolVal: true },
      "histogram.spectrumSelect.rejected": { channelId: 0, boolVal: false },
      "histogram.refreshRate": { channelId: 0, floatVal: 0.1 },
      "gate.statsCollectionMode": { channelId: 0, optionVal: "off" },
      "histogram.mode": { channelId: 0, optionVal: "fixedTime" },
      "histogram.fixedTime.duration": { channelId: 0, floatVal: 0.25 },
    });
  });
});
