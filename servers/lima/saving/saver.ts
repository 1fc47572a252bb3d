// SPDX-License-Identifier: MIT
// Saves the frames of an acquisition: file after file, each frame in the one it belongs to. A thread writes them.
import { extname } from "node:path";
import type { Saver, SavingPlan } from "../acquisition.ts";
import type { HardwareSaving } from "../camera.ts";
import type { Frame } from "../frame.ts";
import { Thread } from "../threads/thread.ts";
import { checkFolder, checkNewFiles } from "./checks.ts";
import { fileName } from "./file-names.ts";
import { type FormatName, fileFormats } from "./format-table.ts";
import { FrameHeaders } from "./frame-headers.ts";
import { SavingRates } from "./rates.ts";
import type { SavingSettings } from "./settings.ts";
import type { SavingQuestion } from "./worker.ts";

interface Session {
  readonly plan: SavingPlan;
  readonly settings: Readonly<SavingSettings>;
  readonly start: Date;
}
interface OpenFile {
  readonly number: number;
  frames: number;
}
/** Milliseconds a camera may take to get ready to write files. */
const hardwareTimeout = 60_000;

export class FileSaver implements Saver, AsyncDisposable {
  readonly settings: SavingSettings;
  readonly headers = new FrameHeaders();
  readonly rates = new SavingRates();
  readonly #hardware: () => HardwareSaving | undefined;
  readonly #thread = new Thread<SavingQuestion>(new URL(`./worker${extname(import.meta.url)}`, import.meta.url));
  #session: Session | undefined;
  #file: OpenFile | undefined;

  /** `hardware`: how the camera writes files itself, if it can. */
  constructor(settings: SavingSettings, hardware: () => HardwareSaving | undefined = () => undefined) {
    this.settings = settings;
    this.#hardware = hardware;
  }

  get automatic(): boolean {
    return savesItself(this.#session?.settings) && this.#session?.settings.managed === "SOFTWARE";
  }
  get byCamera(): boolean {
    return savesItself(this.#session?.settings) && this.#session?.settings.managed === "HARDWARE";
  }

  async prepare(plan: SavingPlan): Promise<void> {
    const settings = { ...this.settings };
    this.#session = { plan, settings, start: new Date() };
    this.rates.clear();
    this.headers.open();
    if (!savesItself(settings)) return;
    if (settings.managed === "HARDWARE") await this.#prepareHardware(settings, plan);
    else await checkFiles(settings, plan.frames);
  }

  async #prepareHardware(settings: Readonly<SavingSettings>, { frames }: SavingPlan): Promise<void> {
    const hardware = this.#hardware();
    if (!hardware) throw new Error("No hardware saving for this camera");
    await checkFolder(settings.directory);
    await hardware.prepare({ ...settings, frames }, { signal: AbortSignal.timeout(hardwareTimeout) });
  }

  async save(frame: Frame): Promise<boolean> {
    const session = this.#session;
    if (!session) return false;
    if (frame.index % session.settings.everyNth !== 0) return true;
    const waits = session.settings.mode === "AUTO_HEADER";
    const headers = waits ? await this.headers.next(frame.index) : this.headers.take(frame.index);
    if (!headers) return false;
    await this.#write(session, frame, headers);
    return true;
  }

  /** Saves one frame by itself (mode MANUAL). */
  async saveOne(frame: Frame): Promise<void> {
    const session = this.#session;
    if (!session) throw new Error("Nothing has been acquired: there is no frame to save");
    // Settings may have been written since the acquisition was prepared.
    const settings = { ...this.settings, framesPerFile: 1 };
    await checkFiles(settings, 1);
    // A copy: the acquisition may go on and use the frame's memory again.
    const copy = { ...frame, pixels: frame.pixels.slice() };
    await this.#write({ ...session, settings }, copy, this.headers.take(frame.index));
  }

  async #write({ plan, settings, start }: Session, frame: Frame, headers: ReadonlyMap<string, string>): Promise<void> {
    const begun = performance.now();
    if (!this.#file) {
      const path = fileName(settings, this.settings.number);
      const format = settings.format as FormatName;
      const request = { path, settings, plan, start };
      this.#file = { number: await this.#thread.ask<number>({ do: "open", format, request }), frames: 0 };
    }
    const file = this.#file;
    const bytes = await this.#thread.ask<number>({ do: "write", file: file.number, frame, headers });
    this.rates.add(frame.pixels.byteLength, bytes, performance.now() - begun);
    if (++file.frames >= settings.framesPerFile) await this.#close();
  }

  giveUp(): void {
    this.headers.close();
  }

  async finish(): Promise<void> {
    await this.#close();
    if (this.byCamera) this.settings.number += (await this.#hardware()?.finish()) ?? 0;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    if (!file) return;
    this.#file = undefined;
    await this.#thread.ask({ do: "close", file: file.number });
    const { policy } = this.settings;
    if (policy !== "APPEND" && policy !== "MULTISET") this.settings.number++;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.giveUp();
    await this.#close();
    if (this.#thread.started) await this.#thread.ask({ do: "end" });
    await this.#thread[Symbol.asyncDispose]();
  }
}

const savesItself = (settings: Readonly<SavingSettings> | undefined): boolean =>
  settings?.active === true && settings.mode !== "MANUAL";

/** Refuses what cannot be saved before anything is exposed. */
async function checkFiles(settings: Readonly<SavingSettings>, frames: number): Promise<void> {
  const { stack } = fileFormats[settings.format as FormatName];
  if (!stack && settings.framesPerFile > 1)
    throw new Error(`${settings.format} file format does not support multi frame per file`);
  await checkFolder(settings.directory);
  if (settings.policy === "ABORT") await checkNewFiles(settings, frames);
}
