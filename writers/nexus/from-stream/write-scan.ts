// SPDX-License-Identifier: MIT
// Writes a published scan into its files: from its first point or from where a killed writer left it, until it is closed.
import type { ScanIdentity } from "../../../scanning/index.ts";
import type { Batch } from "../../stream/encoding.ts";
import type { StoredScan } from "../../stream/read/stored-scan.ts";
import { type AnyStream, isImageStream } from "../../stream/read/stream-kinds.ts";
import type { View } from "../../stream/read/view.ts";
import type { RaggedPoint, StoredBlock, StoredChannel } from "../channel-store.ts";
import type { FilePool } from "../file-pool.ts";
import { type H5Maps, mapsOf, streamsOf } from "../h5map.ts";
import { layout } from "../layout.ts";
import { FinishedError } from "../resume.ts";
import { number } from "../scan-info.ts";
import { ScanWriter, type ScanWriterOptions } from "../scan-writer.ts";
import { channelOf, storedChannel } from "./channels.ts";
import { HeadStart } from "./head-start.ts";

export interface WriteScanOptions extends ScanWriterOptions {
  /** Told when the files are open. */
  readonly onOpen?: (writer: ScanWriter) => void;
}

/** "present": the file had the scan already, complete. */
export type Outcome = "written" | "present" | "notToBeSaved";

/**
 * Resolves when the scan is closed and its files are complete.
 * @throws ScanNotFound when it is deleted meanwhile, Hdf5Error when its files cannot be had
 */
export async function writeStoredScan(scan: StoredScan, pool: FilePool, options: WriteScanOptions): Promise<Outcome> {
  const { signal } = options;
  await scan.reach("PREPARED", { signal });
  const maps = mapsFor(scan);
  if (!maps) return "notToBeSaved";
  const streams = [...scan.streams.values()];
  for (const [name, why] of scan.broken) options.warn(`${name} cannot be read, it is not written: ${why.message}`);
  const channels = streams.map(storedChannel);
  const mapped = new Set(Object.values(maps).flatMap((map) => [...streamsOf(map)].map(([, channel]) => channel)));
  const wanted = streams.filter((stream) => isImageStream(stream) || mapped.has(stream.name));
  using reading = wanted.length > 0 ? new HeadStart(scan, wanted, signal) : undefined;
  const written = { maps, channels, points: await pointsOf(scan, wanted, options) };
  try {
    await using writer = await ScanWriter.open(pool, written, options);
    options.onOpen?.(writer);
    if (reading) await copy(writer, reading, channels, options);
    await copyProgress(writer, wanted, options);
    await scan.reach("CLOSED", { signal });
    await writer.finish(mapsFor(scan) ?? maps);
    return "written";
  } catch (error) {
    if (error instanceof FinishedError) return "present";
    throw error;
  }
}

/** What goes into which file: as the publisher says, else our own layout. */
function mapsFor(scan: StoredScan): H5Maps | undefined {
  const { info } = scan;
  if (!scan.identity.path || info.save === false) return undefined;
  const given = mapsOf(info);
  if (given) return Object.keys(given).length > 0 ? given : undefined;
  // Without these the document does not describe a scan that can be laid out.
  if (info.channels === undefined || info.acquisition_chain === undefined) return undefined;
  const channels = [...scan.streams.values()].map((stream) => channelOf(stream, info));
  return layout(identityOf(scan), info, channels, { json: true });
}

function identityOf({ identity }: StoredScan): ScanIdentity {
  const { name, number, data_policy: dataPolicy, session, proposal, collection, dataset, path } = identity;
  const optional = { session, proposal, collection, dataset, path };
  const nulls = Object.fromEntries(Object.entries(optional).map(([key, value]) => [key, value ?? null]));
  return { name, number, dataPolicy, ...(nulls as Record<keyof typeof optional, string | null>) };
}

/** Points the scan will have; where it does not say, those that its first stream has. */
async function pointsOf(
  { info }: StoredScan,
  [first]: readonly AnyStream[],
  { signal }: WriteScanOptions,
): Promise<number> {
  const promised = number(info.npoints) ?? 0;
  return promised > 0 ? promised : ((await first?.length({ signal })) ?? 0);
}

/** All points, as they come, until all streams have ended. */
async function copy(
  writer: ScanWriter,
  reading: HeadStart,
  channels: readonly StoredChannel[],
  { warn }: WriteScanOptions,
): Promise<void> {
  const known = new Map(channels.map((channel) => [channel.fullname, channel]));
  for await (const views of reading.follow(writer.needed)) {
    const blocks: StoredBlock[] = [];
    const { needed } = writer;
    for (const [name, view] of views) {
      const channel = known.get(name);
      if (!channel || view.batch.kind === "images") continue;
      const missing = view.index - (needed.get(name) ?? 0);
      if (missing > 0) {
        warn(`${name}: ${missing} points before ${view.index} left the data stream before they were written`);
        blocks.push(absent(channel, view.index - missing, missing));
      }
      blocks.push({ channel: name, first: view.index, points: view.length, values: valuesOf(view.batch) });
    }
    await writer.write(blocks);
  }
}

/** Frames stay where their detector saved them: only how many there are in the end matters. */
async function copyProgress(
  writer: ScanWriter,
  streams: readonly AnyStream[],
  { signal }: WriteScanOptions,
): Promise<void> {
  for (const stream of streams.filter(isImageStream)) {
    const saved = await stream.saved({ signal });
    const progress = { lastIndex: saved - 1, lastIndexSaved: saved - 1 };
    await writer.write([{ channel: stream.name, first: 0, points: saved, values: progress }]);
  }
}

const bytes = (array: ArrayBufferView): Uint8Array => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

function valuesOf(batch: Exclude<View["batch"], { kind: "images" }> & Batch): StoredBlock["values"] {
  if (batch.kind === "numeric") return batch.pieces ?? bytes(batch.data);
  if (batch.kind === "json") return batch.values;
  return batch.points.map(({ shape, data }): RaggedPoint => ({ shape, data: bytes(data) }));
}

/** Points that nobody has any more: NaN, 0, or nothing. */
function absent({ fullname, encoding, dtype, row }: StoredChannel, first: number, points: number): StoredBlock {
  const at = { channel: fullname, first, points };
  if (encoding === "json") return { ...at, values: Array.from({ length: points }, () => "") };
  if (encoding === "ragged") {
    const nothing: RaggedPoint = { shape: row.map(() => 0), data: new Uint8Array(0) };
    return { ...at, values: Array.from({ length: points }, () => nothing) };
  }
  const elements = points * row.reduce((product, length) => product * length, 1);
  if (dtype === "<f8") return { ...at, values: bytes(new Float64Array(elements).fill(Number.NaN)) };
  if (dtype === "<f4") return { ...at, values: bytes(new Float32Array(elements).fill(Number.NaN)) };
  return { ...at, values: new Uint8Array(elements * Number(dtype.slice(2))) };
}
