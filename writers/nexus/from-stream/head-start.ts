// SPDX-License-Identifier: MIT
// Reading a scan's streams before its files are open: the two go on at the same time, in two programs and two threads.
import { Cursor } from "../../stream/read/follow.ts";
import { lookPeriod, type StoredScan } from "../../stream/read/stored-scan.ts";
import type { AnyStream } from "../../stream/read/stream-kinds.ts";
import type { View } from "../../stream/read/view.ts";

type Views = ReadonlyMap<string, View>;

export class HeadStart implements Disposable {
  readonly #scan: StoredScan;
  readonly #streams: readonly AnyStream[];
  readonly #signal: AbortSignal | undefined;
  readonly #stop = new AbortController();
  readonly #cursor: Cursor;
  readonly #first: Promise<Views>;

  /** Begins with the first points of all streams, of which there is one at least: most scans are written from there. */
  constructor(scan: StoredScan, streams: readonly AnyStream[], signal: AbortSignal | undefined) {
    this.#scan = scan;
    this.#streams = streams;
    this.#signal = signal;
    this.#cursor = new Cursor(streams);
    const stop = signal ? AbortSignal.any([this.#stop.signal, signal]) : this.#stop.signal;
    this.#first = this.#cursor.read({ signal: stop, timeout: lookPeriod });
    this.#first.catch(() => {});
  }

  /**
   * The points of all streams as they come, until they end, from those on that each stream still needs.
   * @throws ScanNotFound when the scan is deleted meanwhile: its streams may have no end then
   */
  async *follow(needed: ReadonlyMap<string, number>): AsyncGenerator<Views> {
    const fromStart = [...needed.values()].every((point) => point === 0);
    if (!fromStart) this[Symbol.dispose]();
    const from = (stream: { readonly name: string }) => needed.get(stream.name) ?? 0;
    const cursor = fromStart ? this.#cursor : new Cursor(this.#streams, { from });
    const next = () => cursor.read({ signal: this.#signal, timeout: lookPeriod });
    for (let views = await (fromStart ? this.#first : next()); ; views = await next()) {
      if (views.size > 0) yield views;
      if (cursor.ended) return;
      if (views.size === 0) await this.#scan.checkPresent({ signal: this.#signal });
    }
  }

  [Symbol.dispose](): void {
    this.#stop.abort(new Error("nobody reads on"));
  }
}
