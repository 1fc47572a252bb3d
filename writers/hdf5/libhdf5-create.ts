// SPDX-License-Identifier: MIT
// The operations of the port, with libhdf5.
import { parents } from "./adapter.ts";
import { elementType } from "./dtype.ts";
import type { NativeFile } from "./libhdf5.ts";
import { dimensions, type Space, space, strided } from "./libhdf5-space.ts";
import type { Attributes, Dtype, Growing, Operation, Value } from "./port.ts";
import { Hdf5Error } from "./port.ts";

const DEFAULT = 0n;
const ALL = 0n;
const UNLIMITED = 0xffff_ffff_ffff_ffffn;

type Of<Name extends Operation["do"]> = Extract<Operation, { do: Name }>;

export function createItem(file: NativeFile, operation: Operation): void {
  const create = table[operation.do] as (file: NativeFile, operation: Operation) => void;
  create(file, operation);
}

const table: { readonly [Name in Operation["do"]]: (file: NativeFile, operation: Of<Name>) => void } = {
  group(file, { path, attributes }) {
    if (path !== "/") for (const group of [...parents(path), path]) requireGroup(file, group);
    setAttributes(file, path, attributes);
  },
  dataset(file, { path, value, attributes }) {
    const id = createDataset(file, path, value.dtype, { dims: value.shape });
    try {
      write(file, id, value, ALL, ALL);
    } finally {
      file.library.h5.H5Dclose(id);
    }
    setAttributes(file, path, attributes);
  },
  growing(file, { path, dataset, attributes }) {
    const { dtype, row, ragged, chunk, gzip, filter, fill } = dataset;
    const max = [null, ...row.map((length) => (ragged ? null : length))];
    const { h5 } = file.library;
    const id = createDataset(file, path, dtype, { dims: [0, ...row], max }, (list) => {
      h5.H5Pset_chunk(list, chunk.length, dimensions(chunk));
      if (gzip !== undefined) h5.H5Pset_shuffle(list);
      if (gzip !== undefined) h5.H5Pset_deflate(list, gzip);
      if (filter) setForeignFilter(file, list, filter);
      setFill(file, list, dtype, fill);
    });
    file.datasets.set(path, id);
    setAttributes(file, path, attributes);
  },
  rows: writeRows,
  chunk(file, { path, at, rows, data }) {
    const id = opened(file, path);
    const shape = extent(file, id);
    const needed = [Math.max(shape[0] ?? 0, (at[0] ?? 0) + rows), ...shape.slice(1)];
    if (needed[0] !== shape[0]) file.library.h5.H5Dset_extent(id, dimensions(needed));
    file.library.h5.H5Dwrite_chunk(id, DEFAULT, 0, dimensions(at), data.byteLength, data);
  },
  replace: (file, { path, value }) => write(file, opened(file, path), value, ALL, ALL),
  attributes: (file, { path, attributes }) => setAttributes(file, path, attributes),
  removeAttribute(file, { path, name }) {
    onObject(file, path, (object) => file.library.h5.H5Adelete(object, name));
  },
  softLink(file, { path, target }) {
    requireParents(file, path);
    file.library.h5.H5Lcreate_soft(target, file.id, path, DEFAULT, DEFAULT);
  },
  externalLink(file, { path, file: name, target }) {
    requireParents(file, path);
    file.library.h5.H5Lcreate_external(name, target, file.id, path, DEFAULT, DEFAULT);
  },
  virtual(file, { path, dtype, shape, maxShape, sources, fill, attributes }) {
    const { h5 } = file.library;
    const id = createDataset(file, path, dtype, { dims: shape, ...(maxShape ? { max: maxShape } : {}) }, (list) => {
      setFill(file, list, dtype, fill);
      for (const { into, file: name, dataset, from } of sources) {
        using target = strided(file.library, shape, into, maxShape);
        using source = strided(file.library, sourceExtent(from), from);
        h5.H5Pset_virtual(list, target.id, name, dataset, source.id);
      }
    });
    h5.H5Dclose(id);
    setAttributes(file, path, attributes);
  },
  externalRaw(file, { path, dtype, shape, files, attributes }) {
    const { h5 } = file.library;
    const id = createDataset(file, path, dtype, { dims: shape }, (list) => {
      for (const { name, offset, size } of files) h5.H5Pset_external(list, name, offset, size ?? UNLIMITED);
    });
    h5.H5Dclose(id);
    setAttributes(file, path, attributes);
  },
  remove(file, { path }) {
    for (const [open, id] of file.datasets)
      if (open === path || open.startsWith(`${path}/`)) {
        file.library.h5.H5Dclose(id);
        file.datasets.delete(open);
      }
    file.library.h5.H5Ldelete(file.id, path, DEFAULT);
  },
};

/** The least shape of a source that holds its selection: its real one is the other file's business. */
const sourceExtent = ({ start, count, stride, block }: Of<"virtual">["sources"][number]["from"]): number[] =>
  start.map((first, i) => first + ((count[i] ?? 1) - 1) * (stride?.[i] ?? 1) + (block?.[i] ?? 1));

function requireGroup({ library, id }: NativeFile, path: string): void {
  const { h5 } = library;
  if (h5.H5Lexists(id, path, DEFAULT) > 0) return;
  h5.H5Oclose(h5.H5Gcreate2(id, path, DEFAULT, DEFAULT, DEFAULT));
}
function requireParents(file: NativeFile, path: string): void {
  for (const group of parents(path)) requireGroup(file, group);
}

function createDataset(
  file: NativeFile,
  path: string,
  dtype: Dtype,
  shape: Space,
  settings?: (list: bigint) => void,
): bigint {
  const { library, types, id } = file;
  requireParents(file, path);
  using extent = space(library, shape);
  const list = BigInt(library.h5.H5Pcreate(library.id("datasetCreate")));
  try {
    settings?.(list);
    return BigInt(library.h5.H5Dcreate2(id, path, types.id(dtype), extent.id, DEFAULT, list, DEFAULT));
  } finally {
    library.h5.H5Pclose(list);
  }
}

/** Zero needs no fill value: it is what HDF5 gives. */
function setForeignFilter(
  { library }: NativeFile,
  list: bigint,
  { id, options }: NonNullable<Growing["filter"]>,
): void {
  library.foreignFilter(id);
  library.h5.H5Pset_filter(list, id, 0, options.length, Uint32Array.from(options));
}

function setFill({ library, types }: NativeFile, list: bigint, dtype: Dtype, fill = 0): void {
  if (dtype === "string" || typeof dtype !== "string") return;
  const { kind, size } = elementType(dtype);
  if (kind !== "f" || size < 4 || fill === 0) return;
  const value = Float64Array.of(fill);
  library.h5.H5Pset_fill_value(list, types.id("<f8"), value);
}

const opened = ({ library, id, datasets }: NativeFile, path: string): bigint => {
  const open = datasets.get(path) ?? BigInt(library.h5.H5Dopen2(id, path, DEFAULT));
  datasets.set(path, open);
  return open;
};

function extent({ library }: NativeFile, dataset: bigint): number[] {
  using whole = space(library, library.h5.H5Dget_space(dataset));
  return whole.shape();
}

function writeRows(file: NativeFile, { path, at, count, data, row }: Of<"rows">): void {
  const { library, types } = file;
  const id = opened(file, path);
  const shape = extent(file, id);
  if (!shape.length) throw new Hdf5Error("failed", "", `${path} is a scalar: it has no rows`);
  const item = row ?? shape.slice(1);
  const needed = [Math.max(shape[0] ?? 0, at + count), ...item.map((n, i) => Math.max(n, shape[i + 1] ?? 0))];
  if (needed.some((length, i) => length > (shape[i] ?? 0))) library.h5.H5Dset_extent(id, dimensions(needed));
  const counts = [count, ...item];
  if (counts.includes(0)) return;
  using memory = space(library, { dims: counts });
  using target = strided(library, needed, { start: [at, ...item.map(() => 0)], count: counts });
  const type = library.h5.H5Dget_type(id);
  try {
    if (data instanceof Uint8Array) library.h5.H5Dwrite(id, type, memory.id, target.id, DEFAULT, data);
    else library.strings.H5Dwrite(id, types.id("string"), memory.id, target.id, DEFAULT, data);
  } finally {
    library.h5.H5Tclose(type);
  }
}

function write({ library, types }: NativeFile, dataset: bigint, value: Value, memory: bigint, target: bigint): void {
  const { dtype, data } = value;
  if (data instanceof Uint8Array) {
    if (data.byteLength) library.h5.H5Dwrite(dataset, types.id(dtype), memory, target, DEFAULT, data);
  } else if (data.length) library.strings.H5Dwrite(dataset, types.id("string"), memory, target, DEFAULT, data);
}

function onObject<T>({ library, id }: NativeFile, path: string, act: (object: bigint) => T): T {
  const object = BigInt(library.h5.H5Oopen(id, path, DEFAULT));
  try {
    return act(object);
  } finally {
    library.h5.H5Oclose(object);
  }
}

function setAttributes(file: NativeFile, path: string, attributes: Attributes = {}): void {
  if (!Object.keys(attributes).length) return;
  const { h5, strings } = file.library;
  onObject(file, path, (object) => {
    for (const [name, { dtype, shape, data }] of Object.entries(attributes)) {
      if (h5.H5Aexists(object, name) > 0) h5.H5Adelete(object, name);
      using extent = space(file.library, { dims: shape });
      const type = file.types.id(dtype);
      const attribute = h5.H5Acreate2(object, name, type, extent.id, DEFAULT, DEFAULT);
      try {
        if (data instanceof Uint8Array) h5.H5Awrite(attribute, type, data);
        else strings.H5Awrite(attribute, type, data);
      } finally {
        h5.H5Aclose(attribute);
      }
    }
  });
}
