// SPDX-License-Identifier: MIT
// Reads CBOR (RFC 8949), as far as detectors' streams need it: definite lengths and the tags they carry.

export interface Tagged {
  readonly tag: number;
  readonly value: CborValue;
}
export type CborValue =
  | number | bigint | boolean | string | null | undefined | Uint8Array | readonly CborValue[] | ReadonlyMap<CborValue, CborValue>
  | Tagged; // biome-ignore format: a list

/** Deeper nesting is refused. */
const deepest = 32;

/** One value that fills `bytes`. @throws Error with the offset of what is wrong. */
export function readCbor(bytes: Uint8Array): CborValue {
  const reader = new CborReader(bytes);
  const value = reader.value(0);
  if (!reader.atEnd) throw reader.error("more bytes than one value");
  return value;
}

export const isTagged = (value: CborValue, tag: number): value is Tagged =>
  typeof value === "object" && value !== null && "tag" in value && value.tag === tag;

class CborReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get atEnd(): boolean {
    return this.#at === this.#bytes.length;
  }
  error(why: string): Error {
    return new Error(`CBOR broken at byte ${this.#at}: ${why}`);
  }

  value(depth: number): CborValue {
    if (depth > deepest) throw this.error(`nested deeper than ${deepest}`);
    const initial = this.#take(1)[0] as number;
    const [major, info] = [initial >> 5, initial & 31];
    if (major === 7) return this.#simple(info);
    const argument = this.#argument(info);
    if (major === 0) return argument;
    if (major === 1) return typeof argument === "bigint" ? -1n - argument : -1 - argument;
    const length = Number(argument);
    switch (major) {
      case 2:
        return this.#take(length);
      case 3:
        return new TextDecoder("utf-8", { fatal: true }).decode(this.#take(length));
      case 4:
        return this.#items(length, depth);
      case 5:
        return this.#map(length, depth);
      default:
        return { tag: length, value: this.value(depth + 1) };
    }
  }

  #argument(info: number): number | bigint {
    if (info < 24) return info;
    if (info === 24) return this.#number(1, (at) => this.#view.getUint8(at));
    if (info === 25) return this.#number(2, (at) => this.#view.getUint16(at));
    if (info === 26) return this.#number(4, (at) => this.#view.getUint32(at));
    if (info !== 27) throw this.error("a length that is not given beforehand");
    const value = this.#number(8, (at) => this.#view.getBigUint64(at));
    return value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
  }

  #simple(info: number): CborValue {
    if (info === 20 || info === 21) return info === 21;
    if (info === 22) return null;
    if (info === 23) return undefined;
    if (info === 25) return this.#number(2, (at) => this.#view.getFloat16(at));
    if (info === 26) return this.#number(4, (at) => this.#view.getFloat32(at));
    if (info === 27) return this.#number(8, (at) => this.#view.getFloat64(at));
    throw this.error(`simple value ${info}`);
  }

  #items(count: number, depth: number): CborValue[] {
    // Every item has a byte at least: what is announced beyond that is a lie.
    if (count > this.#bytes.length - this.#at) throw this.error(`${count} items in fewer bytes`);
    return Array.from({ length: count }, () => this.value(depth + 1));
  }

  #map(count: number, depth: number): ReadonlyMap<CborValue, CborValue> {
    const items = this.#items(2 * count, depth);
    return new Map(Array.from({ length: count }, (_, i) => [items[2 * i], items[2 * i + 1]] as const));
  }

  #take(length: number): Uint8Array {
    if (length > this.#bytes.length - this.#at) throw this.error(`${length} bytes wanted`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  #number<T>(size: number, read: (at: number) => T): T {
    this.#take(size);
    return read(this.#at - size);
  }
}
