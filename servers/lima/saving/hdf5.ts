// SPDX-License-Identifier: MIT
// Frames in HDF5, in the NeXus tree of LIMA: /entry_0000/<instrument>/<detector>/data.
import { rm } from "node:fs/promises";
import { basename } from "node:path";
import type { Attributes, Hdf5, Hdf5File, Operation, Value } from "../../../writers/hdf5/port.ts";
import { type Frame, pixelKinds } from "../frame.ts";
import type { FileFormat, FileRequest, FrameFile } from "./format.ts";

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

/** `gzip` is the level of the deflate filter. */
export const hdf5Format = (gzip?: number): FileFormat => ({
  suffix: ".h5",
  stack: true,
  open: (request, hdf5) => openStack(request, hdf5, gzip),
});

async function openStack(
  request: FileRequest,
  hdf5: () => Promise<Hdf5>,
  gzip: number | undefined,
): Promise<FrameFile> {
  const { path, settings } = request;
  if (settings.policy === "OVERWRITE") await rm(path, { force: true });
  const library = await hdf5();
  const file = await library.open(path);
  try {
    const entry = await entryFor(file, settings.policy === "MULTISET");
    const detector = `/${entry.name}/${settings.instrument}/${settings.detector}`;
    if (entry.rows === undefined) await file.apply(tree(request, entry.name, detector, gzip));
    return frameFile(file, `/${entry.name}`, detector, entry.rows ?? 0);
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
  gzip?: number,
): Operation[] {
  const { width, height, imageType, parameters } = plan;
  const dtype = `${pixelKinds[imageType].bytes === 1 ? "|" : "<"}${numpyKind(imageType)}${pixelKinds[imageType].bytes}`;
  const { operations } = parameters;
  const kept = { dtype, row: [height, width], chunk: [1, height, width], ...(gzip === undefined ? {} : { gzip }) };
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

function numpyKind(imageType: keyof typeof pixelKinds): string {
  if (imageType.endsWith("F")) return "f";
  return pixelKinds[imageType].signed ? "i" : "u";
}

function frameFile(file: Hdf5File, entry: string, detector: string, rows: number): FrameFile {
  let at = rows;
  let flushed = performance.now();
  const row = (path: string, data: Uint8Array): Operation => ({ do: "rows", path, at, count: 1, data });
  return {
    write: async ({ pixels, time }: Frame) => {
      // Clients may still read the frame: the worker gets a copy of its own, which then moves there without another.
      const data = new Uint8Array(pixels.byteLength);
      data.set(new Uint8Array(pixels.buffer, pixels.byteOffset, pixels.byteLength));
      const when = new Uint8Array(Float64Array.of(time).buffer);
      await file.apply([row(`${detector}/data`, data), row(`${detector}/time_of_frame`, when)], [data.buffer]);
      at++;
      if (performance.now() - flushed > flushPeriod) {
        await file.flush();
        flushed = performance.now();
      }
      return pixels.byteLength;
    },
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
