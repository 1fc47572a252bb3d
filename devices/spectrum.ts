// SPDX-License-Identifier: MIT
// Any MOSCA server (its main device, class Mosca), of any language, as a detector of the scan engine: prepared once, points
// triggered or gated one by one; a spectrum and statistics for each detector, sums over regions of interest.
import { parse } from "yaml";
import type { Acquisition, CallOptions, Detector, DetectorCounter, Prepared, TriggerMode } from "../scanning/index.ts";
import { type ConnectOptions, connect, type DeviceProxy } from "../tango/index.ts";
import { mosca } from "./mosca/mosca.ts";
import { roiCommands, roiCounterNames, type SpectrumRoi } from "./mosca/spectrum-rois.ts";
import { SpectrumRun } from "./mosca/spectrum-run.ts";
import { gateModes, triggerModes } from "./mosca/words.ts";

export type { SpectrumRoi } from "./mosca/spectrum-rois.ts";

export interface SpectrometerOptions extends ConnectOptions {
  /** Regions of interest by name. */
  readonly rois?: Readonly<Record<string, SpectrumRoi>>;
  /** Milliseconds prepare_acq may take; default 10 s. */
  readonly prepareTimeout?: number;
}

/**
 * Its counters, for the detectors 0, 1 ...: `spectrum:det00` (1D), the statistics `stat:realtime_det00` ..., then each
 * ROI's: `roi:<name>_det00`, `roi:<name>_sum_all`, `roi:<name>_sum_0_2`.
 */
export interface Spectrometer<Name extends string = string> extends Detector, AsyncDisposable {
  readonly name: Name;
  readonly counters: readonly DetectorCounter[];
  /** May be changed between scans. */
  readonly rois: Map<string, SpectrumRoi>;
  readonly device: DeviceProxy<typeof mosca>;
}

/** How a server is set for each way a scan triggers: the first that its hardware can do. */
const modes = {
  software: [["INT_TRIG_READOUT", "IGNORE"]],
  external: [
    ["EXT_TRIG", "HIGH"],
    ["EXT_TRIG_READOUT", "IGNORE"],
  ],
  gate: [["GATE", "HIGH"]],
} as const;
type Mode = keyof typeof modes;
const isMode = (trigger: TriggerMode): trigger is Mode => trigger in modes;
type Supported = readonly (string | undefined)[];
const modeOf = (trigger: Mode, supported: Supported) => modes[trigger].find(([mode]) => supported.includes(mode));
const two = (id: number) => String(id).padStart(2, "0");

/**
 * Connects to the Mosca device `trl` and gives it the name scans know it by.
 * @throws DevFailed when the device cannot be reached or is no Mosca.
 */
export async function openSpectrometer<const Name extends string>(
  name: Name,
  trl: string,
  options: SpectrometerOptions = {},
): Promise<Spectrometer<Name>> {
  await using resources = new AsyncDisposableStack();
  const device = resources.use(await connect(mosca, trl, options));
  const opening = options.signal ? { signal: options.signal } : {};
  let known = await layoutOf(device, opening);
  const supported = [...(await device.read("supported_trigger_modes", opening))].map((index) => triggerModes[index]);
  const rois = new Map(Object.entries(options.rois ?? {}));
  let run: SpectrumRun | undefined;
  const running = (): SpectrumRun => {
    if (run) return run;
    throw new Error(`spectrometer ${name} is used before it was prepared`);
  };
  const counter = (part: string, key: string, dim: 0 | 1, unit?: string): DetectorCounter => ({
    ...{ kind: "detector", name: key, part, dim, detector: spectrometer },
    ...(unit && { unit }),
  });
  const spectrometer: Omit<Spectrometer<Name>, keyof AsyncDisposable> = {
    name,
    type: "mosca",
    device,
    rois,
    triggers: (Object.keys(modes) as Mode[]).filter((mode) => modeOf(mode, supported)),
    get counters(): readonly DetectorCounter[] {
      return [
        ...known.detectors.map((id) => counter("spectrum", `det${two(id)}`, 1)),
        ...known.statistics.flatMap((word) =>
          known.detectors.map((id) => counter("stat", `${word}_det${two(id)}`, 0, unitOf[word])),
        ),
        ...roiCounterNames(rois, known.detectors).map((key) => counter("roi", key, 0)),
      ];
    },
    prepare: async (acquisition, call) => {
      known = await layoutOf(device, call);
      await setUp(device, name, supported, acquisition, call);
      await device.call("clear_rois", undefined, call);
      for (const [command, words] of roiCommands(rois, known.detectors)) await device.call(command, words, call);
      await device.call("apply_mosca", undefined, call);
      await device.call("prepare_acq", undefined, { timeout: options.prepareTimeout ?? 10_000, ...call });
      const size = Number(await device.read("spectrum_size", call));
      const { points, exposure, trigger } = acquisition;
      const roiNames = roiCounterNames(rois, known.detectors);
      run = new SpectrumRun({
        ...known,
        name,
        device,
        size,
        roiNames,
        points,
        exposure,
        software: trigger === "software",
      });
      return prepared(known, size, roiNames, parse(await device.call("metadata", undefined, call)));
    },
    // Software triggers start each point by themselves.
    start: (call) => running().start(call),
    trigger: (call) => running().trigger(call),
    data: (call) => running().data(call),
    stop: async (call) => {
      await run?.stop(call);
      run = undefined;
    },
  };
  const owned = resources.move();
  return Object.assign(spectrometer, { [Symbol.asyncDispose]: () => owned.disposeAsync() }) as Spectrometer<Name>;
}

const unitOf: Readonly<Record<string, string>> = {
  realtime: "s",
  trigger_livetime: "s",
  energy_livetime: "s",
  icr: "hertz",
  ocr: "hertz",
};

/** Which spectra and statistics a server gives. */
export interface Layout {
  /** Enabled detectors, ascending. */
  readonly detectors: readonly number[];
  readonly statistics: readonly string[];
}
async function layoutOf(device: DeviceProxy<typeof mosca>, call: CallOptions): Promise<Layout> {
  const [detectors, statistics] = [await device.read("detectors", call), await device.read("stats_names", call)];
  return { detectors: [...detectors].map(Number), statistics: [...statistics] };
}

async function setUp(
  device: DeviceProxy<typeof mosca>,
  name: string,
  supported: Supported,
  { trigger, points, exposure }: Acquisition,
  call: CallOptions,
): Promise<void> {
  const set = isMode(trigger) ? modeOf(trigger, supported) : undefined;
  if (!set) throw new Error(`spectrometer ${name} (${device.name}) has no trigger mode for "${trigger}"`);
  if (points === 0 && trigger !== "software")
    throw new Error(`spectrometer ${name}: the number of points must be known in trigger mode "${trigger}"`);
  const [mode, gate] = set;
  const timed = trigger === "software";
  await device.write("trigger_mode", triggerModes.indexOf(mode), call);
  await device.write("gate_mode", gateModes.indexOf(gate), call);
  await device.write("discard_mode", 0, call);
  await device.write("acq_nb_points", timed ? 1n : BigInt(points), call);
  await device.write("acq_realtime", exposure, call);
  // Faster points come together, so that the server answers some ten times a second.
  const block = timed || !(exposure > 0) ? 1 : Math.max(1, Math.min(points, Math.floor(0.1 / exposure)));
  await device.write("block_size", BigInt(block), call);
}

function prepared(
  { detectors, statistics }: Layout,
  size: number,
  roiNames: readonly string[],
  metadata: Readonly<Record<string, unknown>>,
): Prepared {
  const numbers = statistics.flatMap((word) => detectors.map((id) => `stat:${word}_det${two(id)}`));
  return {
    channels: {
      ...Object.fromEntries(detectors.map((id) => [`spectrum:det${two(id)}`, { dtype: "uint32", shape: [size] }])),
      ...Object.fromEntries(numbers.map((key) => [key, { dtype: "float64", shape: [] }])),
      ...Object.fromEntries(roiNames.map((key) => [`roi:${key}`, { dtype: "int64", shape: [] }])),
    },
    metadata,
  };
}
