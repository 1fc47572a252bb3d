// SPDX-License-Identifier: MIT
// What is in a file, with libhdf5.
import { count, elementSize } from "./dtype.ts";
import type { NativeFile } from "./libhdf5.ts";
import type { Library, Result } from "./libhdf5-library.ts";
import { space, strided } from "./libhdf5-space.ts";
import { dtypeOf } from "./libhdf5-types.ts";
import type { Chunk, Node, Value } from "./port.ts";
import { Hdf5Error } from "./port.ts";

const DEFAULT = 0n;
const ALL = 0n;
const BY_NAME = 0;
const INCREASING = 0;
const GROUP = 2;
const DATASET = 5;
/** H5L_type_t, the first field of H5L_info_t. */
const linkKinds: Record<number, "hard" | "soft" | "external"> = { 0: "hard", 1: "soft", 64: "external" };
const LINK_INFO_SIZE = 64;

export function look(file: NativeFile, path: string): Node | undefined {
  const { library, id } = file;
  const { h5 } = library;
  if (path !== "/") {
    const kind = linkKind(file, path);
    if (kind === undefined) return undefined;
    if (kind !== "hard") return linkNode(library, id, path, kind);
  }
  const object = h5.H5Oopen(id, path, DEFAULT);
  try {
    const attributes = names((index, name) =>
      h5.H5Aget_name_by_idx(object, ".", BY_NAME, INCREASING, index, name, name.length, DEFAULT),
    );
    const type = h5.H5Iget_type(object);
    if (type === GROUP) return { kind: "group", members: members(library, object), attributes };
    if (type !== DATASET) return undefined;
    using extent = space(library, h5.H5Dget_space(object));
    const dtype = h5.H5Dget_type(object);
    const node = {
      kind: "dataset",
      dtype: dtypeOf(library, BigInt(dtype)),
      shape: extent.shape(),
      attributes,
    } as const;
    h5.H5Tclose(dtype);
    return node;
  } finally {
    h5.H5Oclose(object);
  }
}

/** What the last link of a path is; undefined when it, or a group above it, is not there. */
function linkKind({ library, id }: NativeFile, path: string): "hard" | "soft" | "external" | undefined {
  const parts = path.split("/").filter(Boolean);
  for (let depth = 1; depth <= parts.length; depth++)
    if (!(library.h5.H5Lexists(id, `/${parts.slice(0, depth).join("/")}`, DEFAULT) > 0)) return undefined;
  const info = new Uint8Array(LINK_INFO_SIZE);
  library.h5.H5Lget_info(id, path, info, DEFAULT);
  return linkKinds[new DataView(info.buffer).getInt32(0, true)];
}

function linkNode({ h5 }: Library, id: bigint, path: string, kind: "soft" | "external"): Node {
  const bytes = Buffer.alloc(4096);
  h5.H5Lget_val(id, path, bytes, bytes.length, DEFAULT);
  if (kind === "soft") return { kind: "softLink", target: textIn(bytes, 0) };
  // An external link: one byte of version and flags, the file, the path in it.
  const file = textIn(bytes, 1);
  return { kind: "externalLink", file, target: textIn(bytes, 2 + Buffer.byteLength(file)) };
}
const textIn = (bytes: Buffer, from: number): string => bytes.toString("utf8", from, bytes.indexOf(0, from));

const members = ({ h5 }: Library, group: Result): string[] =>
  names((index, name) => h5.H5Lget_name_by_idx(group, ".", BY_NAME, INCREASING, index, name, name.length, DEFAULT));

/** Asks for names by index until there is none. */
function names(ask: (index: number, into: Uint8Array) => Result): string[] {
  const found: string[] = [];
  const name = Buffer.alloc(1024);
  for (;;) {
    try {
      ask(found.length, name);
    } catch {
      return found;
    }
    found.push(textIn(name, 0));
  }
}

export function readRows(file: NativeFile, path: string, rows?: { readonly from: number; readonly to: number }): Value {
  const { library, id } = file;
  const { h5 } = library;
  const dataset = file.datasets.get(path) ?? h5.H5Dopen2(id, path, DEFAULT);
  try {
    using whole = space(library, h5.H5Dget_space(dataset));
    const full = whole.shape();
    const from = rows ? Math.min(rows.from, full[0] ?? 0) : 0;
    const shape = rows ? [Math.max(0, Math.min(rows.to, full[0] ?? 0) - from), ...full.slice(1)] : full;
    using memory = space(library, { dims: shape });
    using part = strided(library, full.length ? full : [1], {
      start: full.length ? [from, ...full.slice(1).map(() => 0)] : [0],
      count: full.length ? shape : [1],
    });
    const source = full.length ? part.id : ALL;
    return readAs(file, path, h5.H5Dget_type(dataset), shape, memory.id, (type, into) =>
      h5.H5Dread(dataset, type, full.length ? memory.id : ALL, source, DEFAULT, into),
    );
  } finally {
    if (!file.datasets.has(path)) h5.H5Dclose(dataset);
  }
}

/** One chunk as it is in the file; `at`: its first element. */
export function readChunk(file: NativeFile, path: string, at: readonly number[]): Chunk {
  const { library, id } = file;
  const { h5 } = library;
  const dataset = file.datasets.get(path) ?? h5.H5Dopen2(id, path, DEFAULT);
  try {
    const offset = BigUint64Array.from(at, BigInt);
    const size = new BigUint64Array(1);
    h5.H5Dget_chunk_storage_size(dataset, offset, size);
    const data = new Uint8Array(Number(size[0]));
    const skipped = new Uint32Array(1);
    h5.H5Dread_chunk(dataset, DEFAULT, offset, skipped, data);
    const left = skipped[0] ?? 0;
    return { data, filters: filtersOf(library, dataset).filter((_, index) => ((left >> index) & 1) === 0) };
  } finally {
    if (!file.datasets.has(path)) h5.H5Dclose(dataset);
  }
}

function filtersOf({ h5 }: Library, dataset: Result): number[] {
  const list = h5.H5Dget_create_plist(dataset);
  try {
    const count = Number(h5.H5Pget_nfilters(list));
    return Array.from({ length: count }, (_, index) => {
      const none = new BigUint64Array(1);
      return Number(h5.H5Pget_filter2(list, index, new Uint32Array(1), none, null, 0, null, null));
    });
  } finally {
    h5.H5Pclose(list);
  }
}

export function readAttribute(file: NativeFile, path: string, name: string): Value | undefined {
  const { library, id } = file;
  const { h5 } = library;
  const object = h5.H5Oopen(id, path, DEFAULT);
  try {
    if (!(h5.H5Aexists(object, name) > 0)) return undefined;
    const attribute = h5.H5Aopen(object, name, DEFAULT);
    try {
      using extent = space(library, h5.H5Aget_space(attribute));
      return readAs(file, name, h5.H5Aget_type(attribute), extent.shape(), extent.id, (type, into) =>
        h5.H5Aread(attribute, type, into),
      );
    } finally {
      h5.H5Aclose(attribute);
    }
  } finally {
    h5.H5Oclose(object);
  }
}

function readAs(
  { library, types }: NativeFile,
  path: string,
  type: Result,
  shape: readonly number[],
  memory: bigint,
  read: (type: Result, into: Uint8Array) => void,
): Value {
  const { h5, textAt } = library;
  const dtype = dtypeOf(library, BigInt(type));
  try {
    if (dtype === "other") throw new Hdf5Error("unsupported", "", `${path} has a type this program does not read`);
    const length = count(shape);
    const data = new Uint8Array(length * (dtype === "string" ? 8 : elementSize(dtype)));
    if (!data.length) return { dtype, shape, data: dtype === "string" ? [] : data };
    if (dtype !== "string") {
      read(type, data);
      return { dtype, shape, data };
    }
    read(types.id("string"), data);
    const texts = Array.from(new BigUint64Array(data.buffer), (pointer) => textAt(pointer));
    h5.H5Dvlen_reclaim(types.id("string"), memory, DEFAULT, data);
    return { dtype, shape, data: texts };
  } finally {
    h5.H5Tclose(type);
  }
}
