// SPDX-License-Identifier: MIT
// All columns of a running scan: how many points are complete, who waits for the next, what is derived from them.
import { BlockColumn, type Column, ListColumn, NumberColumn, ProgressColumn } from "./column.ts";
import { nearest } from "./errors.ts";
import type { Channel } from "./events.ts";

/** Numbers kept a channel: all of a finite scan, the newest of an endless one. */
const numbersKept = 1 << 20;
/** Spectra, images and varying shapes kept a channel, to look at. */
const arraysKept = 8;

export class Recorder {
  readonly channels: Channel[];
  readonly columns: Column[] = [];
  /** Called when points were added, before anyone is told: calculated channels add theirs here. */
  readonly derive: (() => void)[] = [];
  /** Called after points were added. */
  changed: () => void = () => {};
  #waiting: (() => void)[] = [];
  #ended = false;

  constructor(channels: readonly Channel[], points: number) {
    this.channels = [...channels];
    for (const channel of channels) this.columns.push(columnFor(channel, points));
  }

  /** The final shape of a channel, known only once its device is prepared. */
  reshape(index: number, channel: Channel, points: number): void {
    this.channels[index] = channel;
    this.columns[index] = columnFor(channel, points);
  }

  /** Points that every channel has. */
  get complete(): number {
    let least = Number.POSITIVE_INFINITY;
    for (const { count } of this.columns) if (count < least) least = count;
    return least === Number.POSITIVE_INFINITY ? 0 : least;
  }
  /** Points of the channel that has most of them to be sent. */
  get pending(): number {
    let most = 0;
    for (const column of this.columns) if (column.pending > most) most = column.pending;
    return most;
  }
  get ended(): boolean {
    return this.#ended;
  }

  /** To be called after values were added: once a point, not once a value. */
  notify(): void {
    for (const derive of this.derive) derive();
    this.changed();
    if (this.#waiting.length > 0) this.#wake();
  }
  end(): void {
    this.#ended = true;
    this.#wake();
  }
  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resume of waiting) resume();
  }
  /** Resolves at the next `notify`, or at once when the scan has ended. */
  next(): Promise<void> {
    return this.#ended ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }
}

function columnFor(channel: Channel, points: number): Column {
  if (channel.encoding === "images") return new ProgressColumn();
  if (channel.encoding !== "numeric") return new ListColumn(channel.dim === 0 ? 1024 : arraysKept);
  if (channel.dim === 0) return new NumberColumn(channel.dtype, points, numbersKept);
  return new BlockColumn(
    channel.shape.reduce((product, n) => product * n, 1),
    arraysKept,
  );
}

/** A channel's name, or its fullname where another has the same. */
export function shortNames({ channels }: Recorder): string[] {
  const uses = Map.groupBy(channels, ({ name }) => name);
  return channels.map(({ name, fullname }) => (uses.get(name)!.length === 1 ? name : fullname));
}

/** All complete numbers of a channel, by its short name or fullname. @throws RangeError with the nearest name */
export function numbersOf(recorder: Recorder | undefined, names: readonly string[], name: string): Float64Array {
  const channels = recorder?.channels ?? [];
  const column = recorder?.columns[channels.findIndex(({ fullname }, i) => fullname === name || names[i] === name)];
  if (column instanceof NumberColumn) return column.kept().values.subarray(0, recorder!.complete);
  const near = nearest(name, [...names, ...channels.map(({ fullname }) => fullname)]);
  throw new RangeError(`no channel of numbers named ${name} in the scan${near ? `; did you mean ${near}?` : ""}`);
}
