// SPDX-License-Identifier: MIT
// The frames of an event as a subscriber receives them.
import type { Codec } from "../cdr/index.ts";
import { MarshalError, Reader } from "../cdr/index.ts";
import { ZmqCallInfo } from "../idl/index.ts";
import type { Frame } from "./zmtp/frame-stream.ts";
import type { Frames } from "./zmtp/topics.ts";

export interface EventMessage {
  /** Counts the messages of this topic; 1 after the server's start. */
  readonly counter: number;
  /** True when the data are a list of errors. */
  readonly isError: boolean;
  readonly littleEndian: boolean;
  readonly data: Frame;
}

/** @throws MarshalError when the frames are not those of an event. */
export function readEventMessage(frames: Frames): EventMessage {
  const [, order, info, data] = frames;
  if (!order || order.end === order.start || !info || !data) {
    throw new MarshalError(`an event has 4 frames, not ${frames.length}`, 0);
  }
  const littleEndian = order.bytes[order.start] === 1;
  const { ctr, call_is_except } = ZmqCallInfo.read(readerOf(info, littleEndian, 0));
  return { counter: ctr, isError: call_is_except, littleEndian, data };
}

/** The data of an event: behind 4 bytes, for pipes 8, whatever is in them. Alignment counts from there. */
export const eventData = <T>(codec: Codec<T>, { data, littleEndian }: EventMessage, pads: 1 | 2 = 1): T =>
  codec.read(readerOf(data, littleEndian, 4 * pads));

const readerOf = ({ bytes, start, end }: Frame, littleEndian: boolean, skipped: number): Reader =>
  new Reader(bytes, { littleEndian, offset: start + skipped, origin: start + skipped, end });

/** What the counter of a message says: it is the one after the last, one that came before, or some are missing. */
export type Succession = "next" | "repeated" | { readonly missed: number };

/** Judges the counters of one topic, from the first message after a subscription on. */
export class MessageCounter {
  #last: number | undefined;
  #isRepeated = false;

  next(counter: number): Succession {
    const last = this.#last;
    this.#last = counter;
    if (counter === last) return this.#repeated();
    this.#isRepeated = false;
    // Below the last: the server counts anew.
    if (last === undefined || counter < last) return "next";
    return counter - last > 1 ? { missed: counter - last - 1 } : "next";
  }

  /** Servers send a message twice to new clients, which may be still connecting. Never three times. */
  #repeated(): Succession {
    const again = this.#isRepeated;
    this.#isRepeated = !again;
    return again ? "next" : "repeated";
  }
}
