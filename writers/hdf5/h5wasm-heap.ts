// SPDX-License-Identifier: MIT
// Memory inside the WebAssembly module, where HDF5 reads what it writes.

/** The parts of the module the heap needs. */
interface Memory {
  readonly HEAPU8: Uint8Array;
  _malloc(bytes: number): number;
  _free(pointer: number): void;
}

/** Lends memory for one call at a time: everything lent is free again at the next `lend`. */
export class Heap {
  readonly #module: Memory;
  #buffer = 0;
  #capacity = 0;

  constructor(module: Memory) {
    this.#module = module;
  }

  /** A pointer to at least `bytes` bytes. @throws RangeError when the module's 2 GiB cannot hold them. */
  lend(bytes: number): number {
    if (bytes <= this.#capacity) return this.#buffer;
    if (this.#buffer) this.#module._free(this.#buffer);
    this.#capacity = 0;
    this.#buffer = this.#module._malloc(bytes);
    if (!this.#buffer) throw new RangeError(`${bytes} bytes do not fit into the WebAssembly memory (2 GiB)`);
    this.#capacity = bytes;
    return this.#buffer;
  }

  /** Copies bytes in. */
  put(data: Uint8Array): bigint {
    const pointer = this.lend(Math.max(data.byteLength, 8));
    this.#module.HEAPU8.set(data, pointer);
    return BigInt(pointer);
  }

  /** Copies strings in, and an array of pointers to them, as HDF5 wants variable-length strings. */
  putStrings(strings: readonly string[]): bigint {
    const encoded = strings.map((string) => Buffer.from(`${string}\0`, "utf8"));
    const table = 4 * strings.length;
    const pointer = this.lend(encoded.reduce((sum, bytes) => sum + bytes.length, Math.max(table, 8)));
    const pointers = new DataView(this.#module.HEAPU8.buffer, pointer, table);
    let at = pointer + table;
    for (const [index, bytes] of encoded.entries()) {
      pointers.setUint32(4 * index, at, true);
      this.#module.HEAPU8.set(bytes, at);
      at += bytes.length;
    }
    return BigInt(pointer);
  }
}
