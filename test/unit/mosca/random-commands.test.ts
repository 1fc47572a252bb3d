// SPDX-License-Identifier: MIT
// 10,000 seeded random commands and writes to all devices of a server: every one is answered, refusals say why in the words
// of MOSCA, counts never exceed what was asked, and afterwards an acquisition works.
import { expect, test } from "vitest";
import { mosca } from "../../../devices/mosca/mosca.ts";
import { random } from "../../../servers/mosca/simulator/random.ts";
import { connect, DevFailed, type DeviceProxy } from "../../../tango/index.ts";
import { moscaWorld } from "../../world/mosca.ts";

const TURNS = 10_000;
/** Refusals of the server's own, and of Tango for values outside the bounds. */
const refusal = /^(PyDs_PythonError|API_WAttrOutsideLimit)$/;

test("every device, every command, in any order", { timeout: 60_000 }, async () => {
  await using world = await moscaWorld({ Detectors: ["2"], CountRate: ["1000"] });
  await using main = await connect(mosca, world.trl("a/mosca/1"));
  const open = (name: string): Promise<DeviceProxy> => connect(world.trl(`a/${name}/1`));
  await using v1 = await open("moscav1");
  await using hardware = await open("simfalconx");
  await using generator = await open("generator");
  await using saving = await open("saving");
  await using background = await open("background");
  const next = random(20_261_124);
  const pick = (most: number) => Math.floor(next() * most);
  const one = <T>(...words: readonly T[]): T => words[pick(words.length)] as T;
  const range = () => Array.from({ length: pick(4) }, () => BigInt(pick(9) - 4));
  const ids = () => Array.from({ length: pick(3) }, () => BigInt(pick(4)));
  const roi = () => ["r", String(pick(200) - 5), String(pick(200)), ...one<string[]>([], ["0"], ["1", "0"])];
  const actions: readonly (() => Promise<unknown>)[] = [
    () => main.write("trigger_mode", pick(7) - 1),
    () => main.write("gate_mode", pick(4)),
    () => main.write("discard_mode", pick(2)),
    () => main.write("acq_nb_points", BigInt(pick(6) - 1)),
    () => main.write("acq_realtime", one(0, 0.0005, 0.002, -1)),
    () => main.write("block_size", BigInt(pick(4))),
    () => main.write("spectrum_size", BigInt(one(128, 256, 100))),
    ...(["apply_mosca", "prepare_acq", "start_acq", "resume_acq", "stop_acq", "abort_acq", "start_mosca"] as const).map(
      (command) => () => main.call(command),
    ),
    () => main.call("read_spectra", range()),
    () => main.call("read_stats", range()),
    () => main.call("read_rois", range()),
    () => main.call("acqid_start_acq", BigInt(pick(3))),
    () => main.call(one("add_roi", "add_roi_sum"), roi()),
    () => main.call(one("remove_roi", "remove_roi_sum"), ["r"]),
    () => main.call("remove_roi_by_index", BigInt(pick(4) - 1)),
    () => main.call("clear_rois"),
    () => main.call(one("roi_counters", "roi_definitions", "metadata")),
    () => main.call(one("enable_detectors", "disable_detectors"), ids()),
    ...["prepareAcq", "startAcq", "stopAcq", "resetCounters", "getAcqStatus"].map((command) => () => v1.call(command)),
    () => v1.call("getData", range()),
    () => v1.call("addCounter", ["c", one("-1", "0", "0-1", "1-0"), "1", "9"]),
    () => v1.write("trigger_mode", one("SOFTWARE", "GATE", "SYNC", "ODD")),
    () => generator.call("hw_trig"),
    () => generator.call("hw_trig"),
    () => generator.write("use_external_trigger", pick(2) === 0),
    () => hardware.call(one("reset_hardware", "prepare_acq", "start_acq")),
    () => hardware.write("preset_type", one("XIA_PRESET_FIXED_REAL", "XIA_PRESET_FIXED_EVENTS", "XIA_PRESET_NONE")),
    () => background.call("store_background"),
    () => background.write("is_background_applied", pick(2) === 0),
    () => saving.write("hdf5_points_per_file", BigInt(pick(3))),
  ];
  const odd = new Set<string>();
  let refused = 0;
  let ran = 0;
  for (let turn = 0; turn < TURNS; turn++) {
    try {
      await actions[pick(actions.length)]?.();
    } catch (error) {
      if (!(error instanceof DevFailed)) throw error;
      refused++;
      const reason = error.errors[0]?.reason ?? "";
      if (!refusal.test(reason)) odd.add(`${reason}: ${error.message}`);
    }
    if (turn % 10) continue;
    const names = ["State", "n_triggered_points", "n_read_points", "n_available_points"] as const;
    const [state, triggered, read, available] = (await main.readAttributes(names)).map(({ value }) => value);
    if (state === "RUNNING") ran++;
    expect(Number(available)).toBeLessThanOrEqual(Number(read));
    expect(Number(read)).toBeLessThanOrEqual(Number(triggered));
  }
  expect([...odd]).toEqual([]);
  expect(refused).toBeGreaterThan(1000);
  expect(ran).toBeGreaterThan(20);

  await main.call("stop_acq");
  await generator.write("use_external_trigger", false);
  await background.write("is_background_applied", false);
  await main.call("enable_detectors", [0n, 1n]);
  await main.write("trigger_mode", 3);
  await main.write("gate_mode", 2);
  await main.write("acq_nb_points", 3n);
  await main.write("acq_realtime", 0.001);
  await main.write("block_size", 1n);
  await main.write("discard_mode", 0);
  await main.write("spectrum_size", 128n);
  await main.call("clear_rois");
  await main.call("prepare_acq");
  await main.call("start_acq");
  while ((await main.read("State")) === "RUNNING");
  expect(await main.read("n_available_points")).toBe(3n);
});
