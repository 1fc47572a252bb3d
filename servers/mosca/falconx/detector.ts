// SPDX-License-Identifier: MIT
// XIA FalconX boxes as a detector: their channels are set up over SINC, and send a histogram a point.
import type { GateMode, Status, TriggerMode } from "../../../devices/mosca/words.ts";
import type { Configuration } from "../configuration.ts";
import type { Acquisition, Block, SpectrumDetector } from "../detector.ts";
import type { Preset, PresetKind } from "../simulator/point-source.ts";
import { xiaStatistics } from "../statistics.ts";
import { xiaRules } from "../xia-family.ts";
import { blockOf } from "./block.ts";
import { FalconXBoxes } from "./boxes.ts";
import type { FalconXChannel } from "./channel.ts";
import type { Layout } from "./layout.ts";
import { setupOf } from "./modes.ts";

export interface FalconXOptions {
  /** Milliseconds for one answer, and for connecting. */
  readonly timeout?: number;
  /** Milliseconds for a channel to begin or end. */
  readonly patience?: number;
}

export class FalconXDetector implements SpectrumDetector {
  readonly kind = "FalconXHW";
  readonly statistics = xiaStatistics;
  readonly triggers: readonly TriggerMode[] = xiaRules.triggers;
  readonly gates: readonly GateMode[] = xiaRules.gates;
  /** Seconds between two histograms of a spectrum that grows. */
  refresh = 0.1;
  /** What ends a point of INT_TRIG_READOUT: for REAL acq_realtime says how many seconds, else `photons` how many. */
  preset: PresetKind = "REAL";
  photons = 1000;
  /** Registers that were written; they follow from the parameters again when those are applied. */
  readonly registers = new Map<string, unknown>();
  readonly configuration: Configuration | undefined;
  readonly #options: Required<FalconXOptions>;
  #layout: Layout;
  #boxes: FalconXBoxes | undefined;
  /** Detectors of the boxes when they were reached last: a box that is lost is made out anew by the next prepare. */
  #known: readonly number[] = [];
  #trouble = "";
  #reached: Promise<void> = Promise.resolve();

  constructor(layout: Layout, configuration?: Configuration, { timeout = 3000, patience = 5000 }: FalconXOptions = {}) {
    this.#layout = layout;
    this.configuration = configuration;
    this.#options = { timeout, patience };
  }

  get status(): Status {
    return this.#known.length > 0 ? "READY" : "UNINITIALIZED";
  }
  get trouble(): string {
    return this.#known.length > 0 ? "" : this.#trouble;
  }
  get detectors(): readonly number[] {
    return this.#known;
  }
  get modules(): readonly string[] {
    const modules = this.#boxes?.modules ?? [];
    return modules.map(({ product, serial, firmware }) => `${product} ${serial}, firmware ${firmware}`);
  }
  get spectrumSize(): number {
    return this.#known.length > 0 ? (this.#layout.spectrumSize ?? xiaRules.spectrumSize) : 0;
  }

  /** Reaches the boxes of another layout. */
  async use(layout: Layout): Promise<void> {
    this.#layout = layout;
    this.#known = [];
    await this.reach();
  }
  /** No boxes at all, and why. */
  async leave(trouble: string): Promise<void> {
    await this.use({ file: "", boxes: [] });
    this.#trouble = trouble;
  }
  /**
   * Connects to all boxes anew, when those who asked before have done so. One that is not there is no exception: it is
   * UNINITIALIZED and says why.
   */
  reach(): Promise<void> {
    this.#reached = this.#reached.then(() => this.#reach());
    return this.#reached;
  }
  async #reach(): Promise<void> {
    await this.#disconnect();
    if (this.#layout.boxes.length === 0) return;
    try {
      this.#boxes = await FalconXBoxes.open(this.#layout, this.#options.timeout);
      this.#known = this.#boxes.channels.map(({ id }) => id);
      this.#trouble = "";
    } catch (error) {
      this.#known = [];
      this.#trouble = (error as Error).message;
    }
  }

  refuseSize = (size: number): string | undefined => xiaRules.refuseSize(size);
  refuse(acquisition: Acquisition): string | undefined {
    if (acquisition.trigger === "INT_TRIG_READOUT" && this.preset === "LIVE")
      return "The FalconX does not end a point by its live time: set preset_type to XIA_PRESET_FIXED_REAL.";
    return xiaRules.refuse(acquisition);
  }
  metadata = (): Readonly<Record<string, unknown>> => ({
    ini_file: this.#layout.file || null,
    mca_refresh: this.refresh,
    modules: [...this.modules],
  });
  applied(): void {
    this.registers.clear();
  }

  /** @throws Error when a box was lost and is not there again, or a channel is not characterized */
  async prepare(acquisition: Acquisition): Promise<void> {
    const boxes = await this.#connected();
    boxes.forgive();
    const { parameters } = setupOf(acquisition, this.#presetOf(acquisition), this.refresh);
    for (const { module, number, about } of used(boxes, acquisition)) {
      if ((await module.get(number, "pulse.calibrated")) !== true)
        throw new Error(`${about} is not characterized: do that with the maker's program and save it in the box`);
      await module.setIfThere(number, { "gate.veto": "off" });
      await module.set(number, parameters);
    }
  }

  async arm(acquisition: Acquisition): Promise<void> {
    const boxes = this.#prepared();
    const { readout } = setupOf(acquisition, this.#presetOf(acquisition), this.refresh);
    const channels = used(boxes, acquisition);
    boxes.forgive();
    for (const channel of channels) channel.begin(readout, acquisition.points);
    try {
      for (const { module, number } of channels) await module.start(number);
      // A short point may be over before its beginning is told.
      const begun = ({ state, points }: FalconXChannel) => state === "histo" || points.length > 0;
      await this.#until(boxes, channels, begun, "does not begin");
    } catch (error) {
      await this.#stop(boxes, channels);
      throw error;
    }
  }

  async *acquire(
    acquisition: Acquisition,
    { triggered }: { readonly triggered: (points: number) => void },
    signal: AbortSignal,
  ): AsyncGenerator<Block> {
    const boxes = this.#prepared();
    const channels = used(boxes, acquisition);
    const wake = () => boxes.wake();
    signal.addEventListener("abort", wake);
    try {
      for (let given = 0; given < acquisition.points && !signal.aborted; ) {
        const wanted = Math.min(acquisition.blockSize, acquisition.points - given);
        if (boxes.failure) throw boxes.failure;
        if (acquisition.trigger === "INT_TRIG_READOUT") closeEnded(channels);
        triggered(given + Math.max(...channels.map(({ points }) => points.length)));
        if (channels.every(({ points }) => points.length >= wanted)) {
          yield blockOf(acquisition, channels, wanted);
          given += wanted;
        } else await boxes.next();
      }
      if (!signal.aborted || acquisition.trigger !== "FREERUN") return;
      await this.#stop(boxes, channels);
      for (const channel of channels) channel.close();
      triggered(1);
      yield blockOf(acquisition, channels, 1);
    } finally {
      signal.removeEventListener("abort", wake);
      await this.#stop(boxes, channels);
    }
  }

  /** Ends what the channels do. A box that was lost cannot be told to. */
  async #stop(boxes: FalconXBoxes, channels: readonly FalconXChannel[]): Promise<void> {
    try {
      for (const { module, number, state } of channels) if (state !== "ready") await module.stop(number);
      await this.#until(boxes, channels, ({ state }) => state === "ready", "does not end");
    } catch {
      // Whoever asks for the next acquisition hears of it.
    }
  }

  /** @throws Error naming the channel for which it does not become true in time */
  async #until(
    boxes: FalconXBoxes,
    channels: readonly FalconXChannel[],
    is: (channel: FalconXChannel) => boolean,
    not: string,
  ): Promise<void> {
    const late = AbortSignal.timeout(this.#options.patience);
    late.addEventListener("abort", () => boxes.wake());
    for (let one = channels.find((each) => !is(each)); one; one = channels.find((each) => !is(each))) {
      if (boxes.failure) throw boxes.failure;
      if (one.state === "error") throw new Error(`${one.about} is in its error state`);
      if (late.aborted) throw new Error(`${one.about} ${not} within ${this.#options.patience / 1000} s`);
      await boxes.next();
    }
  }

  #presetOf({ realtime }: Acquisition): Preset {
    return { kind: this.preset, value: this.preset === "REAL" ? realtime : this.photons };
  }

  /** The boxes, connected anew when one was lost. @throws Error when it is still not there */
  async #connected(): Promise<FalconXBoxes> {
    if (this.#boxes?.connected) return this.#boxes;
    const before = this.#known;
    await this.reach();
    if (this.#boxes) return this.#boxes;
    this.#known = before;
    throw new Error(this.#trouble);
  }
  /** The boxes as they were prepared: one that was lost since knows nothing of it. @throws Error when there are none */
  #prepared(): FalconXBoxes {
    if (this.#boxes) return this.#boxes;
    throw new Error(this.#trouble || "no FalconX is connected");
  }
  async #disconnect(): Promise<void> {
    await this.#boxes?.[Symbol.asyncDispose]();
    this.#boxes = undefined;
  }
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reached;
    await this.#disconnect();
  }
}

const used = ({ channels }: FalconXBoxes, { detectors }: Acquisition): readonly FalconXChannel[] =>
  channels.filter(({ id }) => detectors.includes(id));

/** A timed point is over when its channel is ready again. @throws Error when that sent no histogram */
function closeEnded(channels: readonly FalconXChannel[]): void {
  for (const channel of channels) {
    if (channel.state !== "ready" || channel.points.length > 0) continue;
    channel.close();
    if (channel.points.length === 0) throw new Error(`${channel.about} ended without a histogram`);
  }
}
