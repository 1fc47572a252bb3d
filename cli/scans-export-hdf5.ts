// SPDX-License-Identifier: MIT
// A scan as an HDF5 file: one dataset a channel, whatever the scan's own layout was.
import { openHdf5 } from "../writers/hdf5/open.ts";
import type { Operation, Value } from "../writers/hdf5/port.ts";
import { text, texts } from "../writers/hdf5/values.ts";
import { type AnyStream, type Batch, isImageStream, type StoredScan } from "../writers/index.ts";
import { chosen } from "./scans-points.ts";

/** @returns number of points */
export async function exportHdf5(
  scan: StoredScan,
  path: string,
  names: readonly string[] | undefined,
): Promise<number> {
  await using hdf5 = await openHdf5();
  await using file = await hdf5.open(path);
  const { title, start_time, end_time, end_reason } = scan.info;
  const about = Object.entries({ name: scan.identity.name, title, start_time, end_time, end_reason });
  const attributes = Object.fromEntries(
    about.flatMap(([name, value]) => (typeof value === "string" ? [[name, text(value)]] : [])),
  );
  await file.apply([{ do: "group", path: "/", attributes }]);
  let points = 0;
  for (const stream of chosen(scan, names)) {
    points = Math.max(points, await stream.length());
    await file.apply(await operations(stream));
  }
  return points;
}

async function operations(stream: AnyStream): Promise<Operation[]> {
  const path = `/${stream.name.replaceAll("/", "_")}`;
  if (!isImageStream(stream)) return [{ do: "dataset", path, value: datasetValue((await stream.slice()).batch) }];
  const frames = await stream.references();
  return [
    { do: "group", path },
    { do: "dataset", path: `${path}/file`, value: texts(frames.map(({ file }) => file)) },
    { do: "dataset", path: `${path}/dataset`, value: texts(frames.map(({ dataset }) => dataset ?? "")) },
    { do: "dataset", path: `${path}/index`, value: numbers(Float64Array.from(frames, ({ index }) => index)) },
  ];
}

const numbers = (values: Float64Array): Value => ({
  dtype: "<f8",
  shape: [values.length],
  data: new Uint8Array(values.buffer),
});

function datasetValue(batch: Batch): Value {
  if (batch.kind === "json")
    return texts(batch.values.map((value) => (typeof value === "string" ? value : JSON.stringify(value))));
  if (batch.kind === "ragged")
    return texts(batch.points.map(({ data }) => JSON.stringify(Array.from(data as Iterable<number>))));
  const { dtype, shape, data } = batch;
  // Numbers are in this machine's order once read.
  return { dtype: dtype.replace(">", "<"), shape, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
}
