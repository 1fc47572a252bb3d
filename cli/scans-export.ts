// SPDX-License-Identifier: MIT
// A scan of a data stream as one file.
import { createWriteStream, existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { extname } from "node:path";
import { pipeline } from "node:stream/promises";
import { isImageStream, type StoredScan } from "../writers/index.ts";
import { exportHdf5 } from "./scans-export-hdf5.ts";
import { chosen, rowsOf } from "./scans-points.ts";

type Exporter = (scan: StoredScan, file: string, names: readonly string[] | undefined) => Promise<number>;

const exporters: Readonly<Record<string, Exporter>> = { ".csv": exportCsv, ".json": exportJson, ".h5": exportHdf5 };
export const formats = Object.keys(exporters);

/** @returns number of points. @throws Error for a file whose end tells no format, or that is there already */
export async function exportScan(
  scan: StoredScan,
  file: string,
  names: readonly string[] | undefined,
): Promise<number> {
  const exporter = exporters[extname(file).toLowerCase()];
  if (!exporter) throw new Error(`${file}: the end of the name tells the format, one of ${formats.join(", ")}`);
  if (existsSync(file)) throw new Error(`${file} is there already: choose another name`);
  return exporter(scan, file, names);
}

async function exportCsv(scan: StoredScan, file: string, names: readonly string[] | undefined): Promise<number> {
  let rows = 0;
  async function* lines() {
    for await (const cells of rowsOf(scan, names)) {
      yield `${cells.map(quoted).join(",")}\r\n`;
      rows++;
    }
  }
  await pipeline(lines, createWriteStream(file, { flags: "wx" }));
  return Math.max(0, rows - 1);
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
