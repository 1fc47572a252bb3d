// SPDX-License-Identifier: MIT
// Saves the frames of an acquisition: file after file, each frame in the one it belongs to. A thread writes them.
import type { Saver, SavingPlan } from "../acquisition.ts";
import type { HardwareSaving } from "../camera.ts";
import type { Frame } from "../frame.ts";
import { checkFolder, checkNewFiles } from "./checks.ts";
import { fileName } from "./file-names.ts";
import { type FormatName, fileFormats } from "./format-table.ts";
import { FrameHeaders } from "./frame-headers.ts";
import { SavingRates } from "./rates.ts";
import { type SavingThread, SavingThreads } from "./saving-threads.ts";
import type { SavingSettings } from "./settings.ts";

interface Session {
  readonly plan: SavingPlan;
  readonly settings: Readonly<SavingSettings>;
  readonly start: Date;
}
interface OpenFile {
  readonly number: number;
  readonly thread: SavingThread;
  readonly opened: Promise<void>;
  frames: number;
}
const handed = (saved: boolean) => ({ written: Promise.resolve(saved) });
/** Milliseconds a camera may take to get ready to write files. */
const hardwareTimeout = 60_000;

export class FileSaver implements Saver, AsyncDisposable {
  readonly settings: SavingSettings;
  readonly headers = new FrameHeaders();
  readonly rates = new SavingRates();
  readonly #hardware: () => HardwareSaving | undefined;
  readonly #threads = new SavingThreads();
  #session: Session | undefined;
  #file: OpenFile | undefined;
  #files = 0;

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

  get tasks(): number {
    return this.settings.tasks;
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

  async save(frame: Frame): Promise<{ readonly written: Promise<boolean> }> {
    const session = this.#session;
    if (!session) return handed(false);
    if (frame.index % session.settings.everyNth !== 0) return handed(true);
    const waits = session.settings.mode === "AUTO_HEADER";
    const headers = waits ? await this.headers.next(frame.index) : this.headers.take(frame.index);
    if (!headers) return handed(false);
    return { written: this.#write(session, frame, headers) };
  }

  /** Saves one frame by itself (mode MANUAL). */
  async saveOne(frame: Frame): Promise<void> {
    const session = this.#session;
    if (!session) throw new Error("Nothing has been acquired: there is no frame to save");
    if (this.#file) throw new Error("Frames are being saved by themselves: writeImage is for saving_mode MANUAL");
    // Settings may have been written since the acquisition was prepared.
    const settings = { ...this.settings, framesPerFile: 1 };
    await checkFiles(settings, 1);
    // A copy: the acquisition may go on and use the frame's memory again.
    const copy = { ...frame, pixels: frame.pixels.slice() };
    await this.#write({ ...session, settings }, copy, this.headers.take(frame.index));
  }

  /** Everything is asked of the thread at once: it answers in order, and does not wait for this one in between. */
  async #write(session: Session, frame: Frame, headers: ReadonlyMap<string, string>): Promise<boolean> {
    const begun = performance.now();
    this.#file ??= this.#open(session);
    const file = this.#file;
    const writing = file.thread.ask<number>({ do: "write", file: file.number, frame, headers });
    const closing = ++file.frames >= session.settings.framesPerFile ? this.#close() : undefined;
    const [, bytes] = await Promise.all([file.opened, writing, closing]);
    this.rates.add(frame.pixels.byteLength, bytes, performance.now() - begun);
    return true;
  }

  #open({ settings, plan, start }: Session): OpenFile {
    const number = this.#files++;
    const request = { path: fileName(settings, this.settings.number), settings, plan, start };
    const format = settings.format as FormatName;
    const thread = this.#threads.of(number, tasksOf(settings));
    return { number, thread, frames: 0, opened: thread.ask<void>({ do: "open", file: number, format, request }) };
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
    const { policy } = this.settings;
    // Before anything is waited for: the next frame's file has the next number.
    if (policy !== "APPEND" && policy !== "MULTISET") this.settings.number++;
    await file.thread.ask({ do: "close", file: file.number });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.giveUp();
    await this.#close();
    await this.#threads[Symbol.asyncDispose]();
  }
}

const savesItself = (settings: Readonly<SavingSettings> | undefined): boolean =>
  settings?.active === true && settings.mode !== "MANUAL";

/** Files that may be written at the same time; one that is added to is the same one again and again. */
const tasksOf = ({ policy, tasks }: Readonly<SavingSettings>): number =>
  policy === "APPEND" || policy === "MULTISET" ? 1 : tasks;

/** Refuses what cannot be saved before anything is exposed. */
async function checkFiles(settings: Readonly<SavingSettings>, frames: number): Promise<void> {
  const { stack } = fileFormats[settings.format as FormatName];
  if (!stack && settings.framesPerFile > 1)
    throw new Error(`${settings.format} file format does not support multi frame per file`);
  await checkFolder(settings.directory);
  if (settings.policy === "ABORT") await checkNewFiles(settings, frames);
}
