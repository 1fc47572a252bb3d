// SPDX-License-Identifier: MIT
// Several sinks as one: a scan goes to the data stream and to a file.
import type { ScanCreated, ScanEvent, ScanSink, Sink } from "./events.ts";

/**
 * Every event goes to each of `sinks`; a batch is done when all have taken it. A sink that refuses a scan refuses it for all,
 * and those that opened it already are closed. The key is the first one that a sink gives.
 */
export function sinksTogether(...sinks: readonly Sink[]): Sink {
  return {
    async open(created: ScanCreated): Promise<ScanSink> {
      await using opened = new AsyncDisposableStack();
      const all: ScanSink[] = [];
      for (const sink of sinks) all.push(opened.use(await sink.open(created)));
      const owned = opened.move();
      return {
        get key() {
          return all.find((sink) => sink.key !== undefined)?.key;
        },
        write: async (events: readonly ScanEvent[]) => {
          const results = await Promise.allSettled(all.map((sink) => sink.write(events)));
          const failed = results.find((result) => result.status === "rejected");
          if (failed) throw failed.reason;
        },
        [Symbol.asyncDispose]: () => owned.disposeAsync(),
      };
    },
  };
}
