// SPDX-License-Identifier: MIT
// A simulated pulse processor: simulated detectors that a configuration file may exchange while the device lives.
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { GateMode, Status, TriggerMode } from "../../devices/mosca/words.ts";
import { type Configuration, filesOf } from "./configuration.ts";
import type { Acquisition, Block, SpectrumDetector } from "./detector.ts";
import { refusal } from "./refusal.ts";
import { SimulatedDetectors, type SimulatedOptions } from "./simulator/detectors.ts";
import type { Preset, PresetKind } from "./simulator/point-source.ts";
import type { XiaHardware } from "./xia-members.ts";

export interface HardwareOptions extends Pick<SimulatedOptions, "family" | "photons" | "signals" | "buffers"> {
  /** How many detectors there are without a configuration file. */
  readonly detectors: number;
}

export class SimulatedHardware implements SpectrumDetector, XiaHardware {
  readonly kind: string;
  directory = "";
  file = "";
  /** Seconds. */
  refresh = 0.1;
  message = "";
  modules: readonly string[] = [];
  preset: PresetKind = "REAL";
  photons = 1000;
  readonly registers = new Map<string, unknown>();
  readonly #options: HardwareOptions;
  readonly #changed: () => void;
  #status: Status = "READY";
  #simulated: SimulatedDetectors;
  #size: number;
  readonly #end = new AbortController();
  #loading: Promise<void> | undefined;

  /** `changed` is called when its detectors, modes or status are others than before. */
  constructor(options: HardwareOptions, changed: () => void) {
    this.#options = options;
    this.#changed = changed;
    this.kind = options.family.kind;
    this.#size = options.family.spectrumSize;
    this.#simulated = this.#make(Array.from({ length: options.detectors }, (_, id) => id));
  }

  get configuration(): Configuration {
    return this;
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
    return this.#status === "READY" ? this.#size : 0;
  }
  get statistics(): readonly string[] {
    return this.#simulated.statistics;
  }

  /**
   * Loads a configuration file of the directory, or by its full path. A file that does not load leaves the hardware
   * without detectors and with the reason in Status, as the real one. @throws DevFailed while running
   */
  async load(file: string): Promise<void> {
    const { family } = this.#options;
    this.#refuseWhileRunning();
    const path = isAbsolute(file) ? file : join(this.directory, file);
    const inside = relative(this.directory, path);
    const [directory, name] = inside.startsWith("..") ? [dirname(path), basename(path)] : [this.directory, inside];
    this.#status = "INITIALIZING";
    try {
      const { detectors, modules, spectrumSize = family.spectrumSize } = await family.load(directory, name);
      const why = family.refuseSize(spectrumSize);
      if (why) throw new Error(`${join(directory, name)}: spectra of ${spectrumSize} channels: ${why}`);
      this.#size = spectrumSize;
      this.#simulated = this.#make(detectors);
      this.modules = modules;
      this.directory = directory;
      this.file = name;
      this.#status = "READY";
      this.message = family.loaded(join(directory, name), detectors.length);
    } catch (error) {
      this.file = "";
      this.#status = family.unloaded;
      this.message = error instanceof Error ? error.message : String(error);
    }
    this.#changed();
  }

  /**
   * As `load`, but gives back at once: for so many milliseconds it is UNINITIALIZED, as hardware that takes its time.
   * @throws DevFailed while running, or while another one is being loaded
   */
  loadLater(file: string, milliseconds: number): void {
    this.#refuseWhileRunning();
    if (this.#loading) throw refusal("Can't load a configuration while another one is being loaded.");
    this.#status = "UNINITIALIZED";
    this.message = `Loading config file ${file}`;
    this.#changed();
    this.#loading = sleep(milliseconds, undefined, { signal: this.#end.signal })
      .then(() => this.load(file))
      .catch(() => {})
      .finally(() => void (this.#loading = undefined));
  }
  #refuseWhileRunning(): void {
    if (this.#options.signals.running) throw refusal("Can't load a configuration while MCA state is RUNNING.");
  }

  list(): Promise<string[]> {
    return filesOf(this.directory, this.#options.family.list);
  }

  /** As after power on, with the same configuration. */
  async reset(): Promise<void> {
    if (this.file) await this.load(this.file);
    else this.#changed();
  }

  metadata = (): Readonly<Record<string, unknown>> =>
    this.#options.family.metadata({ path: this.file && join(this.directory, this.file), refresh: this.refresh });
  refuseSize = (size: number): string | undefined => this.#simulated.refuseSize(size);
  refuse = (acquisition: Acquisition): string | undefined => this.#simulated.refuse(acquisition);
  applied(): void {
    this.registers.clear();
  }
  prepare(): void {}
  acquire = (...words: Parameters<SimulatedDetectors["acquire"]>): AsyncIterable<Block> =>
    this.#simulated.acquire(...words);

  #make(detectors: readonly number[]): SimulatedDetectors {
    return new SimulatedDetectors({
      ...this.#options,
      detectors,
      about: () => this.metadata(),
      preset: (acquisition) => this.#presetOf(acquisition),
    });
  }
  #presetOf({ trigger, realtime }: Acquisition): Preset | undefined {
    if (trigger !== "INT_TRIG_READOUT") return undefined;
    const timed = this.preset === "REAL" || this.preset === "LIVE";
    return { kind: this.preset, value: timed ? realtime : this.photons };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end.abort();
    await this.#loading;
  }
}
