// SPDX-License-Identifier: MIT
// Compares a scan of ours with one recorded from BLISS 2.4.0, after taking out what cannot be equal.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { RecordedScan } from "../../scanning/index.ts";
import type { Bench } from "./bliss-world.ts";

type Json = Record<string, unknown>;
export interface Recording {
  readonly name: string;
  readonly positions_after: Readonly<Record<string, number>>;
  readonly moves_started: readonly [string, number][];
  readonly raised?: { readonly type: string; readonly text: string };
  readonly preset_calls?: readonly string[];
  readonly scans: readonly {
    readonly state_stream: readonly number[];
    readonly documents: {
      readonly CREATED: { id: Json; info: Json };
      readonly PREPARED?: { set: Json };
      readonly CLOSED: { set: Json };
    };
    readonly streams: Readonly<Record<string, { encoding: Json; npoints: number; values: unknown }>>;
  }[];
}

export const recording = (name: string): Recording =>
  JSON.parse(readFileSync(join(import.meta.dirname, "bliss", `${name}.json`), "utf8"));

/** Not ours to equal: another publisher, times, the writer's list of all counters of the session. */
const skipped = ["publisher", "publisher_version", "user_name", "start_time", "nexuswriter", "comments"];

export async function compareMoves(
  recorded: Pick<Recording, "moves_started" | "positions_after">,
  { moves, axes }: Bench,
): Promise<void> {
  expect(moves.map(([axis, target]) => [axis, rounded(target)])).toEqual(
    recorded.moves_started.map(([axis, target]) => [axis, rounded(target)]),
  );
  const after = Object.fromEntries(
    await Promise.all(Object.values(axes).map(async (a) => [a.name, rounded(await a.position())])),
  );
  expect(after).toEqual(Object.fromEntries(Object.entries(recorded.positions_after).map(([k, v]) => [k, rounded(v)])));
}
const rounded = (value: number) => Math.round(value * 1e9) / 1e9 + 0;

export interface Tolerated {
  /** The streams of axes and timer may hold the failing point or not: both were seen. */
  readonly masterPoints?: boolean;
  /** The number of points depends on when the stop came. */
  readonly anyLength?: boolean;
  /** Not compared at all. */
  readonly values?: readonly string[];
  readonly keys?: readonly string[];
  /** Ours has no such number as a scan that never got one. */
  readonly shapes?: readonly string[];
}

export function compareScan(
  recorded: Recording["scans"][number],
  ours: RecordedScan,
  name: string,
  tolerated: Tolerated = {},
): void {
  const { documents } = recorded;
  expect(clean(ours.created.info, tolerated)).toEqual(clean(placed(documents.CREATED.info, name), tolerated));
  expect(Object.keys(ours.created.info.channels as Json)).toEqual(Object.keys(documents.CREATED.info.channels as Json));
  expect(identity({ ...ours.created.identity })).toEqual(placed(identity(documents.CREATED.id), name));
  expect(ours.sequence.filter((type) => type !== "data")).toEqual(recorded.state_stream.map((state) => states[state]));
  comparePrepared(documents.PREPARED?.set, ours, name, tolerated);
  compareEnd(documents.CLOSED.set, ours);
  compareValues(recorded.streams, ours, tolerated);
}

const states = ["created", "prepared", "started", "stopped", "closed"];
/** The recorded "<dir>/<name>/demo" is our "<dir>/demo". */
const placed = <T>(value: T, name: string): T =>
  JSON.parse(JSON.stringify(value).replaceAll(`<dir>/${name}/`, "<dir>/"));
const identity = (id: Json) => {
  const { pk: _, data_policy, dataPolicy, ...rest } = id;
  return { ...rest, dataPolicy: dataPolicy ?? data_policy };
};

function clean(info: Json, { keys = [] }: Tolerated): Json {
  const copy = structuredClone(info);
  for (const key of [...skipped, ...keys]) delete copy[key];
  const instrument = copy.instrument as Json | undefined;
  delete instrument?.tgampli;
  delete instrument?.tgdbl;
  if (Array.isArray(copy.scan_meta_categories)) copy.scan_meta_categories = [...copy.scan_meta_categories].sort();
  const display = copy.display_extra as Json | undefined;
  if (display?.plotselect_time) display.plotselect_time = "<unix>";
  if (typeof copy.group === "string") copy.group = "<key>";
  return renumbered(copy);
}

/** Device keys have numbers of their process: numbered by name here. */
function renumbered(info: Json): Json {
  const text = JSON.stringify(info, (_, value) => (Number.isNaN(value) ? null : value));
  return JSON.parse(text.replace(/"(?:dev)?\d+:([A-Za-z_]\w*)"/g, '"dev:$1"'));
}

function comparePrepared(set: Json | undefined, ours: RecordedScan, name: string, { shapes = [] }: Tolerated): void {
  if (!set) {
    expect(ours.prepared).toBeUndefined();
    return;
  }
  const devices = ours.prepared!.devices as Record<string, Json>;
  const streams: string[] = [];
  for (const [path, value] of Object.entries(placed(set, name))) {
    const metadata = /^\/info\/devices\/dev\d+:(\w+)\/metadata$/.exec(path);
    const stream = /^\/data_streams\/(.*)$/.exec(path);
    if (metadata) {
      const [, device] = metadata;
      expect(Object.entries(devices).find(([key]) => key.endsWith(`:${device}`))?.[1].metadata, path).toEqual(value);
    } else if (stream) {
      streams.push(stream[1]!);
      const channel = ours.channels.find(({ fullname }) => fullname === stream[1])!;
      const { encoding } = value as { encoding: Json };
      if (shapes.includes(stream[1]!)) continue;
      if (encoding.type === "numeric") {
        expect(dtypes[channel.dtype], path).toBe(encoding.dtype_str);
        expect(channel.shape, path).toEqual(encoding.shape);
      } else expect(["images", "json", "scans"]).toContain(channel.encoding);
    }
  }
  expect(ours.channels.map(({ fullname }) => fullname)).toEqual(streams);
}
const dtypes: Record<string, string> = {
  float64: "<f8",
  int64: "<i8",
  uint32: "<u4",
  int32: "<i4",
  float32: "<f4",
  uint16: "<u2",
};

function compareEnd(set: Json, { closed }: RecordedScan): void {
  for (const [path, value] of Object.entries(set)) {
    if (path === "/info/end_time" || path === "/info/comments" || path.includes("/metadata")) continue;
    const found = path
      .split("/")
      .slice(2)
      .reduce<unknown>((at, key) => (at as Json)[key], closed);
    if (typeof value === "object") expect(numbersOf(found), path).toEqual(numbersOf(value));
    else expect(found, path).toEqual(value);
  }
}
const numbersOf = (value: unknown) =>
  Object.fromEntries(Object.entries(value as Record<string, number>).map(([k, v]) => [k, rounded(v)]));

function compareValues(streams: Recording["scans"][number]["streams"], ours: RecordedScan, tolerated: Tolerated): void {
  for (const [fullname, { values }] of Object.entries(streams)) {
    if (tolerated.values?.includes(fullname) || !Array.isArray(values)) continue;
    const found = ours
      .values(fullname)
      .map((value) => (ArrayBuffer.isView(value) ? [...(value as Float64Array)] : value));
    const free = tolerated.anyLength || (tolerated.masterPoints && /^(axis|timer):/.test(fullname));
    const length = free ? Math.min(found.length, values.length) : values.length;
    if (!free) expect(found.length, fullname).toBe(values.length);
    else expect(Math.abs(found.length - values.length), fullname).toBeLessThanOrEqual(1);
    for (let i = 0; i < length; i++) near(found[i], values[i], `${fullname}[${i}]`);
  }
}
function near(found: unknown, wanted: unknown, where: string): void {
  if (Array.isArray(wanted)) {
    for (const [i, value] of wanted.entries()) near((found as unknown[])[i], value, `${where}[${i}]`);
  } else if (wanted === "NaN") expect(found, where).toBeNaN();
  else if (typeof wanted === "number")
    expect(Math.abs((found as number) - wanted), where).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(wanted)));
  else if (typeof wanted === "object" && wanted !== null && "key" in wanted)
    expect(found, where).toEqual({ ...wanted, key: expect.any(String) });
  else expect(found, where).toEqual(wanted);
}
