// SPDX-License-Identifier: MIT
// The points of a scan as lines of a table.
import { type AnyStream, type Batch, followStreams, type ImagesBatch, type StoredScan } from "../writers/index.ts";

/** Channels a person named, `*` at the start or end standing for anything. @throws Error naming one that matches none */
export function chosen(scan: StoredScan, names: readonly string[] | undefined): AnyStream[] {
  const all = [...scan.streams.values()];
  if (!names) return all;
  return names.flatMap((name) => {
    const pattern = new RegExp(`^${name.split("*").map(RegExp.escape).join(".*")}$`);
    const found = all.filter((stream) => pattern.test(stream.name));
    if (found.length === 0)
      throw new Error(`no channel ${name}; there are ${all.map((stream) => stream.name).join(", ")}`);
    return found;
  });
}

/** One value a point: a number or text, or the JSON of what is more than that. */
export function cells(batch: Batch | ImagesBatch): string[] {
  if (batch.kind === "images") return Array.from({ length: batch.frames }, () => "(frame)");
  if (batch.kind === "json")
    return batch.values.map((value) => (typeof value === "string" ? value : JSON.stringify(value)));
  if (batch.kind === "ragged") return batch.points.map(({ data }) => listOf(data));
  const points = batch.shape[0] ?? 0;
  const size = points === 0 ? 1 : batch.data.length / points;
  if (size === 1) return Array.from(batch.data as Iterable<number | bigint>, String);
  return Array.from({ length: points }, (_, point) => listOf(batch.data.subarray(point * size, (point + 1) * size)));
}

const listOf = (data: ArrayLike<number | bigint>): string => `[${Array.from(data).join(" ")}]`;

/** The names of the columns; then each row as soon as all channels have it, and what is left when the scan has ended. */
export async function* rowsOf(
  scan: StoredScan,
  names: readonly string[] | undefined,
  signal?: AbortSignal,
): AsyncGenerator<readonly string[]> {
  const streams = chosen(scan, names);
  if (streams.length === 0) return;
  yield ["#", ...streams.map(({ name }) => name)];
  const columns = new Map<string, string[]>(streams.map(({ name }) => [name, []]));
  let first = 0;
  const take = (count: number): string[][] => {
    const cut = [...columns.values()].map((column) => column.splice(0, count));
    const rows = Array.from({ length: count }, (_, row) => [
      String(first + row),
      ...cut.map((column) => column[row] ?? ""),
    ]);
    first += count;
    return rows;
  };
  const lengths = () => [...columns.values()].map(({ length }) => length);
  for await (const views of followStreams(streams, { signal })) {
    for (const [name, { batch, expired }] of views) {
      const column = columns.get(name)!;
      for (let lost = expired; lost > 0; lost--) column.push("(expired)");
      for (const cell of cells(batch)) column.push(cell);
    }
    yield* take(Math.min(...lengths()));
  }
  yield* take(Math.max(...lengths()));
}
