// SPDX-License-Identifier: MIT
// A spectrometer of Ocean Optics on the network (Ocean FX and its kin) as a detector: the instrument fills its own buffer
// by its clock, an edge or a gate, and the buffer is emptied while it fills.
import { setTimeout as sleep } from "node:timers/promises";
import type { GateMode, Status, TriggerMode } from "../../../devices/mosca/words.ts";
import type { Acquisition, Block, SpectrumDetector } from "../detector.ts";
import { OceanConnection, type OceanConnectionOptions } from "./connection.ts";
import { AFTER_SPECTRUM, METADATA, type OceanTrigger, SPECTRA_PER_MESSAGE, triggers } from "./message-table.ts";

export interface OceanOptions extends OceanConnectionOptions {
  /** Refuses an instrument of another serial number; "": takes any. */
  readonly serial: string;
}

/** What the instrument said when it was reached first. */
interface Instrument {
  readonly serial: string;
  readonly pixels: number;
  /** Microseconds. */
  readonly integration: readonly [least: number, most: number];
  readonly bufferMost: number;
}

const modes: Partial<Record<TriggerMode, OceanTrigger>> = {
  INT_TRIG_READOUT: "FREERUN",
  GATE: "LEVEL",
  EXT_TRIG_READOUT: "EDGE",
};
const byte = (value: number) => Uint8Array.of(value);
const uint32 = (value: number) => new Uint8Array(Uint32Array.of(value).buffer);
const number = (data: Uint8Array) => Buffer.from(data).readUIntLE(0, Math.min(6, data.length));

export class OceanDetector implements SpectrumDetector {
  readonly kind = "OceanOpticsHW";
  readonly statistics: readonly string[] = [];
  readonly triggers = Object.keys(modes) as TriggerMode[];
  readonly gates: readonly GateMode[] = ["IGNORE", "HIGH"];
  /** Spectra the instrument keeps; 0: all it can. */
  bufferCapacity = 0;
  /** Seconds between two looks at the buffer. */
  readoutTime = 0.01;
  readonly #options: OceanOptions;
  readonly #link: OceanConnection;
  #instrument: Instrument | undefined;
  #trouble = "";
  #trigger: OceanTrigger = "FREERUN";
  #integration = 0;
  /** Throws when the instrument was lost since it was prepared. */
  #steady: () => void = () => {};

  private constructor(options: OceanOptions) {
    this.#options = options;
    this.#link = new OceanConnection(options);
  }
  /** Asks the instrument who it is. One that is not there is no exception: it is UNINITIALIZED and says why. */
  static async open(options: OceanOptions): Promise<OceanDetector> {
    const detector = new OceanDetector(options);
    await detector.reach();
    return detector;
  }

  get status(): Status {
    return this.#instrument ? "READY" : "UNINITIALIZED";
  }
  get trouble(): string {
    return this.#trouble;
  }
  get detectors(): readonly number[] {
    return this.#instrument ? [0] : [];
  }
  get spectrumSize(): number {
    return this.#instrument?.pixels ?? 0;
  }
  get serial(): string {
    return this.#instrument?.serial ?? "";
  }
  get trigger(): OceanTrigger {
    return this.#trigger;
  }
  /** Microseconds. */
  get integration(): number {
    return this.#integration;
  }
  get integrationLimits(): readonly [number, number] {
    return this.#instrument?.integration ?? [0, 0];
  }
  get bufferMost(): number {
    return this.#instrument?.bufferMost ?? 0;
  }

  /** Asks once more when the instrument was not there. */
  async reach(): Promise<void> {
    try {
      const serial = new TextDecoder().decode(await this.#link.query("serial"));
      if (this.#options.serial && serial !== this.#options.serial)
        throw new Error(`${this.#link.about} has the serial number ${serial}, not ${this.#options.serial}`);
      this.#instrument = {
        serial,
        pixels: number(await this.#link.query("pixels")),
        integration: [
          number(await this.#link.query("integrationTimeLeast")),
          number(await this.#link.query("integrationTimeMost")),
        ],
        bufferMost: number(await this.#link.query("bufferSizeMost")),
      };
      this.#trouble = "";
    } catch (error) {
      this.#instrument = undefined;
      this.#trouble = (error as Error).message;
    }
  }

  /** Microseconds. @throws Error when the instrument refuses */
  async setIntegration(microseconds: number): Promise<void> {
    await this.#link.tell("setIntegrationTime", uint32(Math.round(microseconds)));
    this.#integration = microseconds;
  }
  async setTrigger(trigger: OceanTrigger): Promise<void> {
    await this.#link.tell("setTriggerMode", byte(triggers[trigger]));
    this.#trigger = trigger;
  }

  refuseSize = (size: number): string | undefined =>
    size === this.spectrumSize ? undefined : `The sensor has ${this.spectrumSize} pixels`;
  refuse({ realtime, blockSize, points }: Acquisition): string | undefined {
    const [least, most] = this.integrationLimits;
    const microseconds = Math.round(realtime * 1e6);
    if (microseconds < least || microseconds > most)
      return `acq_realtime must be ${least / 1e6} to ${most / 1e6} s (was: ${realtime}).`;
    const capacity = this.#capacity;
    if (Math.min(blockSize, points) <= capacity) return undefined;
    return `block_size must not be above the buffer's capacity of ${capacity} (was: ${blockSize}).`;
  }
  metadata = (): Readonly<Record<string, unknown>> => ({ serial: this.serial });

  get #capacity(): number {
    return this.bufferCapacity > 0 ? this.bufferCapacity : this.bufferMost;
  }

  async prepare({ trigger, points, realtime }: Acquisition): Promise<void> {
    const mode = modes[trigger] ?? "FREERUN";
    await this.#link.tell("abort");
    this.#steady = this.#link.steady();
    await this.setTrigger(mode);
    await this.setIntegration(realtime * 1e6);
    await this.#link.tell("setBufferingEnabled", byte(1));
    await this.#link.tell("setBufferSize", uint32(this.#capacity));
    await this.#link.tell("setScansPerTrigger", uint32(mode === "FREERUN" ? points : 1));
  }

  async arm(): Promise<void> {
    this.#steady();
    await this.#link.tell("clearBuffer");
    await this.#link.tell("fillBuffer");
  }

  async *acquire(
    { points, blockSize, spectrumSize }: Acquisition,
    { triggered }: { readonly triggered: (points: number) => void },
    signal: AbortSignal,
  ): AsyncGenerator<Block> {
    const order = new Order();
    try {
      for (let given = 0; given < points && !signal.aborted; ) {
        const wanted = Math.min(blockSize, points - given);
        const buffered = number(await this.#link.query("buffered"));
        this.#steady();
        triggered(given + buffered);
        if (buffered < wanted) {
          await this.#starve(buffered, signal);
          continue;
        }
        const spectra = await this.#read(wanted, spectrumSize, order);
        given += wanted;
        yield { points: wanted, spectra, stats: new Float64Array() };
      }
    } finally {
      // An instrument that was lost cannot be told to stop.
      await this.#link.tell("abort").catch(() => {});
    }
  }

  /** Waits for more spectra. @throws Error when the instrument has ended and none will come */
  async #starve(buffered: number, signal: AbortSignal): Promise<void> {
    const ended = this.#trigger === "FREERUN" && number(await this.#link.query("idle")) === 1;
    if (ended && number(await this.#link.query("buffered")) === buffered)
      throw new Error(
        `${this.#link.about}: spectra were lost, the buffer was full before it was read: take longer points`,
      );
    await sleep(this.readoutTime * 1000, undefined, { signal }).catch(() => {});
  }

  /** Takes `points` spectra out of the instrument's buffer. */
  async #read(points: number, size: number, order: Order): Promise<Uint32Array> {
    const spectra = new Uint32Array(points * size);
    const each = METADATA + 2 * size + AFTER_SPECTRUM;
    for (let point = 0; point < points; ) {
      const wanted = Math.min(SPECTRA_PER_MESSAGE, points - point);
      const data = await this.#link.query("bufferedSpectra", uint32(wanted));
      if (data.length === 0 || data.length % each !== 0 || data.length > wanted * each)
        throw new Error(`${this.#link.about} sent ${data.length} bytes for ${wanted} spectra of ${each} bytes`);
      for (let at = 0; at < data.length; at += each, point++) {
        const view = new DataView(data.buffer, data.byteOffset + at, each);
        if (this.#describes(view, size)) order.check(view.getUint32(24, true), this.#link.about);
        for (let pixel = 0; pixel < size; pixel++)
          spectra[point * size + pixel] = view.getUint16(METADATA + 2 * pixel, true);
      }
    }
    return spectra;
  }

  /** Whether the metadata have the layout in which the spectra are numbered: it could not be seen on an instrument. */
  #describes(metadata: DataView, size: number): boolean {
    const lengths = metadata.getUint16(2, true) === METADATA && metadata.getUint32(4, true) === 2 * size;
    return lengths && metadata.getUint32(16, true) === Math.round(this.#integration);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#link[Symbol.asyncDispose]();
  }
}

/** The instrument numbers its spectra: one that its buffer could not keep is missed. Numbers of 0 say nothing. */
class Order {
  #last: number | undefined;

  check(count: number, about: string): void {
    const lost = this.#last ? ((count - this.#last) >>> 0) - 1 : 0;
    this.#last = count;
    if (lost === 0 || count === 0) return;
    throw new Error(`${about}: ${lost} spectra were lost, they came faster than they were read: take longer points`);
  }
}
