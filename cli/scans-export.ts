// SPDX-License-Identifier: MIT
// A scan of a data stream as one file.
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { finished } from "node:stream/promises";
import { isImageStream, type StoredScan } from "../writers/index.ts";
import { exportHdf5 } from "./scans-export-hdf5.ts";
import { chosen, printPoints } from "./scans-points.ts";

type Exporter = (scan: StoredScan, file: string, names: readonly string[] | undefined) => Promise<number>;

const exporters: Readonly<Record<string, Exporter>> = { ".csv": exportCsv, ".json": exportJson, ".h5": exportHdf5 };
export const formats = Object.keys(exporters);

/** @returns number of points. @throws Error for a file whose end tells no format */
export function exportScan(scan: StoredScan, file: string, names: readonly string[] | undefined): Promise<number> {
  const exporter = exporters[extname(file).toLowerCase()];
  if (!exporter) throw new Error(`${file}: the end of the name tells the format, one of ${formats.join(", ")}`);
  return exporter(scan, file, names);
}

async function exportCsv(scan: StoredScan, file: string, names: readonly string[] | undefined): Promise<number> {
  const output = createWriteStream(file, { flags: "wx" });
  const done = finished(output);
  const line = (text: string) => output.write(`${text.split("\t").map(quoted).join(",")}\r\n`);
  const points = await printPoints(scan, names, line);
  output.end();
  await done;
  return points;
}

const quoted = (cell: string): string => (/[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

async function exportJson(scan: StoredScan, file: string, names: readonly string[] | undefined): Promise<number> {
  const channels: Record<string, unknown> = {};
  let points = 0;
  for (const stream of chosen(scan, names)) {
    points = Math.max(points, await stream.length());
    if (isImageStream(stream)) channels[stream.name] = { shape: stream.shape, frames: await stream.references() };
    else channels[stream.name] = { dtype: stream.dtype, shape: stream.shape, ...plain((await stream.slice()).batch) };
  }
  const { key, state, identity, info } = scan;
  const text = JSON.stringify(
    { key, state, id: identity, info, channels },
    (_, value: unknown) => (typeof value === "bigint" ? String(value) : value),
    1,
  );
  await writeFile(file, text, { flag: "wx" });
  return points;
}

type Slice = Awaited<ReturnType<Extract<ReturnType<typeof chosen>[number], { slice: unknown }>["slice"]>>["batch"];

function plain(batch: Slice): object {
  if (batch.kind === "json") return { values: batch.values };
  if (batch.kind === "ragged") return { values: batch.points.map(({ data }) => Array.from(data as Iterable<unknown>)) };
  return { values: Array.from(batch.data as Iterable<unknown>) };
}
