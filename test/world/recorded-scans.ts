// SPDX-License-Identifier: MIT
// Scans recorded from BLISS 2.4.0 with the file tree it wrote, as events for a sink. About the recordings:
// test/vectors/bliss/README.md.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Channel, ChannelBlock, ScanCreated, ScanEvent, Sink, TypedArray } from "../../scanning/index.ts";
import { dtypeName } from "../../writers/hdf5/dtype.ts";

export const folder = join(import.meta.dirname, "../vectors/bliss");
export const recordings = (): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".h5.json"))
    .map((name) => name.replace(".h5.json", ""));

interface Recorded {
  readonly documents: Record<string, { set?: Record<string, unknown>; removed?: string[] } & Record<string, unknown>>;
  readonly streams: Record<string, RecordedStream>;
}
interface RecordedStream {
  readonly encoding: { type: string; dtype_str: string; shape: number[] };
  readonly info: Record<string, unknown>;
  readonly npoints: number;
  readonly values: unknown;
  /** The values of a stream whose number of entries depends on time. */
  readonly values_distinct?: readonly { last_index: number; last_index_saved: number }[];
}
export interface RecordedScan {
  readonly created: ScanCreated;
  readonly events: readonly ScanEvent[];
}

/** JSON in which numbers written with a point or exponent stay floats: `1.0` is an inline item, `1` a number. */
// biome-ignore lint/suspicious/noExplicitAny: free JSON
export function parseKeepingFloats(text: string): any {
  type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
  const keep: Reviver = (_key, value, { source }) =>
    typeof value === "number" && Number.isInteger(value) && /[.eE]/.test(source ?? "")
      ? { type: "inline", dtype: "float64", value }
      : value;
  return JSON.parse(text, keep as (key: string, value: unknown) => unknown);
}

/** The scans of one recorded call, with their files under `directory` instead of the placeholder. */
export function recordedScans(name: string, directory: string): RecordedScan[] {
  const text = readFileSync(join(folder, `${name}.json`), "utf8").replaceAll("<dir>", directory);
  return (parseKeepingFloats(text).scans as Recorded[]).map(replay);
}
export const recordedTree = (name: string, directory: string): Record<string, Record<string, unknown>> =>
  JSON.parse(readFileSync(join(folder, `${name}.h5.json`), "utf8").replaceAll("<dir>", directory)).files;

function replay({ documents, streams }: Recorded): RecordedScan {
  const document = structuredClone(documents.CREATED) as Record<string, Record<string, unknown>>;
  const events: ScanEvent[] = [];
  const channels = Object.entries(streams).map(([fullname, stream]) =>
    channelOf(fullname, stream, document.info ?? {}),
  );
  const id = document.id as unknown as ScanCreated["identity"] & { data_policy: string };
  const created: ScanCreated = {
    identity: { ...id, dataPolicy: id.data_policy, number: Number(id.number) },
    info: structuredClone(document.info ?? {}),
    channels,
  };
  for (const [state, change] of Object.entries(documents)) {
    if (state === "CREATED") continue;
    for (const [pointer, value] of Object.entries(change.set ?? {})) setAt(document, pointer, value);
    const info = structuredClone(document.info ?? {});
    if (state === "PREPARED") events.push({ type: "prepared", info, channels });
    if (state === "STARTED")
      events.push({ type: "started" }, { type: "data", blocks: Object.values(streams).flatMap(blockOf) });
    if (state === "STOPPED") events.push({ type: "stopped" });
    if (state === "CLOSED") events.push({ type: "closed", reason: "SUCCESS", info });
  }
  return { created, events };
}

function setAt(document: Record<string, unknown>, pointer: string, value: unknown): void {
  const keys = pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop() ?? "";
  let at = document;
  for (const key of keys) at = (at[key] ??= {}) as Record<string, unknown>;
  at[last] = value;
}

// biome-ignore lint/suspicious/noExplicitAny: a recorded document
function channelOf(fullname: string, { encoding, info }: RecordedStream, scan: any): Channel {
  const about = scan.channels?.[fullname] ?? {};
  const plain = (value: unknown): number => Number((value as { value?: number })?.value ?? value);
  const lima = info.lima_info as Record<string, unknown> | undefined;
  const numeric = encoding?.type === "numeric";
  return {
    fullname,
    name: about.display_name ?? fullname,
    device: about.device ?? "",
    dim: about.dim ?? 0,
    dtype: (numeric ? dtypeName(encoding.dtype_str) : (info.dtype ?? "float64")) as Channel["dtype"],
    shape: (numeric ? encoding.shape : ((info.shape as number[]) ?? [])).map(plain),
    encoding: lima ? "images" : info.plugin === "scan_sequence" ? "scans" : !numeric ? "json" : encoding.shape.includes(-1) ? "ragged" : "numeric",
    ...(about.unit ? { unit: about.unit } : {}),
    ...(lima
      ? {
          images: {
            serverUrl: String(lima.server_url),
            bufferMaxNumber: plain(lima.buffer_max_number),
            framesPerAcquisition: plain(lima.frame_per_acquisition),
            files: {
              path: String(lima.file_path), dataPath: String(lima.data_path), format: String(lima.file_format),
              framesPerFile: plain(lima.frame_per_file), firstFile: plain(lima.file_offset),
            },
          },
        }
      : {}),
  }; // biome-ignore format: tables
}

/** A scan and, when it is a sequence, the others inside it: it ends after them. @returns keys of those saved, as they end */
export async function replayScans(sink: Sink, [first, ...others]: readonly RecordedScan[]): Promise<string[]> {
  if (!first) return [];
  const { created, events } = first;
  const keys: string[] = [];
  await using scan = await sink.open(created);
  await scan.write(events.filter((event) => event.type !== "closed"));
  if (created.info.is_scan_sequence) for (const other of others) keys.push(...(await replayScans(sink, [other])));
  await scan.write(events.filter((event) => event.type === "closed"));
  if (created.identity.path !== null) keys.push(scan.key ?? "");
  return keys;
}

const arrays = {
  "<f8": Float64Array,
  "<f4": Float32Array,
  "<i8": BigInt64Array,
  "<i4": Int32Array,
  "<u4": Uint32Array,
  "<u2": Uint16Array,
} as const;
function arrayOf(dtype: string, values: readonly unknown[]): TypedArray {
  const make = arrays[dtype as keyof typeof arrays];
  const numbers = values.map((value) => Number((value as { value?: number })?.value ?? value));
  return make === BigInt64Array ? BigInt64Array.from(numbers, BigInt) : (make as typeof Float64Array).from(numbers);
}

/** Values that were not recorded (times, random numbers) become zeros. */
function blockOf(
  { encoding, info, npoints, values, values_distinct: progress }: RecordedStream,
  channel: number,
): ChannelBlock[] {
  if (npoints === 0) return [];
  const first = { channel, first: 0, points: Number(npoints) || 0 };
  if (info.lima_info) {
    const last = progress?.at(-1);
    return [{ ...first, values: { lastIndex: last?.last_index ?? -1, lastIndexSaved: last?.last_index_saved ?? -1 } }];
  }
  if (encoding.type !== "numeric") return Array.isArray(values) ? [{ ...first, values }] : [];
  const row = encoding.shape.reduce((product, length) => product * Math.max(length, 1), 1);
  const list = Array.isArray(values) ? values : Array.from({ length: npoints * row }, () => 0);
  if (encoding.shape.includes(-1))
    return [{ ...first, values: (list as unknown[][]).map((value) => arrayOf(encoding.dtype_str, value)) }];
  return [{ ...first, values: arrayOf(encoding.dtype_str, list.flat(9)) }];
}
