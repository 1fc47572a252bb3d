// SPDX-License-Identifier: MIT
// Any LimaCCDs server, of any language, as a detector of the scan engine: prepared once, frames triggered or gated point by
// point, saved by the server itself; scans carry references to them, and counters over regions of interest.
import type {
  Acquisition, Block, CallOptions, Detector, DetectorCounter, Prepared, TriggerMode,
} from "../scanning/index.ts"; // biome-ignore format: a list
import { type ConnectOptions, connect, type DeviceProxy } from "../tango/index.ts";
import { type CameraRoi, roiCounters, roiPart, setRois } from "./lima/camera-rois.ts";
import { CameraRun } from "./lima/camera-run.ts";
import { arm, besideOf } from "./lima/camera-settings.ts";
import { limaCCDs } from "./lima/limaccds.ts";
import { roiCounter } from "./lima/roi-counter.ts";

export type { CameraRoi } from "./lima/camera-rois.ts";

export interface CameraOptions extends ConnectOptions {
  /** Regions of interest by name: five counters each. */
  readonly rois?: Readonly<Record<string, CameraRoi>>;
  /** Word of saving_format; default HDF5. */
  readonly format?: string;
  /** Default 100. */
  readonly framesPerFile?: number;
  /** Name of the instrument's group in the server's HDF5 files; default "instrument". */
  readonly instrument?: string;
  /** Milliseconds prepareAcq may take; default 60 s. */
  readonly prepareTimeout?: number;
}

/** The server's word for each way a scan triggers, the preferred first. */
const triggerWords: readonly (readonly [TriggerMode, string])[] = [
  ["software", "INTERNAL_TRIGGER_MULTI"],
  ["software", "INTERNAL_TRIGGER"],
  ["internal", "INTERNAL_TRIGGER"],
  ["external", "EXTERNAL_TRIGGER_MULTI"],
  ["gate", "EXTERNAL_GATE"],
];

/**
 * Connects to the LimaCCDs device `trl` and gives it the name scans know it by.
 * @throws DevFailed when the device cannot be reached or is no LimaCCDs; Error when it cannot do what is asked for.
 */
export async function openCamera<const Name extends string>(
  name: Name,
  trl: string,
  options: CameraOptions = {},
): Promise<Camera<Name>> {
  await using resources = new AsyncDisposableStack();
  const device = resources.use(await connect(limaCCDs, trl, options));
  const words = await device.call("getAttrStringValueList", "acq_trigger_mode");
  const triggers = triggerWords.filter(([, word]) => words.includes(word));
  const pluginName = await device.call("getPluginDeviceNameFromType", "roicounter");
  const plugin = pluginName ? resources.use(await connect(roiCounter, besideOf(trl, pluginName), options)) : undefined;
  if (options.rois && !plugin) throw new Error(`${trl} has no roicounter device: camera ${name} cannot have rois`);
  return new Camera({ name, trl, options, device, plugin, triggers, owned: resources.move() });
}

interface CameraParts<Name extends string> {
  readonly name: Name;
  readonly trl: string;
  readonly options: CameraOptions;
  readonly device: DeviceProxy<typeof limaCCDs>;
  readonly plugin: DeviceProxy<typeof roiCounter> | undefined;
  readonly triggers: typeof triggerWords;
  readonly owned: AsyncDisposable;
}

/** Made by `openCamera`. Disposing it releases its connections. */
export class Camera<Name extends string = string> implements Detector, AsyncDisposable {
  readonly name: Name;
  readonly type = "lima";
  readonly device: DeviceProxy<typeof limaCCDs>;
  readonly triggers: readonly TriggerMode[];
  /** Regions of interest by name; they may be changed between scans. */
  readonly rois: Map<string, CameraRoi>;
  /** The channel of its frames. */
  readonly image: DetectorCounter;
  readonly #parts: CameraParts<Name>;
  #run: CameraRun | undefined;
  #software = false;

  constructor(parts: CameraParts<Name>) {
    this.#parts = parts;
    this.name = parts.name;
    this.device = parts.device;
    this.triggers = [...new Set(parts.triggers.map(([trigger]) => trigger))];
    this.rois = new Map(Object.entries(parts.options.rois ?? {}));
    this.image = { kind: "detector", name: "image", dim: 2, detector: this };
  }

  /** The frames, and five numbers a region. */
  get counters(): readonly DetectorCounter[] {
    return [this.image, ...roiCounters(this, [...this.rois.keys()])];
  }

  async prepare(acquisition: Acquisition, call: CallOptions): Promise<Prepared> {
    const { name, trl, options, device, triggers, plugin } = this.#parts;
    const word = triggers.find(([trigger]) => trigger === acquisition.trigger)?.[1];
    if (!word) throw new Error(`camera ${name} (${trl}) cannot be triggered "${acquisition.trigger}"`);
    const { points, exposure, saving, counters } = acquisition;
    const counting = counters.some(({ part }) => part === roiPart) ? plugin : undefined;
    const rois = new Map(counting ? this.rois : []);
    const roiIds = counting ? await setRois(counting, rois, call) : [];
    this.#software = acquisition.trigger === "software";
    const single = this.#software && word === "INTERNAL_TRIGGER";
    const prepared = await arm({ name, trl, options, device, word, single, rois, acquisition, call });
    const saved = saving !== undefined;
    this.#run = new CameraRun({
      name,
      device,
      plugin: counting,
      rois,
      roiIds,
      points,
      exposure,
      saving: saved,
      single,
    });
    return prepared;
  }

  /** Begins an acquisition whose points the camera's clock or pulses make; software triggers begin each by itself. */
  async start(call: CallOptions): Promise<void> {
    if (!this.#software) await this.#running.start(call);
  }
  async trigger(call: CallOptions): Promise<void> {
    await this.#running.trigger(call);
  }
  data(call: CallOptions): AsyncIterable<Block> {
    return this.#running.data(call);
  }
  async stop(call?: CallOptions): Promise<void> {
    await this.#run?.stop(call);
  }

  get #running(): CameraRun {
    if (this.#run) return this.#run;
    throw new Error(`camera ${this.name} is used before it was prepared`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#parts.owned[Symbol.asyncDispose]();
  }
}
