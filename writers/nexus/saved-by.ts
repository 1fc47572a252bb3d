// SPDX-License-Identifier: MIT
// Scans whose files another program writes (a BlissWriter device): it is asked before anything moves, and the scan ends when
// its file is complete, or says that it is not yet.
import { setTimeout as delay } from "node:timers/promises";
import type { ScanSink, Sink } from "../../scanning/index.ts";
import type { WritingState } from "./from-stream/service.ts";

/** Who writes the files of published scans. `devices/scan-writer.ts` makes one of a BlissWriter device. */
export interface ScanFileWriter {
  /** For messages: the device's name. */
  readonly name: string;
  /** Asks for a scan to be written. @returns false when it knows no scan of that key */
  save(key: string): Promise<boolean>;
  /** "UNKNOWN": it was not asked for the scan. */
  state(key: string): Promise<{ readonly state: WritingState | "UNKNOWN"; readonly reason: string }>;
}

export interface SavedByOptions {
  /** Milliseconds to wait for a complete file after the end of the scan. Default 10000. */
  readonly patience?: number;
  /** Told when a file is not complete, and why. Default: a process warning. */
  readonly warn?: (message: string) => void;
}

/** Milliseconds between two questions: short at first, most files are complete at once. */
const firstPause = 5;
const longestPause = 250;

/**
 * `sink` publishes (see `streamSink`), `writer` follows the same data stream. A writer that is away or stopped refuses the
 * scan; one that fails later costs the file, not the scan: the points are in the stream, `bandoneon writer repair` writes
 * them.
 */
export function savedBy(writer: ScanFileWriter, sink: Sink, options: SavedByOptions = {}): Sink {
  const { patience = 10_000, warn = (message) => process.emitWarning(message, "ScanWarning") } = options;
  return {
    async open(created) {
      await using opened = new AsyncDisposableStack();
      const scan = opened.use(await sink.open(created));
      const { key } = scan;
      if (key === undefined || created.identity.path === null || created.info.save === false) {
        opened.move();
        return scan;
      }
      if (!(await writer.save(key)))
        throw new Error(`${writer.name} knows no scan ${key}: it must follow the data stream the scan is published to`);
      opened.move();
      let closed = false;
      const complete = async () => {
        const trouble = await waitForFile(writer, key, patience);
        if (trouble)
          warn(
            `${created.identity.path}: ${trouble}. Its points are in the stream: \`bandoneon writer repair ${key}\``,
          );
      };
      return {
        key,
        write: async (events) => {
          await scan.write(events);
          closed ||= events.some(({ type }) => type === "closed");
        },
        ...(scan.intact && { intact: () => scan.intact?.() ?? Promise.resolve(true) }),
        async [Symbol.asyncDispose]() {
          await scan[Symbol.asyncDispose]();
          if (closed) await complete(); // else it was given up here, and is told elsewhere
        },
      } satisfies ScanSink;
    },
  };
}

/** @returns why the file is not complete, or undefined when it is */
async function waitForFile(writer: ScanFileWriter, key: string, patience: number): Promise<string | undefined> {
  const until = performance.now() + patience;
  for (let pause = firstPause; ; pause = Math.min(2 * pause, longestPause)) {
    const said = await writer.state(key).catch((error: Error) => error);
    if (said instanceof Error) return `${writer.name} does not answer (${said.message})`;
    const { state, reason } = said;
    if (state === "COMPLETE") return undefined;
    if (state === "FAILED") return `${writer.name} could not write it (${reason})`;
    if (state === "UNKNOWN") return `${writer.name} has forgotten the scan: it was started again`;
    if (performance.now() >= until) return `${writer.name} is not yet done after ${patience / 1000} s (${reason})`;
    await delay(Math.min(pause, Math.max(1, until - performance.now())));
  }
}
