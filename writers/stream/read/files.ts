// SPDX-License-Identifier: MIT
// Points and frames out of the files of a scan, through the HDF5 port.

import { openHdf5 } from "../../hdf5/open.ts";
import type { Hdf5 } from "../../hdf5/port.ts";
import type { CallOptions } from "../connection.ts";
import { layoutOf, toNumbers } from "../dtype.ts";
import type { Batch, NumericBatch } from "../encoding.ts";
import type { SavedPlace } from "./data-stream.ts";
import { readEdf } from "./edf.ts";
import type { ImageReference } from "./view.ts";

export interface ScanFiles extends AsyncDisposable {
  /** Points `from` up to and without `to` of a dataset; undefined when the file or they are not there. */
  points(place: SavedPlace, from: number, to: number, options?: CallOptions): Promise<Batch | undefined>;
  /** @throws when the file cannot be read */
  frame(reference: ImageReference, options?: CallOptions): Promise<NumericBatch>;
}

/** The HDF5 library starts with the first file. */
export function scanFiles(): ScanFiles {
  let library: Promise<Hdf5> | undefined;
  const read = async ({ file: path, dataset }: SavedPlace, from: number, to: number, options: CallOptions = {}) => {
    options.signal?.throwIfAborted();
    library ??= openHdf5();
    const hdf5 = await library;
    await using file = await hdf5.open(path, { mode: "read" });
    const { dtype, shape, data } = await file.read(dataset, { from, to });
    if (typeof dtype !== "string" || !(data instanceof Uint8Array))
      throw new TypeError(`${path}: ${dataset} holds no numbers`);
    const layout = layoutOf(dtype);
    const batch: NumericBatch = { kind: "numeric", dtype: layout.dtype, shape, data: toNumbers(data, layout) };
    return batch;
  };
  return {
    async points(place, from, to, options) {
      try {
        const batch = await read(place, from, to, options);
        return batch.shape[0] === to - from ? batch : undefined;
      } catch (error) {
        options?.signal?.throwIfAborted();
        if (error instanceof TypeError) throw error;
        return undefined;
      }
    },
    async frame(reference, options) {
      const { format, file, dataset, index } = reference;
      if (format === "hdf5" && dataset !== null) {
        const batch = await read({ file, dataset }, index, index + 1, options);
        return { ...batch, shape: batch.shape.slice(1) };
      }
      if (/^edf/.test(format)) return readEdf(file, index, options);
      throw new TypeError(`${file}: frames in ${format} files cannot be read here; HDF5 and EDF can`);
    },
    async [Symbol.asyncDispose]() {
      await (await library)?.[Symbol.asyncDispose]();
    },
  };
}
