// SPDX-License-Identifier: MIT
// The DANTE of XGLab, as far as a simulation shows it. Its configuration files are HDF5: ChannelID names its boards.
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { type Dataset, File, ready } from "h5wasm/node";
import type { GateMode, TriggerMode } from "../../devices/mosca/words.ts";
import type { Configured, Family } from "./simulator/family.ts";
import { danteStatistics, danteValues } from "./statistics.ts";

/** Gating mode of the hardware for trigger_mode and gate_mode, the way back in this order. */
export const gatingModes: readonly (readonly [gating: string, trigger: TriggerMode, gate: GateMode])[] = [
  ["FreeRunning", "INT_TRIG_READOUT", "IGNORE"],
  ["TriggerRising", "EXT_TRIG", "LOW"],
  ["TriggerFalling", "EXT_TRIG", "HIGH"],
  ["TriggerBoth", "EXT_TRIG", "IGNORE"],
  ["TriggerBoth", "GATE", "IGNORE"],
  ["GatedHigh", "GATE", "HIGH"],
  ["GatedLow", "GATE", "LOW"],
];
export const gatingOf = (trigger: TriggerMode, gate: GateMode): string | undefined =>
  gatingModes.find(([, one, other]) => one === trigger && other === gate)?.[0];

const sizes = [1024, 2048, 4096];
/** Boards of the simulated chain. */
const BOARDS = 16;

export const simulatedDante: Family = {
  kind: "SimDanteHW",
  statistics: danteStatistics,
  values: danteValues,
  triggers: ["INT_TRIG_READOUT", "GATE", "EXT_TRIG"],
  gates: ["IGNORE", "HIGH", "LOW"],
  spectrumSize: 4096,
  refuseSize: (size) => (sizes.includes(size) ? undefined : `[[${sizes.join(", ")}]]`),
  refuse: ({ trigger, gate }) =>
    gatingOf(trigger, gate) ? undefined : `Configuration not supported: trigger_mode=${trigger} / gate_mode=${gate}`,
  load,
  list: async (directory) =>
    (await readdir(directory, { recursive: true })).filter((name) => name.endsWith(".hdf")).sort(),
  metadata: () => ({}),
  unloaded: "FAULT",
  loaded: (file) => `Configuration file applied (${basename(file)}).`,
};

/** A board's name ends with _Ch and its number from 1 on. */
async function load(directory: string, name: string): Promise<Configured> {
  await ready;
  const path = join(directory, name);
  if (!existsSync(path)) throw new Error(`configuration file does not exist [${path}]`);
  const file = openFile(path);
  try {
    const boards = (file.get("ChannelID") as Dataset | null)?.value;
    if (!Array.isArray(boards) || boards.length === 0) throw new Error(`${path} has no dataset ChannelID with names`);
    const detectors = boards.map((board) => boardOf(String(board), path)).sort((a, b) => a - b);
    if (new Set(detectors).size < detectors.length) throw new Error(`${path}: ChannelID names a board twice`);
    return { detectors, modules: [] };
  } finally {
    file.close();
  }
}

function openFile(path: string): File {
  try {
    return new File(path, "r");
  } catch {
    throw new Error(`configuration file is no HDF5 file [${path}]`);
  }
}

function boardOf(name: string, path: string): number {
  const board = Number(/_Ch(\d+)/.exec(name)?.[1] ?? Number.NaN);
  if (board >= 1 && board <= BOARDS) return board - 1;
  throw new Error(`${path}: "${name}" of ChannelID must end with _Ch1 to _Ch${BOARDS}`);
}
