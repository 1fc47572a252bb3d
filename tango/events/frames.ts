// SPDX-License-Identifier: MIT
// The four frames of an event: topic, byte order, call information, data (section 4 of Tango's event facts).
import { Buffer } from "node:buffer";
import type { Codec } from "../cdr/index.ts";
import { Writer } from "../cdr/index.ts";

/** 1: the call information and the data are little endian. */
export const littleEndianFrame: Uint8Array = Uint8Array.of(1);

/** ZmqCallInfo with an empty method name and object id, as every server sends it. */
export function callInfoFrame(counter: number, isError: boolean): Uint8Array {
  const frame = Buffer.alloc(21);
  frame.writeInt32LE(1, 0);
  frame.writeUInt32LE(counter >>> 0, 4);
  frame.writeInt32LE(1, 8);
  frame[20] = isError ? 1 : 0;
  return frame;
}

/** In front of the data: 4 bytes, for pipes 8; alignment counts from behind them. */
const PAD = Uint8Array.of(0xc0, 0xde, 0xc0, 0xde);

/** Makes data frames. Small ones share memory, so that thousands may wait for a subscriber. */
export class DataFrames {
  readonly #one = new Writer({ origin: 4 });
  readonly #two = new Writer({ origin: 8 });

  /** @throws MarshalError when the value is not the codec's. */
  make<T>(codec: Codec<T>, value: T, pads: 1 | 2 = 1): Uint8Array {
    const writer = pads === 1 ? this.#one : this.#two;
    try {
      for (let pad = 0; pad < pads; pad++) writer.block(PAD);
      codec.write(writer, value);
    } catch (error) {
      writer.discard();
      throw error;
    }
    // Big arrays are the device's own memory, which may change before the event has gone: they are copied here.
    const [first, ...more] = writer.take();
    return first && more.length === 0 ? first : Buffer.concat(first ? [first, ...more] : []);
  }
}
