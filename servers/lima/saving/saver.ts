// SPDX-License-Identifier: MIT
// Saves the frames of an acquisition: opens file after file, gives each frame to the one it belongs to.
import { access, mkdir } from "node:fs/promises";
import { openHdf5 } from "../../../writers/hdf5/open.ts";
import type { Hdf5 } from "../../../writers/hdf5/port.ts";
import type { Saver, SavingPlan } from "../acquisition.ts";
import type { Frame } from "../frame.ts";
import { fileName } from "./file-names.ts";
import type { FrameFile } from "./format.ts";
import { type FormatName, fileFormats } from "./format-table.ts";
import { FrameHeaders } from "./frame-headers.ts";
import { SavingRates } from "./rates.ts";
import type { SavingSettings } from "./settings.ts";

interface Session {
  readonly plan: SavingPlan;
  readonly settings: Readonly<SavingSettings>;
  readonly start: Date;
}

export class FileSaver implements Saver, AsyncDisposable {
  readonly settings: SavingSettings;
  readonly headers = new FrameHeaders();
  readonly rates = new SavingRates();
  #session: Session | undefined;
  #file: FrameFile | undefined;
  #inFile = 0;
  #hdf5: Promise<Hdf5> | undefined;

  constructor(settings: SavingSettings) {
    this.settings = settings;
  }

  get automatic(): boolean {
    return this.#session !== undefined && this.#session.settings.mode !== "MANUAL";
  }

  async prepare(plan: SavingPlan): Promise<void> {
    const settings = { ...this.settings };
    this.#session = { plan, settings, start: new Date() };
    this.rates.clear();
    this.headers.open();
    if (settings.mode !== "MANUAL") await this.#checkFiles(settings, plan.frames);
  }

  async #checkFiles(settings: Readonly<SavingSettings>, frames: number): Promise<void> {
    const format = fileFormats[settings.format as FormatName];
    if (!format.stack && settings.framesPerFile > 1)
      throw new Error(`${settings.format} file format does not support multi frame per file`);
    if (!settings.directory) throw new Error("No folder to save in: write saving_directory first");
    await makeFolder(settings.directory);
    if (settings.policy !== "ABORT") return;
    const saved = Math.ceil(frames / settings.everyNth);
    const files = frames === 0 ? 1 : Math.ceil(saved / settings.framesPerFile);
    for (let i = 0; i < files; i++) {
      const path = fileName(settings, settings.number + i);
      if (await exists(path)) throw new Error(`File : ${path} already exist`);
    }
  }

  async save(frame: Frame): Promise<boolean> {
    const session = this.#session;
    if (!session) return false;
    if (frame.index % session.settings.everyNth !== 0) return true;
    const waits = session.settings.mode === "AUTO_HEADER";
    const headers = waits ? await this.headers.next(frame.index) : this.headers.take(frame.index);
    if (!headers) return false;
    const begun = performance.now();
    if (!this.#file) await this.#open(session);
    const bytes = (await this.#file?.write(frame, headers)) ?? 0;
    this.rates.add(frame.pixels.byteLength, bytes, performance.now() - begun);
    if (++this.#inFile >= session.settings.framesPerFile) await this.finish();
    return true;
  }

  /** Saves one frame by itself (mode MANUAL). */
  async saveOne(frame: Frame): Promise<void> {
    const session = this.#session;
    if (!session) throw new Error("Nothing has been acquired: there is no frame to save");
    // Settings may have been written since the acquisition was prepared.
    this.#session = { ...session, settings: { ...this.settings, mode: "MANUAL", framesPerFile: 1, everyNth: 1 } };
    await this.#checkFiles(this.#session.settings, 1);
    await this.save(frame);
    await this.finish();
  }

  async #open(session: Session): Promise<void> {
    const { settings, plan, start } = session;
    const path = fileName(settings, this.settings.number);
    const hdf5 = () => (this.#hdf5 ??= openHdf5());
    this.#file = await fileFormats[settings.format as FormatName].open({ path, settings, plan, start, hdf5 });
    this.#inFile = 0;
  }

  giveUp(): void {
    this.headers.close();
  }

  async finish(): Promise<void> {
    const file = this.#file;
    if (!file) return;
    this.#file = undefined;
    await file.close();
    const { policy } = this.settings;
    if (policy !== "APPEND" && policy !== "MULTISET") this.settings.number++;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.giveUp();
    await this.finish();
    await (await this.#hdf5)?.[Symbol.asyncDispose]();
  }
}

/** The last folder of the path is made when it is missing; those above must be there. */
async function makeFolder(directory: string): Promise<void> {
  try {
    await mkdir(directory);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    const why = code === "ENOENT" ? "the folder above it does not exist" : (error as Error).message;
    throw new Error(`Saving directory ${directory} cannot be made: ${why}`, { cause: error });
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
