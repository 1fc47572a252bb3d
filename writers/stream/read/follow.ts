// SPDX-License-Identifier: MIT
// Following streams as they grow: one waiting read for any number of them.
import type { Connection } from "../connection.ts";
import type { DataEntry } from "../encoding.ts";
import { dataEntry, type FoundEntry, isSeal, rawEntries } from "../entries.ts";
import type { FoundEntries } from "../entry-parser.ts";
import type { DataStream } from "./data-stream.ts";
import { type Feed, newestOnly } from "./feed.ts";
import type { FollowOptions, ReadOptions, View } from "./view.ts";

/** Entries of one stream read at once: more while they are small, fewer when they are large. */
const fewestEntries = 4;
const mostEntries = 512;
/** Bytes that one read should bring. */
const bytesAtOnce = 4 << 20;

/** A place in each of several streams. */
export class Cursor {
  readonly #connection: Connection;
  readonly #streams: ReadonlyMap<string, { stream: DataStream; feed: Feed }>;
  readonly #last: boolean;
  #started: boolean;
  #entriesAtOnce = 64;

  /** `from` may differ from stream to stream. */
  constructor(
    streams: Iterable<DataStream>,
    {
      from = 0,
      last = false,
    }: { readonly from?: number | ((stream: DataStream) => number); readonly last?: boolean } = {},
  ) {
    const all = [...streams];
    const [first] = all;
    if (!first) throw new RangeError("a cursor needs one stream at least");
    this.#connection = first.events.connection;
    const start = (stream: DataStream) => (typeof from === "number" ? from : from(stream));
    this.#streams = new Map(all.map((stream) => [stream.events.key, { stream, feed: stream.feed(start(stream)) }]));
    this.#last = last;
    this.#started = !last && all.every((stream) => start(stream) === 0);
  }

  /** Whether all streams have ended and were read. */
  get ended(): boolean {
    return [...this.#streams.values()].every(({ feed }) => feed.ended);
  }

  /** What is new, by name of the stream; empty when the time is over or all have ended. Waits until there is something. */
  async read({ signal, timeout }: ReadOptions = {}): Promise<ReadonlyMap<string, View>> {
    const deadline = timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + timeout;
    for (;;) {
      const left = Math.max(0, deadline - performance.now());
      const views = this.#started ? await this.#next(left, signal) : await this.#start(signal);
      if (views.size > 0 || this.ended || (this.#started && performance.now() >= deadline)) return views;
    }
  }

  /** The first read: the entry a place lies in the middle of, or the newest ones. */
  async #start(signal: AbortSignal | undefined): Promise<ReadonlyMap<string, View>> {
    this.#started = true;
    const open = [...this.#streams];
    const answers = await this.#connection.pipeline(
      open.map(([key, { feed }]) => ["XREVRANGE", key, this.#last ? "+" : `${feed.next}-1`, "-", "COUNT", 2]),
      { signal },
    );
    const found = new Map<string, readonly FoundEntry[]>();
    for (const [index, [key]] of open.entries()) {
      const answer = answers[index];
      if (answer instanceof Error) throw answer;
      found.set(key, rawEntries(answer ?? null).reverse());
    }
    return this.#take(found, signal);
  }

  async #next(left: number, signal: AbortSignal | undefined): Promise<ReadonlyMap<string, View>> {
    const open = [...this.#streams].filter(([, { feed }]) => !feed.ended);
    if (open.length === 0) return new Map();
    const places = new Map(open.map(([key, { feed }]) => [key, String(feed.next)]));
    const count = this.#entriesAtOnce;
    return this.#take(await this.#connection.wait(places, { count, timeout: left, signal }), signal);
  }

  async #take(found: FoundEntries, signal: AbortSignal | undefined): Promise<ReadonlyMap<string, View>> {
    const views = new Map<string, View>();
    let bytes = 0;
    let most = 0;
    for (const [key, entries] of found) {
      const { stream, feed } = this.#streams.get(key)!;
      const read = entries.map(dataEntry);
      const data = read.filter((entry): entry is DataEntry => !isSeal(entry));
      for (const { payload } of data) bytes += payload.length;
      most = Math.max(most, entries.length);
      const view = await feed.take(data, { signal });
      if (view) views.set(stream.name, this.#last ? newestOnly(view) : view);
      // Points that a file gave come before the rest of this answer, which is then read again.
      const complete = data.length === 0 || feed.next >= data.at(-1)!.index + data.at(-1)!.length;
      if (data.length < read.length && complete) feed.ended = true;
    }
    this.#adapt(bytes, most);
    return views;
  }

  #adapt(bytes: number, entries: number): void {
    if (bytes > bytesAtOnce) this.#entriesAtOnce = Math.max(fewestEntries, this.#entriesAtOnce >> 1);
    else if (entries >= this.#entriesAtOnce && bytes < bytesAtOnce / 4)
      this.#entriesAtOnce = Math.min(mostEntries, this.#entriesAtOnce << 1);
  }
}

/** The points of a stream as they come, until it ends. */
export async function* followStream(stream: DataStream, options: FollowOptions = {}): AsyncGenerator<View> {
  for await (const views of followStreams([stream], options)) yield views.get(stream.name)!;
}

/** The points of several streams as they come, by name, until all have ended. */
export async function* followStreams(
  streams: Iterable<DataStream>,
  { signal, timeout, ...place }: FollowOptions = {},
): AsyncGenerator<ReadonlyMap<string, View>> {
  const cursor = new Cursor(streams, place);
  while (!cursor.ended) {
    const views = await cursor.read({ signal, timeout });
    if (views.size > 0) yield views;
    else if (!cursor.ended) throw new DOMException(`nothing new within ${timeout} ms`, "TimeoutError");
  }
}
