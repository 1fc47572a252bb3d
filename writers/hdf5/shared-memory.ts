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
  readonly block: SharedArrayBuffer | undefined;
}

export class SharedMemory {
  readonly #free: SharedArrayBuffer[] = [];
  #freeBytes = 0;

  /** Data that is in shared memory already, or in a buffer that is given away (`transfer`), goes as it is. */
  ship(operations: readonly Operation[], transfer: readonly ArrayBuffer[]): Shipment {
    const pieces = operations.map((operation) => piecesOf(operation, transfer));
    const lengths = pieces.map((all) => Math.ceil(sizeOf(all) / 8) * 8);
    const bytes = lengths.reduce((sum, length) => sum + length, 0);
    const block = bytes < fewBytes ? undefined : this.#take(bytes);
    const memory = block ?? new ArrayBuffer(bytes);
    let at = 0;
    const shipped = operations.map((operation, index): Operation => {
      if (!pieces[index]?.length) return operation;
      const { more: _, ...rest } = { more: [], ...operation };
      const data = gather(pieces[index], memory, at);
      at += lengths[index] ?? 0;
      return { ...rest, data } as Operation;
    });
    return { operations: shipped, block };
  }

  giveBack({ block }: Shipment): void {
    if (!block || this.#freeBytes + block.byteLength > mostFree) return;
    this.#free.push(block);
    this.#freeBytes += block.byteLength;
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
