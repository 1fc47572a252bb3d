// SPDX-License-Identifier: MIT
// Pilatus detectors as a camera: camserver is told to expose, and its files are read back from a folder both share.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Camera, CameraSettings, Capabilities, HardwareFiles, HardwareSaving, TriggerMode } from "../camera.ts";
import { edges } from "../edges.ts";
import type { Frame } from "../frame.ts";
import { formatIndex } from "../saving/file-names.ts";
import { type CameraDefinition, definitionIn } from "./answers.ts";
import { Camserver, type CamserverOptions } from "./camserver.ts";
import { awaitImage, exists, type FileSeries, removeFile, seriesFile } from "./files.ts";
import { CamserverError, codes } from "./replies.ts";

export interface PilatusOptions extends CamserverOptions {
  /** Where camserver keeps images until they are read; the same folder on this machine. */
  readonly folder: string;
  /** camera.def, for the size and name of the detector; without it an image is taken to know. */
  readonly configFile: string;
}

export interface Pilatus extends Camera {
  readonly camserver: Camserver;
  readonly state: "STANDBY" | "RUNNING" | "ERROR" | "DISCONNECTED";
}

const triggers = {
  INTERNAL_TRIGGER: "exposure",
  INTERNAL_TRIGGER_MULTI: "exposure",
  EXTERNAL_TRIGGER: "exttrigger",
  EXTERNAL_TRIGGER_MULTI: "extmtrigger",
  EXTERNAL_GATE: "extenable",
} as const satisfies Partial<Record<TriggerMode, string>>;
type PilatusTrigger = keyof typeof triggers;

/** Seconds a Pilatus needs between two exposures. */
export const readoutTime = 0.003;
/** Milliseconds a file may be late, and the end of a stopped exposure. */
const [patience, endPatience] = [10_000, 10_000];
/** Images camserver is asked for when the acquisition goes on until it is stopped. */
const endless = 999_999;
/** LIMA's formats and the ends of camserver's file names. */
const suffixes: Readonly<Record<string, string>> = { CBF: ".cbf", EDF: ".edf", TIFF: ".tif" };

/** Connects. @throws Error naming camserver and what it said. */
export async function openPilatus(options: PilatusOptions, call: { readonly signal: AbortSignal }): Promise<Pilatus> {
  await using stack = new AsyncDisposableStack();
  const camserver = stack.use(new Camserver(options));
  for (const command of ["version", "setackint 0", `imgpath ${options.folder}`]) await camserver.ask(command, call);
  const definition = (await configured(options.configFile)) ?? (await measured(camserver, options.folder, call));
  stack.move();
  return new CamserverPilatus(camserver, options, definition);
}

async function configured(file: string): Promise<CameraDefinition | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : definitionIn(text);
}

/** Takes an image to know its size. */
async function measured(
  camserver: Camserver,
  folder: string,
  call: { readonly signal: AbortSignal },
): Promise<CameraDefinition> {
  for (const command of ["nimages 1", "exptime 0.001", "expperiod 0.01"]) await camserver.ask(command, call);
  const name = "warmup_00000.cbf";
  await removeFile(folder, name);
  const { ended } = await camserver.expose(`exposure ${name}`, call);
  const deadline = performance.now() + patience;
  const image = await awaitImage(join(folder, name), { ...call, deadline, failure: () => undefined });
  await ended;
  await removeFile(folder, name);
  call.signal.throwIfAborted();
  const { width = 0, height = 0, header } = image ?? {};
  return { name: header?.get("Detector") ?? "PILATUS", width, height };
}

class CamserverPilatus implements Pilatus {
  readonly camserver: Camserver;
  readonly capabilities: Capabilities;
  readonly saving: HardwareSaving;
  readonly #options: PilatusOptions;
  readonly #software = edges();
  #prepared: { readonly settings: CameraSettings; readonly series: FileSeries; readonly kept: boolean } | undefined;
  /** Where the camera is to save the next acquisition itself. */
  #wanted: HardwareFiles | undefined;
  #files = 0;
  #state: "STANDBY" | "RUNNING" | "ERROR" = "STANDBY";
  /** The command that stops: it depends on the generation. */
  #kill: "camcmd k" | "k" = "camcmd k";

  constructor(camserver: Camserver, options: PilatusOptions, { name, width, height }: CameraDefinition) {
    this.camserver = camserver;
    this.#options = options;
    this.capabilities = {
      ...{ type: "Pilatus", model: name, width, height, imageType: "Bpp32S", pixelSize: [172e-6, 172e-6] },
      triggerModes: Object.keys(triggers) as PilatusTrigger[],
      exposure: { min: 1e-7, max: 1e6 },
      latency: { min: readoutTime, max: 1e6 },
    };
    this.saving = {
      formats: Object.keys(suffixes),
      prepare: async (files) => {
        await makeRoom({ folder: files.directory, first: firstName(files) }, files);
        this.#wanted = files;
      },
      finish: async () => this.#files,
    };
  }

  get state(): Pilatus["state"] {
    return this.camserver.connected ? this.#state : "DISCONNECTED";
  }

  async prepare(settings: CameraSettings, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    const { frames, exposure, latency, trigger } = settings;
    const files = this.#wanted;
    this.#wanted = undefined;
    const series = {
      folder: files?.directory ?? this.#options.folder,
      first: files ? firstName(files) : "image_00000.cbf",
    };
    const each = trigger === "INTERNAL_TRIGGER_MULTI";
    const commands = [
      "setackint 0",
      `imgpath ${series.folder}`,
      `nimages ${each ? 1 : frames || endless}`,
      `exptime ${exposure.toFixed(7)}`,
      `expperiod ${(exposure + Math.max(latency, readoutTime)).toFixed(7)}`,
    ];
    for (const command of commands) await this.camserver.ask(command, { signal });
    // What an earlier acquisition left would be taken for an image of this one.
    if (!files) await this.#clear(series, frames || 1);
    this.#software.clear();
    this.#files = 0;
    this.#prepared = { settings, series, kept: files !== undefined };
    this.#state = "STANDBY";
  }

  async #clear({ folder, first }: FileSeries, frames: number): Promise<void> {
    for (let index = 0; index < frames; index++) await removeFile(folder, seriesFile(first, index));
  }

  trigger(): void {
    this.#software.fire();
  }

  async *frames(signal: AbortSignal): AsyncIterable<Frame> {
    if (!this.#prepared) throw new Error(`${this.camserver.about}: frames are wanted before prepare`);
    const { settings } = this.#prepared;
    this.#state = "RUNNING";
    try {
      yield* settings.trigger === "INTERNAL_TRIGGER_MULTI" ? this.#oneByOne(signal) : this.#inOneGo(signal);
      this.#state = "STANDBY";
    } catch (error) {
      this.#state = "ERROR";
      throw error;
    }
  }

  async *#inOneGo(signal: AbortSignal): AsyncIterable<Frame> {
    const { settings } = this.#expected;
    const exposing = await this.#expose(0, signal);
    let index = 0;
    try {
      for (; settings.frames === 0 || index < settings.frames; index++) {
        const frame = await this.#frame(index, exposing, signal);
        if (!frame) break;
        yield frame;
      }
    } finally {
      if (index < settings.frames || settings.frames === 0) await this.#stop(exposing);
      else await exposing.ended;
    }
  }

  async *#oneByOne(signal: AbortSignal): AsyncIterable<Frame> {
    const { settings } = this.#expected;
    for (let index = 0; settings.frames === 0 || index < settings.frames; index++) {
      if (!(await this.#software.next(signal))) return;
      const exposing = await this.#expose(index, signal);
      const frame = await this.#frame(index, exposing, signal);
      if (!frame) return this.#stop(exposing);
      await exposing.ended;
      yield frame;
    }
  }

  get #expected() {
    if (this.#prepared) return this.#prepared;
    throw new Error(`${this.camserver.about}: nothing is prepared`);
  }

  async #expose(index: number, signal: AbortSignal): Promise<Exposing> {
    const { settings, series } = this.#expected;
    const word = triggers[settings.trigger as PilatusTrigger];
    const { ended } = await this.camserver.expose(`${word} ${seriesFile(series.first, index)}`, { signal });
    const exposing: Exposing = { start: performance.now(), failure: undefined, ended: ended.then(() => {}) };
    exposing.ended = exposing.ended.catch((error: Error) => {
      exposing.failure = error;
    });
    return exposing;
  }

  /** Undefined when stopped. @throws Error when it does not come. */
  async #frame(index: number, exposing: Exposing, signal: AbortSignal): Promise<Frame | undefined> {
    const { settings, series, kept } = this.#expected;
    const { exposure, latency, trigger } = settings;
    const period = exposure + Math.max(latency, readoutTime);
    const position = trigger === "INTERNAL_TRIGGER_MULTI" ? 0 : index;
    const due = exposing.start + (position + 1) * period * 1000 + patience;
    const name = seriesFile(series.first, index);
    const image = await awaitImage(join(series.folder, name), {
      signal,
      deadline: trigger.startsWith("INTERNAL") ? due : Number.POSITIVE_INFINITY,
      failure: () => exposing.failure,
    });
    if (!image) return undefined;
    const { width, height } = this.capabilities;
    if (image.width !== width || image.height !== height)
      throw new Error(`${name} has ${image.width} x ${image.height} pixels, the detector ${width} x ${height}`);
    this.#files = index + 1;
    if (!kept) await removeFile(series.folder, name);
    const pixels = image.pixels instanceof Int32Array ? image.pixels : Int32Array.from(image.pixels);
    return { index, width, height, pixels, time: index * period };
  }

  /** Stops the exposure and waits for its end; one that cannot be stopped because camserver is gone has ended, too. */
  async #stop(exposing: Exposing): Promise<void> {
    try {
      await this.camserver.ask(this.#kill).catch((error: unknown) => this.#otherKill(error));
    } catch {
      return;
    }
    await Promise.race([exposing.ended, sleep(endPatience, undefined, { ref: false })]);
  }

  /** The answer to a kill is an error by name (`13 ERR kill`); an unknown command is one indeed. */
  async #otherKill(error: unknown): Promise<void> {
    if (!(error instanceof CamserverError)) throw error;
    if (error.code !== codes.unknownCommand) return;
    this.#kill = this.#kill === "k" ? "camcmd k" : "k";
    await this.camserver.ask(this.#kill).catch((second: unknown) => {
      if (!(second instanceof CamserverError && second.code === codes.killed)) throw second;
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.camserver[Symbol.asyncDispose]();
  }
}

interface Exposing {
  readonly start: number;
  failure: Error | undefined;
  /** Always resolves. */
  ended: Promise<void>;
}

/** Old files would be taken for new images. @throws Error naming one that may not be replaced. */
async function makeRoom({ folder, first }: FileSeries, { policy, frames }: HardwareFiles): Promise<void> {
  for (let index = 0; index < Math.max(1, frames); index++) {
    const name = seriesFile(first, index);
    if (policy === "OVERWRITE") await removeFile(folder, name);
    else if (await exists(join(folder, name))) throw new Error(`File : ${join(folder, name)} already exist`);
  }
}

const firstName = ({ prefix, indexFormat, number, format }: HardwareFiles): string =>
  `${prefix}${formatIndex(indexFormat, number)}${suffixes[format] ?? ".cbf"}`;
