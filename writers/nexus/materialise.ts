// SPDX-License-Identifier: MIT
// A virtual dataset of the file's own data as a real one, where the adapter cannot make virtual datasets.
import { count, elementSize } from "../hdf5/dtype.ts";
import type { Hdf5File, Hyperslab, Operation } from "../hdf5/port.ts";

type Virtual = Extract<Operation, { do: "virtual" }>;

/** Undefined when its data is not in the file. */
export async function materialise(file: Hdf5File, virtual: Virtual): Promise<Operation | undefined> {
  const size = elementSize(virtual.dtype);
  const data = new Uint8Array(count(virtual.shape) * size);
  const isFloat = typeof virtual.dtype === "string" && virtual.dtype.includes("f8");
  if (isFloat) new Float64Array(data.buffer).fill(Number.NaN);
  const sources = new Map<string, { shape: readonly number[]; data: Uint8Array }>();
  for (const { file: name, dataset, into, from } of virtual.sources) {
    if (name !== "." || !(await file.look(dataset))) return undefined;
    const source = sources.get(dataset) ?? bytesOf(await file.read(dataset));
    sources.set(dataset, source);
    const [targets, origins] = [cells(virtual.shape, into), cells(source.shape, from)];
    for (const [index, target] of targets.entries()) {
      const origin = origins[index];
      // Points that have not come stay as they are.
      if (origin === undefined || (origin + 1) * size > source.data.byteLength) continue;
      data.set(source.data.subarray(origin * size, (origin + 1) * size), target * size);
    }
  }
  const value = { dtype: virtual.dtype, shape: virtual.shape, data };
  return { do: "dataset", path: virtual.path, value, attributes: virtual.attributes ?? {} };
}

const bytesOf = (value: {
  shape: readonly number[];
  data: unknown;
}): { shape: readonly number[]; data: Uint8Array } => ({
  shape: value.shape,
  data: value.data instanceof Uint8Array ? value.data : new Uint8Array(0),
});

/** Flat indices of the selected cells, C order. */
function cells(shape: readonly number[], { start, stride, count: counts, block }: Hyperslab): number[] {
  let flat = [0];
  for (const [dimension, first] of start.entries()) {
    const length = shape[dimension] ?? 1;
    const along: number[] = [];
    for (let n = 0; n < (counts[dimension] ?? 1); n++)
      for (let b = 0; b < (block?.[dimension] ?? 1); b++) along.push(first + n * (stride?.[dimension] ?? 1) + b);
    flat = flat.flatMap((outer) => along.map((index) => outer * length + index));
  }
  return flat;
}
