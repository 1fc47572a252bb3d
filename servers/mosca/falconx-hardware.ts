// SPDX-License-Identifier: MIT
// A simulated FalconX: simulated detectors that a configuration file may exchange while the device lives.
import { basename, dirname, isAbsolute, join } from "node:path";
import type { GateMode, Status, TriggerMode } from "../../devices/mosca/words.ts";
import type { Acquisition, Block, SpectrumDetector } from "./detector.ts";
import type { Configuration } from "./mosca-v1.ts";
import { refusal } from "./refusal.ts";
import { SimulatedDetectors, type SimulatedOptions } from "./simulator/detectors.ts";
import { listXia, loadXia } from "./xia-configuration.ts";

export interface FalconXOptions extends Pick<SimulatedOptions, "sample" | "fullScale" | "seed" | "signals"> {
  /** How many detectors there are without a configuration file. */
  readonly detectors: number;
}

export class FalconXHardware implements SpectrumDetector, Configuration {
  readonly kind = "SimFalconXHW";
  directory = "";
  file = "";
  /** Seconds. */
  refresh = 0.1;
  /** What the last loading of a configuration said. */
  message = "";
  modules: readonly string[] = [];
  readonly #options: FalconXOptions;
  readonly #changed: () => void;
  #status: Status = "READY";
  #simulated: SimulatedDetectors;

  /** `changed` is called when its detectors, modes or status are others than before. */
  constructor(options: FalconXOptions, changed: () => void) {
    this.#options = options;
    this.#changed = changed;
    this.#simulated = this.#make(Array.from({ length: options.detectors }, (_, id) => id));
  }

  get status(): Status {
    return this.#status;
  }
  get trouble(): string {
    return this.#status === "READY" ? "" : this.message;
  }
  get detectors(): readonly number[] {
    return this.#status === "READY" ? this.#simulated.detectors : [];
  }
  get triggers(): readonly TriggerMode[] {
    return this.#status === "READY" ? this.#simulated.triggers : [];
  }
  get gates(): readonly GateMode[] {
    return this.#status === "READY" ? this.#simulated.gates : [];
  }
  get spectrumSize(): number {
    return this.#status === "READY" ? this.#simulated.spectrumSize : 0;
  }
  get statistics(): readonly string[] {
    return this.#simulated.statistics;
  }

  /**
   * Loads a configuration file of the directory, or by its full path. A file that does not load leaves the hardware
   * UNINITIALIZED with the reason in Status, as the real one. @throws DevFailed while running
   */
  async load(file: string): Promise<void> {
    if (this.#options.signals.running) throw refusal("Can't load a configuration while MCA state is RUNNING.");
    const directory = isAbsolute(file) ? dirname(file) : this.directory;
    this.#status = "INITIALIZING";
    try {
      const { detectors, modules } = await loadXia(directory, basename(file));
      this.#simulated = this.#make(detectors);
      this.modules = modules;
      this.directory = directory;
      this.file = basename(file);
      this.#status = "READY";
      this.message = `${join(directory, this.file)}: ${detectors.length} detectors`;
    } catch (error) {
      this.file = "";
      this.#status = "UNINITIALIZED";
      this.message = error instanceof Error ? error.message : String(error);
    }
    this.#changed();
  }

  async list(): Promise<string[]> {
    if (!this.directory) return [];
    try {
      return await listXia(this.directory);
    } catch (error) {
      throw refusal(`${this.directory} cannot be listed: ${(error as Error).message}`, "OSError");
    }
  }

  /** As after power on, with the same configuration. */
  async reset(): Promise<void> {
    if (this.file) await this.load(this.file);
    else this.#changed();
  }

  metadata = (): Readonly<Record<string, unknown>> => ({
    ini_file: this.file ? join(this.directory, this.file) : "",
    mca_refresh: this.refresh,
  });
  refuseSize = (size: number): string | undefined => this.#simulated.refuseSize(size);
  refuse = (acquisition: Acquisition): string | undefined => this.#simulated.refuse(acquisition);
  prepare = (acquisition: Acquisition): void => this.#simulated.prepare(acquisition);
  acquire = (...words: Parameters<SimulatedDetectors["acquire"]>): AsyncIterable<Block> =>
    this.#simulated.acquire(...words);

  #make(detectors: readonly number[]): SimulatedDetectors {
    const { sample, fullScale, seed, signals } = this.#options;
    return new SimulatedDetectors({
      kind: this.kind,
      detectors,
      sample,
      fullScale,
      seed,
      signals,
      spectrumSize: 4096,
      about: this.metadata,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
