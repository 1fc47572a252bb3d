// SPDX-License-Identifier: MIT
// Frames in HDF5, in the NeXus tree of LIMA: /entry_0000/<instrument>/<detector>/data.
import { rm } from "node:fs/promises";
import { basename } from "node:path";
import type { Attributes, Growing, Hdf5, Hdf5File, Operation, Value } from "../../../writers/hdf5/port.ts";
import type { DetectorInformation } from "../acquisition.ts";
import { bytesOf, pixelKinds } from "../frame.ts";
import { bslz4Filter } from "./bitshuffle.ts";
import type { FileFormat, FileRequest, FrameFile } from "./format.ts";
import { gzipLevel, type Packing } from "./packing.ts";

const text = (content: string): Value => ({ dtype: "string", shape: [], data: [content] });
const float = (value: number): Value => ({
  dtype: "<f8",
  shape: [],
  data: new Uint8Array(Float64Array.of(value).buffer),
});
const integer = (value: number): Value => ({
  dtype: "<i8",
  shape: [],
  data: new Uint8Array(BigInt64Array.of(BigInt(value)).buffer),
});
const nexus = (name: string, more: Attributes = {}): Attributes => ({ NX_class: text(name), ...more });
const dataset = (path: string, value: Value): Operation => ({ do: "dataset", path, value });

/** Milliseconds between two moments from which readers see what is written. */
const flushPeriod = 500;

export type Compression = "none" | Packing;

export const hdf5Format = (compression: Compression): FileFormat => ({
  suffix: ".h5",
  stack: true,
  open: (request, hdf5) => openStack(request, hdf5, compression),
});

async function openStack(
  request: FileRequest,
  hdf5: () => Promise<Hdf5>,
  compression: Compression,
): Promise<FrameFile> {
  const { path, settings } = request;
  const library = await hdf5();
  const chunks = library.abilities.has("chunk");
  if (compression === "bslz4" && !chunks)
    throw new Error(`HDF5BS needs the system's libhdf5, which is not there: ${library.adapter} writes HDF5 and HDF5GZ`);
  if (settings.policy === "OVERWRITE") await rm(path, { force: true });
  const file = await library.open(path);
  try {
    const entry = await entryFor(file, settings.policy === "MULTISET");
    const detector = `/${entry.name}/${settings.instrument}/${settings.detector}`;
    if (entry.rows === undefined) await file.apply(tree(request, entry.name, detector, compression));
    const packing = chunks && compression !== "none" ? compression : undefined;
    return frameFile(file, { entry: `/${entry.name}`, detector, rows: entry.rows ?? 0, chunks, packing });
  } catch (error) {
    await file.close();
    throw error;
  }

  /** The entry to write into, and the frames it has when there is one to be added to. */
  async function entryFor(open: Hdf5File, another: boolean): Promise<{ name: string; rows?: number }> {
    for (let i = 0; ; i++) {
      const name = `entry_${String(i).padStart(4, "0")}`;
      const there = await open.look(`/${name}`);
      if (!there) return { name };
      const data = await open.look(`/${name}/${settings.instrument}/${settings.detector}/data`);
      if (!another && data?.kind === "dataset") return { name, rows: data.shape[0] ?? 0 };
    }
  }
}

function tree(
  { path, settings, plan, start }: FileRequest,
  entry: string,
  detector: string,
  compression: Compression,
): Operation[] {
  const { width, height, imageType, parameters, detector: about } = plan;
  const dtype = `${pixelKinds[imageType].bytes === 1 ? "|" : "<"}${numpyKind(imageType)}${pixelKinds[imageType].bytes}`;
  const { operations } = parameters;
  const kept: Growing = {
    ...{ dtype, row: [height, width], chunk: [1, height, width] },
    ...(compression === "gzip" && { gzip: gzipLevel }),
    ...(compression === "bslz4" && { filter: bslz4Filter(pixelKinds[imageType].bytes) }),
  };
  return [
    {
      do: "attributes",
      path: "/",
      attributes: nexus("NXroot", {
        default: text(entry),
        creator: text("LIMA-1.10.5"),
        file_name: text(basename(path)),
        file_time: text(start.toISOString()),
      }),
    },
    { do: "group", path: `/${entry}`, attributes: nexus("NXentry", { default: text("measurement") }) },
    dataset(`/${entry}/title`, text("Lima 2D detector acquisition")),
    dataset(`/${entry}/start_time`, text(start.toISOString())),
    { do: "group", path: `/${entry}/${settings.instrument}`, attributes: nexus("NXinstrument") },
    { do: "group", path: detector, attributes: nexus("NXdetector") },
    { do: "growing", path: `${detector}/data`, dataset: kept, attributes: { interpretation: text("image") } },
    { do: "growing", path: `${detector}/time_of_frame`, dataset: { dtype: "<f8", row: [], chunk: [1024] }, attributes: { units: text("s") } },
    { do: "group", path: `${detector}/header`, attributes: nexus("NXcollection") },
    ...[...settings.commonHeader].map(([key, value]) => dataset(`${detector}/header/${key.replaceAll("/", "_")}`, text(value))),
    { do: "group", path: `${detector}/acquisition`, attributes: nexus("NXcollection") },
    dataset(`${detector}/acquisition/mode`, text(parameters.mode)),
    dataset(`${detector}/acquisition/exposure_time`, float(parameters.exposure)),
    dataset(`${detector}/acquisition/latency_time`, float(parameters.latency)),
    dataset(`${detector}/acquisition/nb_frames`, integer(parameters.frames)),
    dataset(`${detector}/acquisition/trigger_mode`, text(parameters.trigger)),
    ...(about ? detectorInformation(detector, settings.detector, about, imageType) : []),
    { do: "group", path: `${detector}/image_operation`, attributes: nexus("NXcollection") },
    dataset(`${detector}/image_operation/binning`, text(operations.bin.join("x"))),
    dataset(`${detector}/image_operation/flip`, text(operations.flip.join(","))),
    dataset(`${detector}/image_operation/rotation`, text(operations.rotation)),
    dataset(`${detector}/image_operation/region_of_interest`, text(operations.roi.join(","))),
    { do: "group", path: `${detector}/plot`, attributes: nexus("NXdata", { signal: text("data") }) },
    { do: "softLink", path: `${detector}/plot/data`, target: `${detector}/data` },
    { do: "group", path: `/${entry}/measurement`, attributes: nexus("NXdata", { signal: text("data") }) },
    { do: "softLink", path: `/${entry}/measurement/data`, target: `${detector}/data` },
  ]; // biome-ignore format: a table
}

function detectorInformation(
  detector: string,
  name: string,
  { type, model, pixelSize: [x, y], width, height }: DetectorInformation,
  imageType: string,
): Operation[] {
  const group = `${detector}/detector_information`;
  const metres = (axis: string, value: number): Operation => ({
    do: "dataset", path: `${detector}/${axis}_pixel_size`, value: float(value), attributes: { units: text("m") },
  }); // biome-ignore format: one record
  return [
    { do: "group", path: group, attributes: nexus("NXcollection") },
    dataset(`${group}/type`, text(type)),
    dataset(`${group}/model`, text(model)),
    dataset(`${group}/name`, text(name)),
    dataset(`${group}/image_type`, text(imageType)),
    dataset(`${group}/max_image_size/xsize`, integer(width)),
    dataset(`${group}/max_image_size/ysize`, integer(height)),
    metres("x", x),
    metres("y", y),
  ];
}

function numpyKind(imageType: keyof typeof pixelKinds): string {
  if (imageType.endsWith("F")) return "f";
  return pixelKinds[imageType].signed ? "i" : "u";
}

interface Stack {
  readonly entry: string;
  readonly detector: string;
  /** Frames that are there already. */
  readonly rows: number;
  /** A frame is one chunk: it goes to the disk without HDF5 looking at it. Otherwise the library packs it. */
  readonly chunks: boolean;
  readonly packing: Packing | undefined;
}

const rowAt = (path: string, at: number, data: Uint8Array): Operation => ({ do: "rows", path, at, count: 1, data });
const chunkAt = (path: string, at: number, data: Uint8Array): Operation => ({
  ...{ do: "chunk", path, at: [at, 0, 0], rows: 1, data },
});

function frameFile(file: Hdf5File, { entry, detector, rows, chunks, packing }: Stack): FrameFile {
  let at = rows;
  let flushed = performance.now();
  const place = chunks ? chunkAt : rowAt;
  const write = async (bytes: Uint8Array, time: number): Promise<number> => {
    const when = rowAt(`${detector}/time_of_frame`, at, new Uint8Array(Float64Array.of(time).buffer));
    const image = place(`${detector}/data`, at, bytes);
    at++;
    await file.apply([image, when]);
    if (performance.now() - flushed > flushPeriod) {
      await file.flush();
      flushed = performance.now();
    }
    return bytes.byteLength;
  };
  return {
    ahead: true,
    write: ({ pixels, time }) => write(bytesOf(pixels), time),
    ...(packing && { packed: { packing, write: ({ bytes, time }) => write(bytes, time) } }),
    close: async () => {
      const end = text(new Date().toISOString());
      try {
        if (!(await file.look(`${entry}/end_time`))) await file.apply([dataset(`${entry}/end_time`, end)]);
      } finally {
        await file.close();
      }
    },
  };
}
