// SPDX-License-Identifier: MIT
// The operations of the port, with h5wasm's module.
import { parents } from "./adapter.ts";
import { count, elementType, swapped } from "./dtype.ts";
import type { WasmFile } from "./h5wasm.ts";
import { typeOf } from "./h5wasm-types.ts";
import type { Attributes, Growing, Operation, Value } from "./port.ts";
import { Hdf5Error } from "./port.ts";

const unlimited = 18446744073709551615n;
const DEFLATE = 1;
const big = (shape: readonly number[]): bigint[] => shape.map(BigInt);

type Of<Name extends Operation["do"]> = Extract<Operation, { do: Name }>;
export const unsupported = (what: string): never => {
  throw new Hdf5Error("unsupported", "", `${what}: not possible with the adapter h5wasm; use --hdf5 libhdf5`);
};

export function createItem(file: WasmFile, operation: Operation): void {
  const create = table[operation.do] as (file: WasmFile, operation: Operation) => void;
  create(file, operation);
}

const table: { readonly [Name in Operation["do"]]: (file: WasmFile, operation: Of<Name>) => void } = {
  group(file, { path, attributes }) {
    if (path !== "/") for (const group of [...parents(path), path]) requireGroup(file, group);
    setAttributes(file, path, attributes);
  },
  dataset(file, { path, value, attributes }) {
    dataset(file, path, value, {});
    setAttributes(file, path, attributes);
  },
  growing(file, { path, dataset: growing, attributes }) {
    dataset(file, path, emptyOf(growing), { growing });
    setAttributes(file, path, attributes);
  },
  rows: writeRows,
  replace(file, { path, value }) {
    const { module, id } = file;
    const whole = value.shape.length ? [big(value.shape), value.shape.map(() => 0n), value.shape.map(() => 1n)] : null;
    const [counts, offset, strides] = whole ?? [null, null, null];
    module.set_dataset_data(id, path, counts ?? null, offset ?? null, strides ?? null, put(file, value));
  },
  attributes: (file, { path, attributes }) => setAttributes(file, path, attributes),
  removeAttribute({ module, id }, { path, name }) {
    module.delete_attribute(id, path, name);
  },
  softLink(file, { path, target }) {
    requireParents(file, path);
    file.module.create_soft_link(file.id, target, path);
  },
  externalLink(file, { path, file: name, target }) {
    requireParents(file, path);
    file.module.create_external_link(file.id, name, target, path);
  },
  chunk: () => unsupported("Writing compressed chunks"),
  virtual: (_file, { path }) => unsupported(`Virtual dataset ${path}`),
  externalRaw: (_file, { path }) => unsupported(`Dataset ${path} in raw files`),
  remove: (_file, { path }) => unsupported(`Removing ${path}`),
};

function requireGroup({ module, id }: WasmFile, path: string): void {
  const type = module.get_type(id, path);
  if (type === module.H5G_GROUP) return;
  module.create_group(id, path, false);
}
function requireParents(file: WasmFile, path: string): void {
  for (const group of parents(path)) requireGroup(file, group);
}

const emptyOf = ({ dtype, row }: Growing): Value => ({
  dtype,
  shape: [0, ...row],
  data: dtype === "string" ? [] : new Uint8Array(0),
});

/** Bytes or strings in the module's memory, little-endian. */
function put({ heap }: WasmFile, { dtype, data }: Pick<Value, "dtype" | "data">): bigint {
  if (!(data instanceof Uint8Array)) return heap.putStrings(data);
  const swap = typeof dtype === "string" && elementType(dtype).bigEndian;
  return heap.put(swap ? swapped(data, dtype) : data);
}

function dataset(file: WasmFile, path: string, value: Value, { growing }: { growing?: Growing }): void {
  if (growing?.filter) unsupported(`Dataset ${path} of chunks that come compressed`);
  requireParents(file, path);
  const shape = big(value.shape);
  const metadata = {
    ...typeOf(value.dtype),
    shape,
    maxshape: growing ? [unlimited, ...growing.row.map((n) => (growing.ragged ? unlimited : BigInt(n)))] : shape,
    chunks: growing ? big(growing.chunk) : null,
    compression: growing?.gzip === undefined ? 0 : DEFLATE,
    compression_opts: growing?.gzip === undefined ? [] : [growing.gzip],
    track_order: false,
    total_size: count(value.shape),
  };
  const { module, id } = file;
  type Metadata = Parameters<typeof module.create_dataset>[3];
  if (value.dtype === "string") module.create_vlen_str_dataset(id, path, value.data, metadata as unknown as Metadata);
  else module.create_dataset(id, path, put(file, value), metadata as unknown as Metadata);
}

function writeRows(file: WasmFile, { path, at, count: rows, data, row }: Of<"rows">): void {
  const { module, id } = file;
  const { shape } = module.get_dataset_metadata(id, path);
  if (!shape?.length) throw new Hdf5Error("failed", "", `${path} is a scalar: it has no rows`);
  const item = row ?? shape.slice(1);
  const needed = [Math.max(shape[0] ?? 0, at + rows), ...item.map((n, i) => Math.max(n, shape[i + 1] ?? 0))];
  if (needed.some((length, i) => length > (shape[i] ?? 0))) module.resize_dataset(id, path, big(needed));
  const counts = big([rows, ...item]);
  if (counts.includes(0n)) return;
  const offset = big([at, ...item.map(() => 0)]);
  const strides = counts.map(() => 1n);
  const pointer = data instanceof Uint8Array ? file.heap.put(data) : file.heap.putStrings(data);
  module.set_dataset_data(id, path, counts, offset, strides, pointer);
}

function setAttributes(file: WasmFile, path: string, attributes: Attributes = {}): void {
  const { module, id } = file;
  const present = new Set(Object.keys(attributes).length ? module.get_attribute_names(id, path) : []);
  for (const [name, value] of Object.entries(attributes)) {
    if (present.has(name)) module.delete_attribute(id, path, name);
    const shape = big(value.shape);
    const metadata = { ...typeOf(value.dtype), shape, maxshape: shape, total_size: count(value.shape) };
    type Metadata = Parameters<typeof module.create_attribute>[4];
    if (value.dtype === "string")
      module.create_vlen_str_attribute(id, path, name, value.data, metadata as unknown as Metadata);
    else module.create_attribute(id, path, name, put(file, value), metadata as unknown as Metadata);
  }
}
