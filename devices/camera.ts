// SPDX-License-Identifier: MIT
// Any LimaCCDs server, of any language, as a detector of the scan engine: prepared once, frames triggered or gated point by
// point, saved by the server itself; scans carry references to them, and counters that the server's plugins work out.
import type {
  Acquisition, Block, CallOptions, Detector, DetectorCounter, Picture, Prepared, TriggerMode,
} from "../scanning/index.ts"; // biome-ignore format: a list
import { type ConnectOptions, connect, type DeviceProxy } from "../tango/index.ts";
import type { CameraPart, PreparedPart } from "./lima/camera-part.ts";
import { openParts, type PartOptions } from "./lima/camera-parts.ts";
import type { CameraProfile } from "./lima/camera-profiles.ts";
import type { CameraRoi } from "./lima/camera-rois.ts";
import { CameraRun } from "./lima/camera-run.ts";
import { arm } from "./lima/camera-settings.ts";
import { limaCCDs } from "./lima/limaccds.ts";
import { pictureOf } from "./lima/picture.ts";

export type { CameraProfile } from "./lima/camera-profiles.ts";
export type { CameraRectangle, CameraRoi } from "./lima/camera-rois.ts";

export interface CameraOptions extends ConnectOptions, PartOptions {
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
  const { parts, rois, profiles, opened } = await openParts({ name, trl, device }, options);
  resources.use(opened);
  return new Camera({ name, trl, options, device, triggers, parts, rois, profiles, owned: resources.move() });
}

interface CameraParts<Name extends string> {
  readonly name: Name;
  readonly trl: string;
  readonly options: CameraOptions;
  readonly device: DeviceProxy<typeof limaCCDs>;
  readonly parts: readonly CameraPart[];
  readonly rois: Map<string, CameraRoi>;
  readonly profiles: Map<string, CameraProfile>;
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
  readonly profiles: Map<string, CameraProfile>;
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
    this.rois = parts.rois;
    this.profiles = parts.profiles;
    this.image = { kind: "detector", name: "image", dim: 2, detector: this };
  }

  /** The frames, five numbers a region, a spectrum a profile, the sums of the collection, six numbers of the beam. */
  get counters(): readonly DetectorCounter[] {
    return [this.image, ...this.#parts.parts.flatMap((part) => part.counters(this))];
  }

  async prepare(acquisition: Acquisition, call: CallOptions): Promise<Prepared> {
    const { name, trl, options, device, triggers } = this.#parts;
    const word = triggers.find(([trigger]) => trigger === acquisition.trigger)?.[1];
    if (!word) throw new Error(`camera ${name} (${trl}) cannot be triggered "${acquisition.trigger}"`);
    const { points, exposure, saving } = acquisition;
    const parts = await this.#prepareParts(acquisition, call);
    this.#software = acquisition.trigger === "software";
    const single = this.#software && word === "INTERNAL_TRIGGER";
    const prepared = await arm({ name, trl, options, device, word, single, parts, acquisition, call });
    const run = { name, device, points, exposure, single, saving: saving !== undefined };
    this.#run = new CameraRun({ ...run, parts: [...parts.values()] });
    return prepared;
  }

  /** Those that a counter of the scan is of. */
  async #prepareParts({ counters, points }: Acquisition, call: CallOptions): Promise<Map<string, PreparedPart>> {
    const prepared = new Map<string, PreparedPart>();
    for (const part of this.#parts.parts)
      if (counters.some((counter) => counter.part === part.name))
        prepared.set(part.name, await part.prepare({ points }, call));
    return prepared;
  }

  /** Begins an acquisition whose points the camera's clock or pulses make; software triggers begin each by itself. */
  async start(call: CallOptions): Promise<void> {
    if (!this.#software) await this.#running.start(call);
  }
  async trigger(call: CallOptions): Promise<void> {
    await this.#running.trigger(call);
  }
  /** Of what the server keeps in memory. */
  async picture(point: number, call: CallOptions = {}): Promise<Picture> {
    const { data } = (await this.device.call("readImage", point, call)) as { readonly data: Uint8Array };
    return pictureOf(data);
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
