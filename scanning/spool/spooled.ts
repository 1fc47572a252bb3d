// SPDX-License-Identifier: MIT
// A sink that may be away: a scan that begins then is refused, before anything moves; one that runs goes on, is kept in a
// local file, and is delivered when the sink is there again. Nothing is lost.
import { randomUUID } from "node:crypto";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ScanCreated, ScanSink, Sink } from "../events.ts";
import { Delivery } from "./delivery.ts";
import { Journal, withKept } from "./journal.ts";

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

const extension = ".scan";

export function spooled(sink: Sink, options: SpoolOptions): SpooledSink {
  const { what, folder, patience = 5000, memory = 4e6, most = 256e6 } = options;
  const warn = options.warn ?? ((message) => process.emitWarning(message, "ScanWarning"));
  const closing = new AbortController();
  const open = new Set<Delivery>();
  const refusal = new Error(
    `${what} has not answered for ${patience / 1000} s: the scan is refused, nothing has moved`,
  );
  const opened = (created: ScanCreated) => bounded(sink.open(created), patience, refusal);

  const deliverOne = async (path: string): Promise<void> => {
    await withKept(path, async ({ created, whole, batches }) => {
      if (!whole)
        throw new Error(`only the end of scan ${created.identity.number}: its beginning was delivered before`);
      await using to = await opened(created);
      for await (const batch of batches) await bounded(to.write(batch), patience, new Error("it does not answer"));
    });
    await rm(path);
  };
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
        ...(delivery.key !== undefined && { key: delivery.key }),
        write: (events) => delivery.write(events),
        async [Symbol.asyncDispose]() {
          await delivery[Symbol.asyncDispose]();
          if (delivery.finished) open.delete(delivery);
          else void delivery.finish().then(() => open.delete(delivery));
        },
      } satisfies ScanSink;
    },
    async deliverLeft() {
      const files = await readdir(folder).catch(() => [] as string[]);
      let delivered = 0;
      for (const file of files.filter((name) => name.endsWith(extension)).toSorted()) {
        const path = join(folder, file);
        if (isOfRunning(file)) continue;
        try {
          await deliverOne(path);
          delivered++;
        } catch (error) {
          warn(`${path} could not be delivered to ${what}: ${error instanceof Error ? error.message : error}`);
        }
      }
      return delivered;
    },
    /** Waits a last time for what is not delivered; what stays is named. */
    async [Symbol.asyncDispose]() {
      const timer = setTimeout(() => closing.abort(new Error("the session ends")), open.size > 0 ? patience : 0);
      await Promise.all([...open].map((delivery) => delivery.finish()));
      clearTimeout(timer);
      closing.abort(new Error("the session ends"));
    },
  };
}

/** `20261124T130501-412-3f2a9c-ascan.scan`: time, process, and what it is. */
const nameOf = ({ identity }: ScanCreated): string => {
  const time = new Date().toISOString().replace(/[-:]|\..*/g, "");
  return `${time}-${process.pid}-${randomUUID().slice(0, 6)}-${identity.name.replace(/\W/g, "_")}${extension}`;
};

/** Whether the process that keeps it is alive: it delivers it itself. */
function isOfRunning(file: string): boolean {
  const pid = Number(file.split("-")[1]);
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A promise that is given up after a while; what comes later is released. */
async function bounded<T>(work: Promise<T>, milliseconds: number, why: Error): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    work.then((value) => (value as Partial<AsyncDisposable> | undefined)?.[Symbol.asyncDispose]?.()).catch(() => {});
    reject(why);
  }, milliseconds);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
