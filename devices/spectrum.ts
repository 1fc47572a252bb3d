// SPDX-License-Identifier: MIT
// Any MOSCA server (its main device, class Mosca), of any language, as a detector of the scan engine: prepared once, points
// triggered or gated one by one; a spectrum and statistics for each detector, sums over regions of interest.
import { parse } from "yaml";
import type {
  Acquisition,
  Block,
  CallOptions,
  Detector,
  DetectorCounter,
  Prepared,
  TriggerMode,
} from "../scanning/index.ts";
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
  const call = options.signal ? { signal: options.signal } : {};
  const known = await layoutOf(device, call);
  const supported = [...(await device.read("supported_trigger_modes", call))].map((index) => triggerModes[index]);
  resources.move();
  return new OpenSpectrometer(name, device, { known, supported, options });
}

class OpenSpectrometer<Name extends string> implements Spectrometer<Name> {
  readonly name: Name;
  readonly type = "mosca";
  readonly device: DeviceProxy<typeof mosca>;
  readonly rois: Map<string, SpectrumRoi>;
  readonly triggers: readonly Mode[];
  readonly #supported: Supported;
  readonly #prepareTimeout: number;
  #known: Layout;
  #run: SpectrumRun | undefined;

  constructor(
    name: Name,
    device: DeviceProxy<typeof mosca>,
    about: { readonly known: Layout; readonly supported: Supported; readonly options: SpectrometerOptions },
  ) {
    this.name = name;
    this.device = device;
    this.rois = new Map(Object.entries(about.options.rois ?? {}));
    this.triggers = (Object.keys(modes) as Mode[]).filter((mode) => modeOf(mode, about.supported));
    this.#supported = about.supported;
    this.#prepareTimeout = about.options.prepareTimeout ?? 10_000;
    this.#known = about.known;
  }

  get counters(): readonly DetectorCounter[] {
    const { detectors, statistics } = this.#known;
    return [
      ...detectors.map((id) => this.#counter("spectrum", `det${two(id)}`, 1)),
      ...statistics.flatMap((word) =>
        detectors.map((id) => this.#counter("stat", `${word}_det${two(id)}`, 0, unitOf[word])),
      ),
      ...roiCounterNames(this.rois, detectors).map((key) => this.#counter("roi", key, 0)),
    ];
  }
  #counter(part: string, name: string, dim: 0 | 1, unit?: string): DetectorCounter {
    return { kind: "detector", name, part, dim, detector: this, ...(unit && { unit }) };
  }

  async prepare(acquisition: Acquisition, call: CallOptions): Promise<Prepared> {
    const { device, name, rois } = this;
    const known = (this.#known = await layoutOf(device, call));
    await setUp(device, name, this.#supported, acquisition, call);
    await device.call("clear_rois", undefined, call);
    for (const [command, words] of roiCommands(rois, known.detectors)) await device.call(command, words, call);
    await device.call("apply_mosca", undefined, call);
    await device.call("prepare_acq", undefined, { timeout: this.#prepareTimeout, ...call });
    const size = Number(await device.read("spectrum_size", call));
    const roiNames = roiCounterNames(rois, known.detectors);
    const { points, exposure, trigger } = acquisition;
    const software = trigger === "software";
    this.#run = new SpectrumRun({ ...known, name, device, size, roiNames, points, exposure, software });
    return prepared(known, size, roiNames, parse(await device.call("metadata", undefined, call)));
  }

  start(call: CallOptions): Promise<void> {
    return this.#prepared.start(call);
  }
  /** Software triggers start each point by themselves. */
  trigger(call: CallOptions): Promise<void> {
    return this.#prepared.trigger(call);
  }
  data(call: CallOptions): AsyncIterable<Block> {
    return this.#prepared.data(call);
  }
  async stop(call?: CallOptions): Promise<void> {
    await this.#run?.stop(call);
    this.#run = undefined;
  }
  get #prepared(): SpectrumRun {
    if (this.#run) return this.#run;
    throw new Error(`spectrometer ${this.name} is used before it was prepared`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.device[Symbol.asyncDispose]();
  }
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
