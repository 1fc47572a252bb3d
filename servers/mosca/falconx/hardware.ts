// SPDX-License-Identifier: MIT
// The FalconX boxes of a device, as a configuration file or the property address says: the file may be another one while
// the device lives.
import { basename, dirname, isAbsolute, join } from "node:path";
import { filesOf } from "../configuration.ts";
import { refusal } from "../refusal.ts";
import type { PresetKind } from "../simulator/point-source.ts";
import { listXia } from "../xia-configuration.ts";
import type { XiaHardware } from "../xia-members.ts";
import { FalconXDetector } from "./detector.ts";
import { type Layout, layoutOf, loadLayout } from "./layout.ts";

export interface HardwareOptions {
  /** `host` or `host:port` of each box. */
  readonly addresses: readonly string[];
  readonly directory: string;
  /** A configuration file; "": the addresses alone. */
  readonly file: string;
  /** Called when its detectors or its status are others than before. */
  readonly changed: () => void;
  readonly running: () => boolean;
}

export class FalconXHardware implements XiaHardware, AsyncDisposable {
  readonly detector: FalconXDetector;
  directory: string;
  file = "";
  message = "";
  readonly #options: HardwareOptions;

  private constructor(options: HardwareOptions, layout: Layout) {
    this.#options = options;
    this.directory = options.directory;
    this.detector = new FalconXDetector(layout, this);
  }
  /** Boxes that are not there, and a file that does not load, are no exceptions: the detector says why it is not ready. */
  static async open(options: HardwareOptions): Promise<FalconXHardware> {
    const hardware = new FalconXHardware(options, layoutOf(options.addresses));
    if (options.file) await hardware.#load(options.file);
    else await hardware.detector.reach();
    return hardware;
  }

  get modules(): readonly string[] {
    return this.detector.modules;
  }
  get registers(): Map<string, unknown> {
    return this.detector.registers;
  }
  get refresh(): number {
    return this.detector.refresh;
  }
  set refresh(seconds: number) {
    if (!(seconds > 0)) throw refusal(`mca_refresh must be above 0 (was: ${seconds})`, "ValueError");
    this.detector.refresh = seconds;
  }
  get preset(): PresetKind {
    return this.detector.preset;
  }
  set preset(kind: PresetKind) {
    this.detector.preset = kind;
  }
  get photons(): number {
    return this.detector.photons;
  }
  set photons(count: number) {
    this.detector.photons = count;
  }

  /** A file of the directory, or by its full path. @throws DevFailed while running */
  async load(file: string): Promise<void> {
    this.#refuseWhileRunning();
    await this.#load(file);
    this.#options.changed();
  }
  async #load(file: string): Promise<void> {
    const path = isAbsolute(file) ? file : join(this.directory, file);
    try {
      await this.detector.use(await loadLayout(path));
      this.directory = dirname(path);
      this.file = basename(path);
      this.message = `${path}: ${this.detector.trouble || `${this.detector.detectors.length} detectors`}`;
    } catch (error) {
      this.file = "";
      this.message = (error as Error).message;
      await this.detector.leave(this.message);
    }
  }

  list(): Promise<string[]> {
    return filesOf(this.directory, listXia);
  }

  /** Connects anew and sets the configuration's values again. @throws DevFailed while running */
  async reset(): Promise<void> {
    this.#refuseWhileRunning();
    await this.detector.reach();
    this.#options.changed();
  }
  #refuseWhileRunning(): void {
    if (this.#options.running()) throw refusal("Can't load a configuration while MCA state is RUNNING.");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.detector[Symbol.asyncDispose]();
  }
}
