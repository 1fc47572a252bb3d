// SPDX-License-Identifier: MIT
// What an emulated spectrometer does between two messages: it takes spectra by its clock, its edges and its gate, and
// keeps them in a ring. Nothing runs: what should have happened by now is worked out when somebody asks.
import { random } from "../simulator/random.ts";
import { METADATA, triggers } from "./message-table.ts";

export interface InstrumentOptions {
  readonly pixels: number;
  readonly seed: number;
  /** Milliseconds of a clock that does not jump. */
  readonly now: () => number;
}

/** Lines of a mercury argon lamp, nm, and how bright they are. */
const lamp = [
  [404.66, 9000],
  [435.83, 20000],
  [546.07, 24000],
  [576.96, 4000],
  [696.54, 9000],
  [763.51, 16000],
  [811.53, 12000],
] as const;
const LINE_WIDTH = 1.2;
/** Counts without light, and their noise. */
const DARK = 1500;
const NOISE = 8;
const FULL = 65_535;
/** Wavelength of pixel p in nm: sum of c[n] p^n. */
export const wavelengthCoefficients = [340, 0.32, -1e-5, 0] as const;
export const limits = { integration: [10, 10_000_000], buffer: [1, 50_000] } as const;

export class EmulatedInstrument {
  readonly pixels: number;
  /** Microseconds. */
  integration = 100_000;
  trigger: number = triggers.FREERUN;
  bufferingEnabled = false;
  bufferSize = 100;
  scansPerTrigger = 1;
  /** Spectra since it was switched on, also those the ring has lost. */
  taken = 0;
  readonly #now: () => number;
  readonly #light: Float64Array;
  readonly #noise: () => number;
  #ring: Uint8Array[] = [];
  /** When the spectrum that is being taken began; undefined: none is. */
  #began: number | undefined;
  #left = 0;
  #high = false;

  constructor({ pixels, seed, now }: InstrumentOptions) {
    this.pixels = pixels;
    this.#now = now;
    this.#noise = random(seed);
    this.#light = lampLight(pixels);
  }

  get idle(): boolean {
    this.#advance();
    return this.#began === undefined;
  }
  get buffered(): number {
    this.#advance();
    return this.#ring.length;
  }

  /** Begins to fill the ring: at once, or with the next edge or gate. */
  fill(): void {
    this.#advance();
    if (this.trigger === triggers.FREERUN) this.#begin(this.scansPerTrigger);
    else if (this.trigger === triggers.LEVEL && this.#high) this.#begin(Number.POSITIVE_INFINITY);
  }
  abort(): void {
    this.#advance();
    this.#began = undefined;
  }
  clear(): void {
    this.#advance();
    this.#ring = [];
  }
  /** The external signal. An edge while a spectrum is taken is too early to count. */
  edge(): void {
    this.#advance();
    if (this.trigger === triggers.EDGE && this.#began === undefined) this.#begin(this.scansPerTrigger);
  }
  gate(high: boolean): void {
    this.#advance();
    this.#high = high;
    if (this.trigger !== triggers.LEVEL) return;
    if (high) this.#begin(Number.POSITIVE_INFINITY);
    else this.#left = this.#began === undefined ? 0 : 1;
  }

  /** Takes the oldest `most` spectra out of the ring. */
  read(most: number): Uint8Array[] {
    this.#advance();
    return this.#ring.splice(0, most);
  }
  /** One spectrum beside the ring, as it is taken now. */
  now(): Uint8Array {
    return this.#spectrum();
  }

  #begin(scans: number): void {
    this.#began = this.#now();
    this.#left = scans;
  }

  #advance(): void {
    const each = this.integration / 1000;
    while (this.#began !== undefined && this.#now() >= this.#began + each) {
      this.#began += each;
      this.#left--;
      this.#ring.push(this.#spectrum());
      if (this.#ring.length > this.bufferSize) this.#ring.shift();
      if (this.#left <= 0) this.#began = undefined;
    }
  }

  /** Metadata and counts. */
  #spectrum(): Uint8Array {
    const bytes = new Uint8Array(METADATA + 2 * this.pixels);
    const view = new DataView(bytes.buffer);
    view.setUint16(0, 1, true);
    view.setUint16(2, METADATA, true);
    view.setUint32(4, 2 * this.pixels, true);
    view.setBigUint64(8, BigInt(Math.round(this.#now() * 1000)), true);
    view.setUint32(16, this.integration, true);
    view.setUint32(20, 1, true);
    view.setUint32(24, ++this.taken, true);
    const counts = new Uint16Array(bytes.buffer, METADATA);
    const exposure = this.integration / 100_000;
    for (let pixel = 0; pixel < this.pixels; pixel++) {
      const value = DARK + (this.#light[pixel] ?? 0) * exposure + NOISE * (this.#noise() + this.#noise() - 1);
      counts[pixel] = Math.max(0, Math.min(FULL, Math.round(value)));
    }
    return bytes;
  }
}

export function wavelengthOf(pixel: number): number {
  return wavelengthCoefficients.reduce<number>((sum, coefficient, power) => sum + coefficient * pixel ** power, 0);
}

/** Counts a pixel in 100 ms. */
function lampLight(pixels: number): Float64Array {
  return Float64Array.from({ length: pixels }, (_, pixel) => {
    const wavelength = wavelengthOf(pixel);
    return lamp.reduce((sum, [line, height]) => sum + height * Math.exp(-(((wavelength - line) / LINE_WIDTH) ** 2)), 0);
  });
}
