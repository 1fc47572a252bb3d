// SPDX-License-Identifier: MIT
// Data on its way to the worker thread goes through memory that both threads see and that is used again: one copy, where a
// message would be copied twice into memory that the system must first make.
import type { Operation } from "./port.ts";

const smallestBlock = 64 << 10;
/** Free memory that is kept. */
const mostFree = 64 << 20;
/** Less than this is quicker in the message itself. */
const fewBytes = 4 << 10;
/** From this size on an operation has a block to itself, which the next of its kind uses again; smaller ones share one. */
const ownBlock = 512 << 10;

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
    const memoryOf = (bytes: number): ArrayBufferLike => {
      if (bytes < fewBytes) return new ArrayBuffer(bytes);
      const block = this.#take(bytes);
      blocks.push(block);
      return block;
    };
    const pieces = operations.map((operation) => piecesOf(operation, transfer));
    const lengths = pieces.map((all) => Math.ceil(sizeOf(all) / 8) * 8);
    const small = lengths.filter((length) => length < ownBlock);
    const common = memoryOf(small.reduce((sum, length) => sum + length, 0));
    let at = 0;
    const shipped = operations.map((operation, index): Operation => {
      const [all = [], length = 0] = [pieces[index], lengths[index]];
      if (!all.length) return operation;
      const { more: _, ...rest } = { more: [], ...operation };
      const data = length < ownBlock ? gather(all, common, at) : gather(all, memoryOf(length), 0);
      if (length < ownBlock) at += length;
      return { ...rest, data } as Operation;
    });
    return { operations: shipped, blocks };
  }

  giveBack({ blocks }: Shipment): void {
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

/** The bytes of an operation that must be copied. */
function piecesOf(operation: Operation, transfer: readonly ArrayBuffer[]): readonly Uint8Array[] {
  if (operation.do !== "rows" && operation.do !== "chunk") return [];
  const { data, more } = { more: [], ...operation };
  if (!(data instanceof Uint8Array)) return [];
  const given = data.buffer instanceof SharedArrayBuffer || transfer.includes(data.buffer);
  return given && more.length === 0 ? [] : [data, ...more];
}

/** The pieces one after the other, from `start` on. */
function gather(pieces: readonly Uint8Array[], memory: ArrayBufferLike, start: number): Uint8Array {
  const all = new Uint8Array(memory, start, sizeOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.byteLength;
  }
  return all;
}

const sizeOf = (pieces: readonly Uint8Array[]): number => pieces.reduce((sum, { byteLength }) => sum + byteLength, 0);
