// SPDX-License-Identifier: MIT
// Scans that an earlier process could not deliver, each in a file of its own.
import { randomUUID } from "node:crypto";
import { readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ScanCreated, ScanSink } from "../events.ts";
import { withKept } from "./journal.ts";

export interface Leftovers {
  readonly folder: string;
  /** Of the sink, for messages. */
  readonly what: string;
  readonly open: (created: ScanCreated) => Promise<ScanSink>;
  /** Milliseconds for one answer of the sink. */
  readonly patience: number;
  readonly warn: (message: string) => void;
}

const extension = ".scan";

/** `20261124T130501-412-3f2a9c-ascan.scan`: time, process, and what it is. */
export function nameOf({ identity }: ScanCreated): string {
  const time = new Date().toISOString().replace(/[-:]|\..*/g, "");
  return `${time}-${process.pid}-${randomUUID().slice(0, 6)}-${identity.name.replace(/\W/g, "_")}${extension}`;
}

/** @returns how many were delivered; those that fail stay, and are named */
export async function deliverLeft(leftovers: Leftovers): Promise<number> {
  const { folder, what, warn } = leftovers;
  const files = await readdir(folder).catch(() => [] as string[]);
  let delivered = 0;
  for (const file of files.filter((name) => name.endsWith(extension)).toSorted()) {
    const pid = Number(file.split("-")[1]);
    if (isRunning(pid)) continue; // it delivers it itself
    // Under our name no other process takes it too.
    const [path, ours] = [join(folder, file), join(folder, file.replace(`-${pid}-`, `-${process.pid}-`))];
    try {
      await rename(path, ours);
    } catch {
      continue; // another one was first
    }
    try {
      await deliver(ours, leftovers);
      delivered++;
    } catch (error) {
      await rename(ours, path);
      warn(`${path} could not be delivered to ${what}: ${error instanceof Error ? error.message : error}`);
    }
  }
  return delivered;
}

async function deliver(path: string, { open, patience }: Leftovers): Promise<void> {
  await withKept(path, async ({ created, whole, batches }) => {
    if (!whole) throw new Error(`only the end of scan ${created.identity.number}: its beginning was delivered before`);
    await using to = await open(created);
    for await (const batch of batches) await bounded(to.write(batch), patience, new Error("it does not answer"));
  });
  await rm(path);
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** A promise that is given up after a while; what comes later is released. @throws `why` */
export async function bounded<T>(work: Promise<T>, milliseconds: number, why: Error): Promise<T> {
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
