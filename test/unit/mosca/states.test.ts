// SPDX-License-Identifier: MIT
// Every state x every command of the main device, and of MoscaV1: what is done, what is refused and why, and the state of the
// main device afterwards.
import { expect, test } from "vitest";
import { mosca } from "../../../devices/mosca/mosca.ts";
import { moscaV1 } from "../../../devices/mosca/mosca-v1.ts";
import { moscaClass } from "../../../servers/mosca/mosca.ts";
import { moscaV1Class } from "../../../servers/mosca/mosca-v1.ts";
import { parseRoi } from "../../../servers/mosca/rois.ts";
import { Spectrometer } from "../../../servers/mosca/spectrometer.ts";
import { connect, DevFailed, type DeviceProxy, startServer } from "../../../tango/index.ts";
import { HandDetector } from "./detector.ts";

/** `answer:state afterwards` for no hardware, idle, prepared, running, done, fault. */
const table: Readonly<Record<string, string>> = {
  abort_acq: ".:OFF .:ON .:ON .:ON .:ON .:FAULT",
  acqid_metadata: "acq_id:OFF acq_id:ON .:ON .:RUNNING .:ON .:FAULT",
  acqid_read_rois: "acq_id:OFF acq_id:ON empty:ON .:RUNNING .:ON .:FAULT",
  acqid_read_spectra: "acq_id:OFF acq_id:ON empty:ON .:RUNNING .:ON .:FAULT",
  acqid_read_stats: "acq_id:OFF acq_id:ON empty:ON .:RUNNING .:ON .:FAULT",
  acqid_resume_acq: "acq_id:OFF acq_id:ON .:RUNNING running:RUNNING .:RUNNING fault:FAULT",
  acqid_start_acq: "acq_id:OFF acq_id:ON .:RUNNING started:RUNNING started:ON fault:FAULT",
  add_roi: ".:OFF .:ON .:ON running:RUNNING .:ON .:FAULT",
  add_roi_sum: ".:OFF .:ON .:ON running:RUNNING .:ON .:FAULT",
  apply_mosca: "hardware:OFF .:ON .:ON running:RUNNING .:ON .:ON",
  clear_rois: ".:OFF .:ON .:ON running:RUNNING .:ON .:FAULT",
  disable_detectors: "hardware:OFF .:ON .:ON running:RUNNING .:ON .:FAULT",
  enable_detectors: "hardware:OFF .:ON .:ON running:RUNNING .:ON .:FAULT",
  metadata: ".:OFF .:ON .:ON .:RUNNING .:ON .:FAULT",
  prepare_acq: "hardware:OFF .:ON .:ON running:RUNNING .:ON .:ON",
  read_rois: "empty:OFF empty:ON empty:ON .:RUNNING .:ON .:FAULT",
  read_spectra: "empty:OFF empty:ON empty:ON .:RUNNING .:ON .:FAULT",
  read_stats: "empty:OFF empty:ON empty:ON .:RUNNING .:ON .:FAULT",
  remove_roi: ".:OFF .:ON .:ON running:RUNNING .:ON .:FAULT",
  remove_roi_by_index: ".:OFF .:ON .:ON running:RUNNING .:ON .:FAULT",
  remove_roi_sum: ".:OFF .:ON .:ON running:RUNNING .:ON .:FAULT",
  resume_acq: "prepare:OFF prepare:ON .:RUNNING running:RUNNING .:RUNNING fault:FAULT",
  roi_counters: ".:OFF .:ON .:ON .:RUNNING .:ON .:FAULT",
  roi_definitions: ".:OFF .:ON .:ON .:RUNNING .:ON .:FAULT",
  set_mosca_log_level: ".:OFF .:ON .:ON .:RUNNING .:ON .:FAULT",
  start_acq: "prepare:OFF prepare:ON .:RUNNING started:RUNNING started:ON fault:FAULT",
  start_mosca: "hardware:OFF .:RUNNING .:RUNNING running:RUNNING .:RUNNING .:RUNNING",
  stop_acq: ".:OFF .:ON .:ON .:ON .:ON .:FAULT",
};
/** The same of MoscaV1. */
const v1Table: Readonly<Record<string, string>> = {
  DevXiaGetConfigList: "none:OFF none:ON none:ON none:RUNNING none:ON none:FAULT",
  addCounter: ".:OFF .:ON .:ON running:RUNNING .:ON .:FAULT",
  getAcqStatus: ".:OFF .:ON .:ON .:RUNNING .:ON .:FAULT",
  getCounterValues: "empty:OFF empty:ON empty:ON .:RUNNING .:ON .:FAULT",
  getData: "empty:OFF empty:ON empty:ON .:RUNNING .:ON .:FAULT",
  getMetadataValues: "empty:OFF empty:ON empty:ON .:RUNNING .:ON .:FAULT",
  prepareAcq: "hardware:OFF .:ON .:ON running:RUNNING .:ON .:ON",
  resetCounters: ".:OFF .:ON .:ON running:RUNNING .:ON .:FAULT",
  startAcq: "hardware:OFF .:RUNNING .:RUNNING running:RUNNING .:RUNNING .:RUNNING",
  stopAcq: ".:OFF .:ON .:ON .:ON .:ON .:FAULT",
};
/** Columns. */
const states = ["no hardware", "idle", "prepared", "running", "done", "fault"] as const;
type State = (typeof states)[number];

/** What a cell says: done (.), or why it was refused. */
const refusals: readonly (readonly [word: string, text: RegExp])[] = [
  ["hardware", /MCA state is UNINITIALIZED/],
  ["running", /while an acquisition is running|while MCA state is RUNNING|while it is running/],
  ["prepare", /without calling prepare first/],
  ["started", /was started already/],
  ["fault", /after a fault: lost/],
  ["acq_id", /acq_id mismatch/],
  ["empty", /Buffer contains no point yet/],
  ["none", /has no configuration files/],
];

async function into(state: State, spectrometer: Spectrometer, detector: HandDetector): Promise<void> {
  if (state === "no hardware") return;
  spectrometer.attach(detector);
  if (state === "idle") return;
  spectrometer.set({ points: 2 });
  spectrometer.rois = [parseRoi(["a", "1", "2"], false)];
  await spectrometer.prepare();
  if (state === "prepared") return;
  await spectrometer.start();
  await detector.give(1);
  if (state === "done") await detector.give(1);
  if (state === "fault") await detector.give(new Error("lost"));
}

const argumentsOf = (command: string, id: number): unknown => {
  if (/^acqid_read/.test(command)) return [BigInt(id)];
  if (/^acqid/.test(command)) return BigInt(id);
  if (/^(add|remove)_roi(_sum)?$/.test(command)) return command.startsWith("add") ? ["b", "1", "2"] : ["a"];
  if (/able_detectors$/.test(command)) return [0n];
  if (/^read_/.test(command)) return [];
  if (/^get(Data|MetadataValues)$/.test(command)) return [0n, 0n];
  if (command === "getCounterValues") return [0n, 1n];
  if (command === "addCounter") return ["b", "0", "1", "2"];
  if (command === "remove_roi_by_index") return 0n;
  return command === "set_mosca_log_level" ? "INFO" : undefined;
};

async function cell(name: "mosca" | "moscav1", command: string, state: State): Promise<string> {
  const spectrometer = new Spectrometer();
  const detector = new HandDetector();
  await using server = await startServer({
    server: "Mosca/states",
    classes: [moscaClass(spectrometer), moscaV1Class(spectrometer, v1Options)],
    devices: { Mosca: { "a/mosca/1": {} }, MoscaV1: { "a/moscav1/1": {} } },
  });
  await into(state, spectrometer, detector);
  await using main: DeviceProxy = await connect(server.trl("a/mosca/1"));
  await using device: DeviceProxy = await connect(server.trl(`a/${name}/1`));
  let said = ".";
  try {
    await device.call(command, argumentsOf(command, spectrometer.recording?.id ?? 0));
  } catch (error) {
    if (!(error instanceof DevFailed)) throw error;
    said = refusals.find(([, text]) => text.test(error.message))?.[0] ?? error.message;
  }
  return `${said}:${await main.read("State")}`;
}

const v1Options = { model: () => "hand", detectorName: () => "hand", configuration: () => undefined };

test.each(Object.keys(mosca.commands))("%s", async (command) => {
  const cells = await Promise.all(states.map((state) => cell("mosca", command, state)));
  expect(cells.join(" ")).toBe(table[command]);
});

test.each(Object.keys(moscaV1.commands))("MoscaV1 %s", async (command) => {
  const cells = await Promise.all(states.map((state) => cell("moscav1", command, state)));
  expect(cells.join(" ")).toBe(v1Table[command]);
});
