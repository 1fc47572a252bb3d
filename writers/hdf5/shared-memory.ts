// SPDX-License-Identifier: MIT
// Data on its way to the worker thread goes through memory that both threads see and that is used again: one copy, where a
// message would be copied twice into memory that the system must first make.
import type { Operation } from "./port.ts";

const smallestBlock = 64 << 10;
/** Free memory that is kept. */
const mostFree = 64 << 20;
/** Less than this is quicker in the message itself. */
const fewBytes = 4 << 10;

/** Operations as they are sent, and the memory to give back when they are done. */
export interface Shipment {
  readonly operations: readonly Operation[];
  readonly blocks: readonly SharedArrayBuffer[];
}

export class SharedMemory {
  readonly #free: SharedArrayBuffer[] = [];
  #freeBytes = 0;

  /** Data that is in shared memory already, or in a buffer that is given away (`transfer`), goes as it is. */
  ship(operations: readonly Operation[], transfer: readonly ArrayBuffer[]): Shipment {
    const blocks: SharedArrayBuffer[] = [];
    const shipped = operations.map((operation): Operation => {
      if (operation.do !== "rows" && operation.do !== "chunk") return operation;
      const { data, more, ...rest } = { more: [], ...operation };
      if (!(data instanceof Uint8Array)) return operation;
      const given = transfer.includes(data.buffer as ArrayBuffer) || data.buffer instanceof SharedArrayBuffer;
      if (given && more.length === 0) return operation;
      return { ...rest, data: this.#gather([data, ...more], blocks) } as Operation;
    });
    return { operations: shipped, blocks };
  }

  #gather(pieces: readonly Uint8Array[], blocks: SharedArrayBuffer[]): Uint8Array {
    const bytes = pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
    const block = bytes < fewBytes ? new ArrayBuffer(bytes) : this.#take(bytes);
    if (block instanceof SharedArrayBuffer) blocks.push(block);
    const all = new Uint8Array(block, 0, bytes);
    let at = 0;
    for (const piece of pieces) {
      all.set(piece, at);
      at += piece.byteLength;
    }
    return all;
  }

  giveBack(blocks: readonly SharedArrayBuffer[]): void {
    for (const block of blocks) {
      if (this.#freeBytes + block.byteLength > mostFree) return;
      this.#free.push(block);
      this.#freeBytes += block.byteLength;
    }
  }

  /** A block of at least that size: a free one that is not much too large, or a new one. */
  #take(bytes: number): SharedArrayBuffer {
    const size = Math.max(smallestBlock, 2 ** Math.ceil(Math.log2(bytes)));
    const found = this.#free.findLastIndex(({ byteLength }) => byteLength === size);
    const [block = new SharedArrayBuffer(size)] = found < 0 ? [] : this.#free.splice(found, 1);
    if (found >= 0) this.#freeBytes -= size;
    return block;
  }
}
