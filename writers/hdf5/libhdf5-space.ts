// SPDX-License-Identifier: MIT
// Dataspaces of libhdf5, closed with the block that uses them.
import type { Library, Result } from "./libhdf5-library.ts";
import type { Hyperslab } from "./port.ts";

const SCALAR = 0;
const SELECT_SET = 0;
const UNLIMITED = 0xffff_ffff_ffff_ffffn;

/** The extent of a new dataspace; null in `max` is without limit. */
export interface Space {
  readonly dims: readonly number[];
  readonly max?: readonly (number | null)[];
}
export interface OpenSpace extends Disposable {
  readonly id: bigint;
  shape(): number[];
}

export const dimensions = (shape: readonly (number | null)[]): BigUint64Array =>
  BigUint64Array.from(shape, (length) => (length === null ? UNLIMITED : BigInt(length)));

/** A new dataspace, or the one with an id that the caller got and now leaves to this. */
export function space({ h5 }: Library, from: Space | Result): OpenSpace {
  const id =
    typeof from !== "object"
      ? BigInt(from)
      : from.dims.length === 0
        ? BigInt(h5.H5Screate(SCALAR))
        : BigInt(h5.H5Screate_simple(from.dims.length, dimensions(from.dims), from.max ? dimensions(from.max) : null));
  return {
    id,
    shape() {
      const dims = new BigUint64Array(Number(h5.H5Sget_simple_extent_ndims(id)));
      if (dims.length) h5.H5Sget_simple_extent_dims(id, dims, null);
      return Array.from(dims, Number);
    },
    [Symbol.dispose]: () => void h5.H5Sclose(id),
  };
}

/** A dataspace with a part of it selected. */
export function strided(
  library: Library,
  dims: readonly number[],
  { start, stride, count, block }: Hyperslab,
  max?: readonly (number | null)[],
): OpenSpace {
  const made = space(library, { dims, ...(max ? { max } : {}) });
  library.h5.H5Sselect_hyperslab(
    made.id,
    SELECT_SET,
    dimensions(start),
    stride ? dimensions(stride) : null,
    dimensions(count),
    block ? dimensions(block) : null,
  );
  return made;
}
