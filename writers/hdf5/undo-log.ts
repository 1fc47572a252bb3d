// SPDX-License-Identifier: MIT
// HDF5 overwrites its tables in place, so a process that dies while it flushes leaves a file nobody can open. Before a
// byte that a reader could need is overwritten, its old content goes to `<file>.undo`; a completed flush empties that
// log. Whoever opens the file next puts the old bytes back, and has the file as it was at its last completed flush.
// The log saves from a process that dies, not from a machine that loses power: nothing waits for the disk.
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeSync,
} from "node:fs";
import { Hdf5Error } from "./port.ts";

const magic = Buffer.from("BANDUNDO");
/** Magic, process id (4 bytes), second in which it started (4), length of the file at the last flush (8). */
const headerSize = 24;
/** Position (8 bytes), length (4 bytes), then the old bytes. */
const recordSize = 12;

export const undoPath = (path: string): string => `${path}.undo`;

export class UndoLog {
  readonly #path: string;
  readonly #file: number;
  readonly #log: number;
  #end = headerSize;
  #kept = 0;

  /** Starts a log for a file that is consistent now. */
  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, "r");
    this.#log = openSync(undoPath(path), "w+");
    this.committed();
  }

  /** The file is consistent as it is now: forget the old bytes. */
  committed(): void {
    this.#kept = fstatSync(this.#file).size;
    const header = Buffer.alloc(headerSize);
    magic.copy(header);
    header.writeUInt32LE(process.pid, 8);
    header.writeUInt32LE(started(), 12);
    header.writeBigUInt64LE(BigInt(this.#kept), 16);
    ftruncateSync(this.#log, 0);
    writeSync(this.#log, header, 0, headerSize, 0);
    this.#end = headerSize;
  }

  /** Called before `length` bytes at `position` are overwritten. */
  before(position: number, length: number): void {
    const keep = Math.min(length, this.#kept - position);
    if (keep <= 0) return;
    const record = Buffer.allocUnsafe(recordSize + keep);
    record.writeBigUInt64LE(BigInt(position), 0);
    record.writeUInt32LE(keep, 8);
    readSync(this.#file, record, recordSize, keep, position);
    writeSync(this.#log, record, 0, record.length, this.#end);
    this.#end += record.length;
  }

  /** Closes the file by `close`, and the log goes away. When that fails, on a full disk, what it left is undone. */
  closing(close: () => void): void {
    try {
      close();
    } catch (error) {
      this.#release();
      undo(this.#path);
      throw error;
    }
    this[Symbol.dispose]();
  }

  /** The file is consistent: the log goes away. */
  [Symbol.dispose](): void {
    this.#release();
    rmSync(undoPath(this.#path), { force: true });
  }
  #release(): void {
    closeSync(this.#file);
    closeSync(this.#log);
  }
}

const started = (): number => Math.round(Date.now() / 1000 - process.uptime());
/** Clocks are adjusted a little while a process runs; a number is not used again that soon. */
const tolerance = 2;

/** The process that writes the file now according to its log, if it is alive. */
export function writerOf(path: string): number | undefined {
  const header = readHeader(path);
  if (!header) return undefined;
  if (header.pid === process.pid) return Math.abs(header.started - started()) <= tolerance ? header.pid : undefined;
  try {
    process.kill(header.pid, 0);
    return header.pid;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" ? header.pid : undefined;
  }
}

/** Undoes what an interrupted flush left. Returns whether there was anything to undo. */
export function undo(path: string): boolean {
  const header = readHeader(path);
  if (!header) return false;
  const { log, kept } = header;
  const records: { position: number; bytes: Buffer }[] = [];
  for (let at = headerSize; at + recordSize <= log.length; ) {
    const length = log.readUInt32LE(at + 8);
    const bytes = log.subarray(at + recordSize, at + recordSize + length);
    // A record cut short was being written when the process died: the bytes it describes were not overwritten yet.
    if (bytes.length < length) break;
    records.push({ position: Number(log.readBigUInt64LE(at)), bytes });
    at += recordSize + length;
  }
  if (existsSync(path)) {
    const file = openSync(path, "r+");
    try {
      // Last first: of bytes that were overwritten twice, the oldest content stays.
      for (const { position, bytes } of records.reverse()) writeSync(file, bytes, 0, bytes.length, position);
      if (fstatSync(file).size > kept) ftruncateSync(file, kept);
    } finally {
      closeSync(file);
    }
  }
  rmSync(undoPath(path), { force: true });
  return true;
}

/**
 * Puts a file right that a killed writer left in the middle of a flush, for readers that cannot wait for the next writer.
 * @returns whether there was anything to put right
 * @throws Hdf5Error "locked" when its writer lives
 */
export function repairFile(path: string): boolean {
  const pid = writerOf(path);
  if (pid !== undefined) throw new Hdf5Error("locked", path, `${path} is being written by process ${pid}: it is whole`);
  return undo(path);
}

interface Header {
  readonly pid: number;
  readonly started: number;
  readonly kept: number;
  readonly log: Buffer;
}
function readHeader(path: string): Header | undefined {
  if (!existsSync(undoPath(path))) return undefined;
  const log = readFileSync(undoPath(path));
  if (log.length < headerSize || !log.subarray(0, 8).equals(magic)) return undefined;
  return { pid: log.readUInt32LE(8), started: log.readUInt32LE(12), kept: Number(log.readBigUInt64LE(16)), log };
}
