// SPDX-License-Identifier: MIT
// Writes one scan: executes its maps, fills its datasets as points come, and finishes its files.
import { dirname } from "node:path";
import { type Ability, Hdf5Error, type Hdf5File, type Operation } from "../hdf5/port.ts";
import { attributesOf } from "../hdf5/values.ts";
import { type ChannelStore, channelStore, type StoredBlock, type StoredChannel } from "./channel-store.ts";
import { type RoomOptions, waitForRoom } from "./disk.ts";
import type { FilePool, Lease } from "./file-pool.ts";
import type { GroupMap, H5Maps } from "./h5map.ts";
import { imageOperations } from "./images.ts";
import { type MapPlan, type MappedStream, planChanges, planMap } from "./map-operations.ts";
import { itemAttributes } from "./map-values.ts";
import { materialise } from "./materialise.ts";
import { begun, claimEntries, missing, presentRows, rewriting, statusLast } from "./resume.ts";

export interface ScanWriterOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds to wait for a file that another program holds. */
  readonly patience: number;
  /** Milliseconds between flushes. */
  readonly flushPeriod: number;
  readonly room: Pick<RoomOptions, "reserve" | "period" | "patience">;
  /** gzip level of spectra and images kept in the file; 0 for none. */
  readonly gzip: number;
  /** Bytes that may wait for the file before the scan is slowed down. */
  readonly mostWaiting: number;
  /** Readers may follow the open file as HDF5's SWMR has it; those that do not ask for that cannot open it meanwhile. */
  readonly swmr: boolean;
  readonly warn: (message: string) => void;
}

/** A scan as the writer knows it at its beginning. */
export interface WrittenScan {
  readonly maps: H5Maps;
  readonly channels: readonly StoredChannel[];
  /** Points it will have, 0 when nobody knows. */
  readonly points: number;
}

interface Part {
  readonly path: string;
  readonly lease: Lease;
  /** What the file had of the scan when it was opened. */
  readonly claim: "new" | "resume";
  readonly map: GroupMap;
  readonly plan: MapPlan;
  readonly stores: Map<string, ChannelStore[]>;
  readonly images: readonly MappedStream[];
}

/** How far a scan's file is. */
export interface WriterProgress {
  readonly points: number;
  readonly bytes: number;
  /** Milliseconds that points have waited for the file at most; 0 when none wait. */
  readonly lag: number;
}

/** Bytes that are enough to be written while more come. */
const saveAhead = 4 << 20;

export class ScanWriter implements AsyncDisposable {
  readonly #parts: Part[] = [];
  readonly #leases: Lease[] = [];
  readonly #scan: WrittenScan;
  readonly #options: ScanWriterOptions;
  readonly #frames = new Map<string, number>();
  #flushed = performance.now();
  #timer: NodeJS.Timeout | undefined;
  /** One thing at a time reaches the files. */
  #queue: Promise<unknown> = Promise.resolve();
  #failed: unknown;
  readonly #virtual: boolean;
  #points = 0;
  #bytes = 0;
  /** Bytes that are on their way into the files. */
  #saving = 0;
  #aboutToSave = false;
  #followable: boolean;

  private constructor(abilities: ReadonlySet<Ability>, scan: WrittenScan, options: ScanWriterOptions) {
    this.#virtual = abilities.has("virtual");
    // SWMR knows no texts of variable length.
    const texts = scan.channels.some(({ encoding }) => encoding === "json");
    this.#followable = options.swmr && abilities.has("swmr") && !texts;
    this.#scan = scan;
    this.#options = options;
  }

  /**
   * Opens the scan's files and makes all that is known before the first point. An entry that a writer of this scan left
   * unfinished is continued.
   * @throws Hdf5Error "exists" when the file has an entry of this number from another scan, "locked", "full" ...
   */
  static async open(pool: FilePool, scan: WrittenScan, options: ScanWriterOptions): Promise<ScanWriter> {
    const writer = new ScanWriter(pool.hdf5.abilities, scan, options);
    try {
      for (const [path, map] of Object.entries(scan.maps)) await writer.#openPart(pool, path, begun(map));
      return writer;
    } catch (error) {
      await writer[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #openPart(pool: FilePool, path: string, map: GroupMap): Promise<void> {
    const { patience, warn, signal, room, gzip, swmr } = this.#options;
    const plan = planMap(map);
    const lease = await pool.lease(path, { patience, swmr, onLocked: warn, ...(signal ? { signal } : {}) });
    const { file } = lease;
    this.#leases.push(lease);
    await waitForRoom(dirname(path), 0, { ...room, onWait: warn, ...(signal ? { signal } : {}) });
    const claim = await claimEntries(file, map);
    const stamp = await this.#stamp(pool, file);
    const part: Part = { path, lease, claim, map, plan, stores: new Map(), images: this.#imagesOf(plan) };
    this.#parts.push(part);
    const present = claim === "resume" ? await presentRows(file, plan.streams) : new Map<string, number>();
    const { points: npoints } = this.#scan;
    const creating: Operation[] = [];
    for (const stream of plan.streams) {
      const channel = this.#scan.channels.find(({ fullname }) => fullname === stream.channel);
      if (!channel)
        throw new TypeError(`${path}${stream.path} wants the channel ${stream.channel}: the scan has none such`);
      if (channel.images) continue;
      const fills = pool.hdf5.abilities.has("fill");
      const store = channelStore(channel, stream, { npoints, gzip, fills, present: present.get(stream.path) ?? 0 });
      part.stores.set(channel.fullname, [...(part.stores.get(channel.fullname) ?? []), store]);
      if (!present.has(stream.path)) creating.push(store.create);
    }
    const fixed = await missing(file, claim, [...plan.operations, ...this.#ownVirtual(pool, plan)]);
    await file.apply([...creating, ...fixed, stamp]);
    await this.#show(lease);
  }

  #imagesOf(plan: MapPlan): MappedStream[] {
    const images = new Set(this.#scan.channels.filter((channel) => channel.images).map(({ fullname }) => fullname));
    return plan.streams.filter(({ channel }) => images.has(channel));
  }
  #ownVirtual(pool: FilePool, plan: MapPlan): readonly Operation[] {
    return pool.hdf5.abilities.has("virtual") ? plan.late : [];
  }
  async #stamp(pool: FilePool, file: Hdf5File): Promise<Operation> {
    const known = await file.look("/");
    const now = known?.kind === "group" && known.attributes.includes("file_time") ? {} : { file_time: timeNow() };
    return { do: "attributes", path: "/", attributes: attributesOf({ ...now, HDF5_Version: pool.hdf5.version }) };
  }

  get progress(): WriterProgress {
    const lag = this.#waiting() > 0 ? performance.now() - this.#flushed : 0;
    return { points: this.#points, bytes: this.#bytes, lag };
  }
  /** The point that each channel needs next: after a restart those before it are in the file. */
  get needed(): ReadonlyMap<string, number> {
    const stores = this.#parts.flatMap((part) => [...part.stores]);
    return new Map(stores.map(([channel, [store]]) => [channel, store?.points ?? 0]));
  }

  /** Takes points in. Resolves when they may be forgotten by the caller; waits when the files do not keep up. */
  async write(blocks: readonly StoredBlock[]): Promise<void> {
    if (this.#failed) throw this.#failed;
    for (const block of blocks) this.#take(block);
    const due = performance.now() - this.#flushed >= this.#options.flushPeriod;
    this.#timer ??= setTimeout(() => this.#onTimer(), this.#options.flushPeriod);
    const waiting = this.#waiting();
    if (waiting + this.#saving > this.#options.mostWaiting) await this.#run(() => this.#save(due));
    else if (due || waiting > saveAhead) this.#saveMeanwhile(due);
  }
  #take(block: StoredBlock): void {
    this.#points = Math.max(this.#points, block.first + block.points);
    if (!Array.isArray(block.values) && "lastIndexSaved" in block.values) {
      const frames = block.values.lastIndexSaved + 1;
      this.#frames.set(block.channel, Math.max(frames, this.#frames.get(block.channel) ?? 0));
      return;
    }
    for (const part of this.#parts) for (const store of part.stores.get(block.channel) ?? []) store.push(block);
  }
  #waiting(): number {
    let bytes = 0;
    for (const part of this.#parts)
      for (const stores of part.stores.values()) for (const store of stores) bytes += store.waiting;
    return bytes;
  }
  #onTimer(): void {
    this.#timer = undefined;
    this.#saveMeanwhile(true);
  }
  /** Saves while more points come, unless that is about to happen. A failure is remembered: the next write tells. */
  #saveMeanwhile(everything: boolean): void {
    if (this.#aboutToSave) return;
    this.#aboutToSave = true;
    const save = () => {
      this.#aboutToSave = false;
      return this.#save(everything);
    };
    this.#run(save).catch(() => {});
  }
  #run<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(task);
    this.#queue = result.catch((error: unknown) => {
      this.#failed ??= error;
    });
    return result;
  }

  /** Writes what waits: whole chunks, or everything, visible to readers. Without room it stays waiting. */
  async #save(everything: boolean): Promise<void> {
    // What waited in the queue behind a failure must not wait for room once more.
    if (this.#failed) throw this.#failed;
    await this.#apply(everything, (path, bytes) => this.#room(path, bytes));
    if (!everything) return;
    for (const { lease } of this.#parts) await this.#show(lease);
    this.#flushed = performance.now();
  }
  async #apply(everything: boolean, room: (path: string, bytes: number) => Promise<void>): Promise<void> {
    for (const { lease, stores, path } of this.#parts) {
      await room(
        path,
        [...stores.values()].flat().reduce((sum, { waiting }) => sum + waiting, 0),
      );
      const operations = [...stores.values()].flat().flatMap((store) => store.take(everything));
      const bytes = operations.reduce((sum, operation) => sum + sizeOf(operation), 0);
      this.#saving = bytes;
      if (operations.length) await lease.file.apply(operations);
      this.#saving = 0;
      this.#bytes += bytes;
    }
  }
  /** What was applied is seen by readers from here on. */
  async #show({ file }: Lease): Promise<void> {
    await file.flush();
    if (!this.#followable) return;
    await file.startSwmr().catch((error: Hdf5Error) => {
      this.#followable = false;
      this.#options.warn(`${file.path}: readers cannot follow the open file, for it was not made so: ${error.message}`);
    });
  }
  #room(path: string, bytes: number): Promise<void> {
    const { room, warn, signal } = this.#options;
    return waitForRoom(dirname(path), bytes, { ...room, onWait: warn, ...(signal ? { signal } : {}) });
  }

  /** Writes the rest, and what is known only at the end. The room that was kept free is for this. */
  async finish(maps: H5Maps): Promise<void> {
    clearTimeout(this.#timer);
    const { warn } = this.#options;
    const last = (path: string, bytes: number) =>
      waitForRoom(dirname(path), bytes, { reserve: 0, period: 0, patience: 0, onWait: warn });
    await this.#run(async () => {
      await this.#apply(true, last);
      for (const part of this.#parts) await this.#finishPart(part, maps[part.path] ?? part.map);
    });
  }
  async #finishPart({ lease, claim, map, plan, images, path }: Part, final: GroupMap): Promise<void> {
    const { file } = lease;
    for (const image of images)
      if (!(await file.look(image.path))) await file.apply(this.#frameOperations(path, image));
    for (const operation of plan.late)
      if (operation.do === "virtual" && !(await file.look(operation.path))) {
        const real = await materialise(file, operation);
        if (real) await file.apply([real]);
      }
    // What a killed writer left is not known from a map, but from the file.
    const changes = claim === "resume" ? await rewriting(file, final) : planChanges(map, final);
    for (const operation of statusLast(changes)) await this.#applyChange(file, operation);
    // What the file shows first is the scan that ended last.
    await file.apply([{ do: "attributes", path: "/", attributes: itemAttributes(final.attributes) }]);
    await file.flush();
  }
  #frameOperations(file: string, { path, channel, attributes }: MappedStream): Operation[] {
    const about = this.#scan.channels.find(({ fullname }) => fullname === channel);
    if (!about?.images) return [];
    const frames = this.#frames.get(channel) ?? 0;
    const { dtype, row, images: source } = about;
    return imageOperations({ file, path, dtype, row, frames, source, attributes, virtual: this.#virtual });
  }
  /** What cannot be changed stays as it is: the data matters more. */
  async #applyChange(file: Hdf5File, operation: Operation): Promise<void> {
    try {
      await file.apply([operation]);
    } catch (error) {
      if (!(error instanceof Hdf5Error) || !["unsupported", "exists", "missing"].includes(error.reason)) throw error;
      this.#options.warn(error.message);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    await this.#queue;
    this.#parts.length = 0;
    for (const lease of this.#leases.splice(0)) await lease[Symbol.asyncDispose]();
  }
}

function sizeOf(operation: Operation): number {
  if (operation.do !== "rows" || !(operation.data instanceof Uint8Array)) return 0;
  return (operation.more ?? []).reduce((sum, { byteLength }) => sum + byteLength, operation.data.byteLength);
}

/** ISO 8601 with the local offset, as blissdata writes times. */
export function timeNow(date = new Date()): string {
  const offset = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offset * 60_000).toISOString().slice(0, -1);
  const [hours, minutes] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((n) =>
    String(n).padStart(2, "0"),
  );
  return `${local}000${offset < 0 ? "-" : "+"}${hours}:${minutes}`;
}
