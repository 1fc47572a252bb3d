// SPDX-License-Identifier: MIT
// Points played from an HDF5 file, the same for every start: datasets /data/det<n> of shape (points, channels), and
// /stats/det<n>, a compound with realtime and trigger_livetime in ticks of 320 ns, triggers and events. Detectors and
// points beyond those of the file begin with its first again; fewer channels are every k-th of the file's.
import { type Hdf5File, openHdf5 } from "../../../writers/index.ts";
import type { Counted } from "../statistics.ts";
import type { Fill, PointSource, Preset } from "./point-source.ts";

interface RecordedDetector {
  readonly points: number;
  readonly channels: number;
  /** (points, channels). */
  readonly spectra: Uint32Array;
  readonly counted: readonly Counted[];
}

const TICK = 320e-9;
const columns = ["realtime", "trigger_livetime", "triggers", "events"] as const;

export class RecordedPoints implements PointSource {
  readonly #detectors: readonly RecordedDetector[];

  constructor(detectors: readonly RecordedDetector[]) {
    this.#detectors = detectors;
  }

  refuseSize(size: number): string | undefined {
    const misfit = this.#detectors.find(({ channels }) => size > channels || channels % size !== 0);
    return misfit && `spectrum_size must be a divider of the ${misfit.channels} channels of simu_data`;
  }
  lasting = ({ value }: Preset): number => value;

  begin(size: number): Fill {
    return (spectrum, { detector, point }) => {
      const recorded = this.#detectors[detector % this.#detectors.length];
      const place = point % (recorded?.points ?? 1);
      const counted = recorded?.counted[place];
      if (!recorded || !counted) throw new Error("simu_data holds no point");
      const { channels, spectra } = recorded;
      const step = channels / size;
      for (let channel = 0; channel < size; channel++)
        spectrum[channel] = spectra[place * channels + channel * step] ?? 0;
      return counted;
    };
  }
}

/** @throws Error naming the file and what is missing in it */
export async function loadRecordedPoints(path: string): Promise<RecordedPoints> {
  await using hdf5 = await openHdf5();
  await using file = await hdf5.open(path, { mode: "read" });
  const data = await file.look("/data");
  if (data?.kind !== "group") throw new Error(`${path} has no group /data`);
  const detectors: RecordedDetector[] = [];
  for (let index = 0; index < data.members.length; index++) detectors.push(await loadDetector(file, index));
  if (detectors.length === 0) throw new Error(`${path}: /data is empty`);
  return new RecordedPoints(detectors);
}

async function loadDetector(file: Hdf5File, index: number): Promise<RecordedDetector> {
  const { dtype, shape, data } = await file.read(`/data/det${index}`);
  const [points = 0, channels = 0] = shape;
  if (shape.length !== 2 || points === 0 || typeof dtype !== "string" || !(data instanceof Uint8Array))
    throw new Error(`${file.path}: /data/det${index} must have the shape (points, channels) and numbers`);
  const spectra = Uint32Array.from({ length: points * channels }, elements(data, dtype));
  return { points, channels, spectra, counted: await loadCounted(file, `/stats/det${index}`, points) };
}

async function loadCounted(file: Hdf5File, path: string, points: number): Promise<Counted[]> {
  const { dtype, shape, data } = await file.read(path);
  if (typeof dtype === "string" || !(data instanceof Uint8Array) || shape[0] !== points)
    throw new Error(`${file.path}: ${path} must have ${points} rows of ${columns.join(", ")}`);
  const size = dtype.compound.reduce((sum, [, type]) => sum + sizeOf(type), 0);
  const column = (name: (typeof columns)[number]) => {
    const place = dtype.compound.findIndex(([one]) => one === name);
    const type = dtype.compound[place]?.[1];
    if (type === undefined) throw new Error(`${file.path}: ${path} has no column ${name}`);
    const offset = dtype.compound.slice(0, place).reduce((sum, [, before]) => sum + sizeOf(before), 0);
    return (row: number) => element(data, type, row * size + offset);
  };
  const [realtime, livetime, triggers, events] = columns.map(column);
  return Array.from({ length: points }, (_, row) => ({
    realtime: (realtime?.(row) ?? 0) * TICK,
    triggerLivetime: (livetime?.(row) ?? 0) * TICK,
    triggers: triggers?.(row) ?? 0,
    events: events?.(row) ?? 0,
  }));
}

const sizeOf = (dtype: string): number => Number(dtype.slice(2));
const elements = (data: Uint8Array, dtype: string) => (_: unknown, index: number) =>
  element(data, dtype, index * sizeOf(dtype));

/** Numbers by numpy's letter and size. */
const readers: Readonly<Record<string, (view: DataView, at: number, little: boolean) => number>> = {
  u1: (view, at) => view.getUint8(at),
  i1: (view, at) => view.getInt8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  i2: (view, at, little) => view.getInt16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
};

/** The number of a numpy dtype at a byte. @throws Error for what is no number */
function element(data: Uint8Array, dtype: string, at: number): number {
  const read = readers[dtype.slice(1)];
  if (!read) throw new Error(`elements of the type ${dtype} are no numbers`);
  return read(new DataView(data.buffer, data.byteOffset, data.byteLength), at, dtype[0] !== ">");
}
