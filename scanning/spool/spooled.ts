// SPDX-License-Identifier: MIT
// A sink that may be away: a scan that begins then is refused, before anything moves; one that runs goes on, is kept in a
// local file, and is delivered when the sink is there again. Nothing is lost.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { ScanCreated, ScanSink, Sink } from "../events.ts";
import { Delivery } from "./delivery.ts";
import { Journal } from "./journal.ts";
import { bounded, deliverLeft, nameOf } from "./leftovers.ts";

export interface SpoolOptions {
  /** What the sink is, for messages: "the data stream". */
  readonly what: string;
  /** Where scans are kept that could not be delivered yet; one folder a sink. */
  readonly folder: string;
  /** Milliseconds without an answer before a scan no longer waits; default 5000. */
  readonly patience?: number;
  readonly warn?: (message: string) => void;
  /** Bytes a scan may take in memory before it is kept in a file; default 4 MB. */
  readonly memory?: number;
  /** Bytes of a running scan that are kept after they were delivered, to deliver it again as a whole; default 256 MB. */
  readonly most?: number;
}
export interface SpooledSink extends Sink, AsyncDisposable {
  /** Delivers scans that an earlier process has left. @returns how many; those that fail stay */
  deliverLeft(): Promise<number>;
}

export function spooled(sink: Sink, options: SpoolOptions): SpooledSink {
  const { what, folder, patience = 5000, memory = 4e6, most = 256e6 } = options;
  const warn = options.warn ?? ((message) => process.emitWarning(message, "ScanWarning"));
  const closing = new AbortController();
  const open = new Set<Delivery>();
  const refusal = new Error(
    `${what} has not answered for ${patience / 1000} s: the scan is refused, nothing has moved`,
  );
  const opened = (created: ScanCreated) => bounded(sink.open(created), patience, refusal);

  const leftovers = { folder, what, warn, open: opened, patience };
  return {
    async open(created) {
      await mkdir(folder, { recursive: true });
      const to = await opened(created);
      const path = join(folder, nameOf(created));
      const delivery = new Delivery(to, new Journal(created, { path, memory, most }), {
        ...{ what, patience, warn, giveUp: closing.signal },
        reopen: () => opened(created),
      });
      open.add(delivery);
      return {
        get key() {
          return delivery.key;
        },
        write: (events) => delivery.write(events),
        async [Symbol.asyncDispose]() {
          await delivery[Symbol.asyncDispose]();
          if (delivery.finished) open.delete(delivery);
          else void delivery.finish().then(() => open.delete(delivery));
        },
      } satisfies ScanSink;
    },
    deliverLeft: () => deliverLeft(leftovers),
    /** Waits a last time for what is not delivered; what stays is named. */
    async [Symbol.asyncDispose]() {
      const timer = setTimeout(() => closing.abort(new Error("the session ends")), open.size > 0 ? patience : 0);
      await Promise.all([...open].map((delivery) => delivery.finish()));
      clearTimeout(timer);
      closing.abort(new Error("the session ends"));
    },
  };
}
