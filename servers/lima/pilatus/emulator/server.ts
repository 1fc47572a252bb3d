// SPDX-License-Identifier: MIT
// A camserver made of software: it answers on TCP as a Pilatus' does and writes real image files.
import { access } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { edges } from "../../edges.ts";
import { seriesFile } from "../files.ts";
import { type DetectorSize, exposePicture, isImageName, writeImage } from "./detector.ts";
import { type CamserverState, initialState, type Setting, settings, shortNames } from "./settings-table.ts";

export interface PilatusEmulatorOptions {
  /** Where images go until `imgpath` is sent. */
  readonly folder: string;
  readonly size?: DetectorSize;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
  /** 2: stopped by `k`; 3: by `camcmd k`. Default 3. */
  readonly generation?: 2 | 3;
}

/** What goes wrong, on request; set and reset at will. */
export interface CamserverWeather {
  /** Answers nothing. */
  silent: boolean;
  /** Writes no more files, and does not say so. */
  stuck: boolean;
  /** Milliseconds from the first half of a file to the second; 0: files appear whole. */
  slowDisk: number;
  /** Sends this in the place of the next answer. */
  garbage: string | undefined;
}

export interface PilatusEmulator extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly state: Readonly<CamserverState>;
  readonly weather: CamserverWeather;
  /** The commands received so far. */
  readonly heard: readonly string[];
  readonly exposing: boolean;
  /** Whether an exposure runs and waits for an edge. */
  readonly waiting: boolean;
  /** An edge at its trigger input; for gated exposures one is the whole gate. */
  edge(): void;
  /** Closes every connection; new ones are accepted. */
  disconnect(): void;
}

const exposures = ["exposure", "exttrigger", "extmtrigger", "extenable"] as const;
type ExposureCommand = (typeof exposures)[number];

export async function emulatePilatus(options: PilatusEmulatorOptions): Promise<PilatusEmulator> {
  const emulator = new EmulatedCamserver(options);
  await emulator.listen(options.host ?? "127.0.0.1", options.port ?? 0);
  return emulator;
}

class EmulatedCamserver implements PilatusEmulator {
  readonly state: CamserverState;
  readonly weather: CamserverWeather = { silent: false, stuck: false, slowDisk: 0, garbage: undefined };
  readonly heard: string[] = [];
  host = "";
  port = 0;
  waiting = false;
  readonly #size: DetectorSize;
  readonly #killWord: string;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer({ noDelay: true }, (socket) => this.#accept(socket));
  readonly #edges = edges();
  #exposing: { readonly abort: AbortController; readonly ended: Promise<void> } | undefined;

  constructor({ folder, size = { width: 487, height: 195 }, generation = 3 }: PilatusEmulatorOptions) {
    this.state = initialState(folder);
    this.#size = size;
    this.#killWord = generation === 3 ? "camcmd k" : "k";
  }

  async listen(host: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, resolve);
    });
    const address = this.#server.address();
    if (typeof address === "object" && address) ({ address: this.host, port: this.port } = address);
  }

  get exposing(): boolean {
    return this.#exposing !== undefined;
  }

  edge(): void {
    if (this.#exposing) this.#edges.fire();
  }

  disconnect(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #accept(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("close", () => {
      this.#sockets.delete(socket);
      this.#exposing?.abort.abort();
    });
    socket.on("error", () => socket.destroy());
    socket.setEncoding("latin1");
    let text = "";
    socket.on("data", (part: string) => {
      // Clients end commands by a newline or by the byte that ends answers.
      const lines = (text + part).replaceAll("\x18", "\n").split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) if (line.trim() !== "") this.#execute(line.trim(), socket);
    });
  }

  #reply(socket: Socket, code: number, text: string, ok = true): void {
    if (this.weather.silent || !socket.writable) return;
    const answer = this.weather.garbage ?? `${code} ${ok ? "OK" : "ERR"} ${text}`;
    this.weather.garbage = undefined;
    socket.write(`${answer}\x18`, "latin1");
  }

  #execute(line: string, socket: Socket): void {
    this.heard.push(line);
    const [, first = "", words = ""] = /^(\S+)\s*(.*)$/s.exec(line) ?? [];
    const typed = first.toLowerCase();
    const command = shortNames[typed] ?? typed;
    const setting = settings[command];
    if (line.toLowerCase() === this.#killWord) this.#kill(socket);
    else if (isExposure(command)) this.#start(command, words, socket);
    else if (setting) this.#set(setting, words.trim(), socket);
    else this.#reply(socket, 1, `*** Unrecognized command: ${first}`, false);
  }

  #set(setting: Setting, words: string, socket: Socket): void {
    try {
      const [code, text] = setting(this.state, words);
      this.#reply(socket, code, text);
    } catch (error) {
      this.#reply(socket, 15, (error as Error).message, false);
    }
  }

  #kill(socket: Socket): void {
    this.#reply(socket, 13, "kill", false);
    this.#exposing?.abort.abort();
  }

  #start(command: ExposureCommand, name: string, socket: Socket): void {
    const refusal = this.#exposing
      ? "an exposure is under way"
      : isImageName(name)
        ? undefined
        : `unknown image format: ${name}`;
    if (refusal !== undefined) {
      this.#reply(socket, 15, `ERROR: ${refusal}`, false);
      return;
    }
    const abort = new AbortController();
    this.#edges.clear();
    this.#reply(
      socket,
      15,
      ` Starting ${this.state.exposureTime.toFixed(7)} second background: ${new Date().toISOString()}`,
    );
    const ended = this.#expose(command, name, abort.signal).then(
      (last) => this.#end(socket, last, true),
      (error: Error) => this.#end(socket, `ERROR: ${error.message}`, false),
    );
    this.#exposing = { abort, ended };
  }

  #end(socket: Socket, text: string, ok: boolean): void {
    this.#exposing = undefined;
    this.#reply(socket, 7, text, ok);
  }

  /** @returns the path of the last image. */
  async #expose(command: ExposureCommand, name: string, signal: AbortSignal): Promise<string> {
    const { images, exposureTime, exposurePeriod, imagePath, delay } = this.state;
    await access(imagePath);
    let due = performance.now();
    let last = join(imagePath, name);
    for (let index = 0; index < images && !signal.aborted; index++) {
      const waits = command === "extmtrigger" || command === "extenable" || (command === "exttrigger" && index === 0);
      if (waits && !(await this.#edge(signal))) break;
      if (waits) due = performance.now() + 1000 * delay;
      if (command !== "extenable") await pause(due + 1000 * exposureTime - performance.now(), signal);
      if (signal.aborted) break;
      last = join(imagePath, images === 1 ? name : seriesFile(name, index));
      if (!this.weather.stuck) await this.#write(last, index);
      due += 1000 * exposurePeriod;
    }
    // One that is stuck never comes to its end.
    if (this.weather.stuck && !signal.aborted)
      await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
    return last;
  }

  async #edge(signal: AbortSignal): Promise<boolean> {
    this.waiting = true;
    const came = await this.#edges.next(signal);
    this.waiting = false;
    return came;
  }

  async #write(path: string, index: number): Promise<void> {
    const { width, height } = this.#size;
    const { exposureTime, exposurePeriod, threshold, gain, header, gapFill } = this.state;
    const lines = new Map([
      ["Detector:", "PILATUS emulated, S/N 3-0000"],
      ["Exposure_time", `${exposureTime} s`],
      ["Exposure_period", `${exposurePeriod} s`],
      ["Threshold_setting:", `${threshold} eV`],
      ["Gain_setting:", `${gain} gain`],
      ...header,
    ]);
    const pixels = exposePicture(this.#size, index, gapFill);
    const frame = { index, width, height, pixels, time: index * exposurePeriod };
    await writeImage({ path, frame, header: lines }, this.weather.slowDisk);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#exposing?.abort.abort();
    await this.#exposing?.ended;
    this.disconnect();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}

const isExposure = (command: string): command is ExposureCommand => (exposures as readonly string[]).includes(command);

const pause = (milliseconds: number, signal: AbortSignal): Promise<void> =>
  milliseconds > 0 ? sleep(milliseconds, undefined, { signal }).catch(() => {}) : Promise.resolve();
