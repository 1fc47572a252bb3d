// SPDX-License-Identifier: MIT
// Between the answer to a subscription and the arrival of its filter at the socket ZeroMQ sends a subscriber nothing. What is
// pushed meanwhile is kept here for a while, and goes when the filter arrives.
import { Buffer } from "node:buffer";

export interface JoiningOptions {
  /** Milliseconds a filter is waited for. */
  readonly patience: number;
  /** Messages kept for each topic, and bytes for all of them; the oldest go first. */
  readonly messages: number;
  readonly bytes: number;
  readonly send: (frames: Uint8Array[]) => void;
}

interface Expected {
  readonly topic: string;
  /** How many filters are on their way, and when they are waited for no longer: steady milliseconds. */
  awaited: number;
  until: number;
  /** Somebody listens to the topic already: messages go at once, and the last again to who comes. */
  isHeard: boolean;
  kept: Uint8Array[][];
}

/** No topic is as long: whoever asks for more asks for nothing. */
const LONGEST_FILTER = 4096;

const sizeOf = (frames: readonly Uint8Array[]) => frames.reduce((sum, { length }) => sum + length, 0);

export class Joining {
  readonly #options: JoiningOptions;
  readonly #now: () => number;
  /** What subscribers have asked the socket for, and how many of them: beginnings of topics. */
  readonly #filters = new Map<string, number>();
  /** By topic; those waited for longest come last. */
  readonly #expected = new Map<string, Expected>();
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: JoiningOptions, now: () => number = () => performance.now()) {
    this.#options = options;
    this.#now = now;
  }

  /** Bytes kept now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Somebody has subscribed: its filter for the topic is on its way. */
  expect(topic: string): void {
    const fresh = { topic, awaited: 0, until: 0, isHeard: this.#isHeard(topic), kept: [] };
    const expected = this.#expected.get(topic) ?? fresh;
    expected.awaited++;
    expected.until = this.#now() + this.#options.patience;
    this.#expected.delete(topic);
    this.#expected.set(topic, expected);
    this.#timer ??= setTimeout(() => this.#lapse(), this.#options.patience).unref();
  }

  /** A subscriber has asked the socket for topics that begin so, or asks for them no longer. */
  filter(beginning: string, isWanted: boolean): void {
    if (beginning.length > LONGEST_FILTER) return;
    const count = (this.#filters.get(beginning) ?? 0) + (isWanted ? 1 : -1);
    if (count > 0) this.#filters.set(beginning, count);
    else this.#filters.delete(beginning);
    if (this.#expected.size === 0) return;
    const exact = this.#expected.get(beginning);
    const touched = exact ? [exact] : [...this.#expected.values()].filter(({ topic }) => topic.startsWith(beginning));
    for (const expected of touched) {
      if (isWanted) this.#arrived(expected);
      else expected.isHeard = this.#isHeard(expected.topic);
    }
  }

  /** Sends a message, or keeps it. `copies`: 2 for a client that may be connecting still. */
  send(frames: Uint8Array[], copies: 1 | 2 = 1): void {
    const [topic] = frames;
    const expected =
      this.#expected.size > 0 && topic ? this.#expected.get(Buffer.from(topic).toString("latin1")) : undefined;
    if (expected?.isHeard === false) {
      for (let copy = 0; copy < copies; copy++) this.#keep(expected, frames);
      return;
    }
    this.#options.send(frames);
    if (expected) {
      this.#drop(expected);
      this.#keep(expected, frames);
    } else if (copies === 2) this.#options.send(frames);
  }

  #arrived(expected: Expected): void {
    const { kept, isHeard } = expected;
    this.#drop(expected);
    expected.isHeard = true;
    for (const frames of kept) this.#options.send(frames);
    if (--expected.awaited <= 0) this.#expected.delete(expected.topic);
    // For the next to come. Never for a third time: that would be heard twice.
    else if (!isHeard) for (const frames of kept.slice(-1)) this.#keep(expected, frames);
  }

  #isHeard(topic: string): boolean {
    if (this.#filters.has(topic)) return true;
    for (let length = 0; length < topic.length; length++) {
      if (this.#filters.has(topic.slice(0, length))) return true;
    }
    return false;
  }

  #keep(expected: Expected, frames: Uint8Array[]): void {
    const { messages, bytes } = this.#options;
    const { kept } = expected;
    const size = sizeOf(frames);
    while (kept.length > 0 && (kept.length >= messages || this.#bytes + size > bytes)) {
      this.#bytes -= sizeOf(kept.shift() ?? []);
    }
    if (this.#bytes + size > bytes) return;
    this.#bytes += size;
    kept.push(frames);
  }

  #drop(expected: Expected): void {
    for (const frames of expected.kept) this.#bytes -= sizeOf(frames);
    expected.kept = [];
  }

  /** Those that never came are waited for no longer. */
  #lapse(): void {
    this.#timer = undefined;
    const now = this.#now();
    for (const expected of this.#expected.values()) {
      if (expected.until > now) {
        this.#timer = setTimeout(() => this.#lapse(), expected.until - now).unref();
        return;
      }
      this.#drop(expected);
      this.#expected.delete(expected.topic);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#expected.clear();
    this.#bytes = 0;
  }
}
