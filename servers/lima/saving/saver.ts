// SPDX-License-Identifier: MIT
// Saves the frames of an acquisition: file after file, each frame in the one it belongs to. A thread writes them.
import { join } from "node:path";
import type { Saver, SavingPlan } from "../acquisition.ts";
import type { HardwareSaving } from "../camera.ts";
import type { Frame } from "../frame.ts";
import { checkFolder, checkNewFiles } from "./checks.ts";
import { fileName } from "./file-names.ts";
import { type FormatName, fileFormats } from "./format-table.ts";
import { FrameHeaders } from "./frame-headers.ts";
import type { Packing } from "./packing.ts";
import { SavingRates } from "./rates.ts";
import { type SavingThread, SavingThreads } from "./saving-threads.ts";
import type { SavingSettings } from "./settings.ts";
import type { SavingQuestion, Written } from "./worker.ts";

interface Session {
  readonly plan: SavingPlan;
  readonly settings: Readonly<SavingSettings>;
  readonly start: Date;
}
interface OpenFile {
  readonly number: number;
  readonly thread: SavingThread;
  /** How its frames are to be packed. */
  readonly opened: Promise<Packing | undefined>;
  frames: number;
  /** What has been asked of the thread; the next question comes after it. */
  asked: Promise<unknown>;
}
interface Work {
  readonly question: SavingQuestion;
  /** Milliseconds spent on it before. */
  readonly packing: number;
}
/** What goes with a frame. */
interface Beside extends Pick<Frame, "packed"> {
  readonly headers: ReadonlyMap<string, string>;
}
const handed = (saved: boolean) => ({ written: Promise.resolve(saved) });
/** Milliseconds a camera may take to get ready to write files. */
const hardwareTimeout = 60_000;

export interface FileSaverOptions {
  readonly hardware?: () => HardwareSaving | undefined;
  readonly packers?: number;
}

export class FileSaver implements Saver, AsyncDisposable {
  readonly settings: SavingSettings;
  readonly headers = new FrameHeaders();
  readonly rates = new SavingRates();
  readonly #hardware: () => HardwareSaving | undefined;
  readonly #threads: SavingThreads;
  readonly #packers: number;
  #session: Session | undefined;
  #file: OpenFile | undefined;
  #files = 0;

  /** `hardware`: how the camera writes files itself, if it can; `packers`: frames that are packed at the same time. */
  constructor(settings: SavingSettings, { hardware = () => undefined, packers = 1 }: FileSaverOptions = {}) {
    this.settings = settings;
    this.#hardware = hardware;
    this.#packers = packers;
    this.#threads = new SavingThreads(packers);
  }

  get automatic(): boolean {
    return savesItself(this.#session?.settings) && this.#session?.settings.managed === "SOFTWARE";
  }
  get byCamera(): boolean {
    return savesItself(this.#session?.settings) && this.#session?.settings.managed === "HARDWARE";
  }

  get tasks(): number {
    return Math.max(this.settings.tasks, this.#packers);
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

  /** Everything is asked of the file's thread as soon as it can be: it does not wait for this one in between. */
  async #write(session: Session, frame: Frame, headers: ReadonlyMap<string, string>): Promise<boolean> {
    this.#file ??= this.#open(session);
    const file = this.#file;
    const { packed: byCamera, ...plain } = frame;
    const packed = session.settings.cameraPacks ? byCamera : undefined;
    const work = this.#work(file, plain, { headers, packed });
    const writing = this.#ask<Written>(file, work);
    const closing = ++file.frames >= session.settings.framesPerFile ? this.#close() : undefined;
    const [{ packing }, { bytes, took }] = await Promise.all([work, writing, closing]);
    this.rates.add(frame.index, { incoming: frame.pixels.byteLength, written: bytes, packing, writing: took });
    return true;
  }

  /** What is asked about a frame; it is packed first where the file wants that, unless the camera has done so. */
  async #work(file: OpenFile, frame: Frame, { headers, packed }: Beside): Promise<Work> {
    const packing = await file.opened;
    if (!packing) return { question: { do: "write", file: file.number, frame, headers }, packing: 0 };
    const { pixels, ...head } = frame;
    const byCamera = packed?.packing === packing ? { bytes: packed.bytes, took: 0 } : undefined;
    const { bytes, took } = byCamera ?? (await this.#threads.pack(packing, pixels));
    return { question: { do: "writePacked", file: file.number, frame: { ...head, bytes } }, packing: took };
  }

  /** Asks the file's thread when all that came before has been asked: frames may be packed in another order. */
  async #ask<Answer>(file: OpenFile, work: Promise<Pick<Work, "question">>): Promise<Answer> {
    const before = file.asked;
    const asked = work.finally(() => before).then(({ question }) => ({ answer: file.thread.ask<Answer>(question) }));
    file.asked = asked.catch(() => {}); // told to whom it concerns
    return (await asked).answer;
  }

  #open({ settings, plan, start }: Session): OpenFile {
    const number = this.#files++;
    const request = { path: fileName(settings, this.settings.number), settings, plan, start };
    const format = settings.format as FormatName;
    const thread = this.#threads.of(number, tasksOf(settings));
    const opened = thread.ask<Packing | undefined>({ do: "open", file: number, format, request });
    return { number, thread, opened, frames: 0, asked: Promise.resolve() };
  }

  giveUp(): void {
    this.headers.close();
  }

  async finish(): Promise<void> {
    await this.#close();
    const { directory, prefix } = this.#session?.settings ?? this.settings;
    await this.rates.log(join(directory, `${prefix}saving_statistics.log`));
    if (this.byCamera) this.settings.number += (await this.#hardware()?.finish()) ?? 0;
  }

  async #close(): Promise<void> {
    const file = this.#file;
    if (!file) return;
    this.#file = undefined;
    const { policy } = this.settings;
    // Before anything is waited for: the next frame's file has the next number.
    if (policy !== "APPEND" && policy !== "MULTISET") this.settings.number++;
    await this.#ask(file, Promise.resolve({ question: { do: "close", file: file.number } }));
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
