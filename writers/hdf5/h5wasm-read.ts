// SPDX-License-Identifier: MIT
// What is in a file, with h5wasm's module.
import type { Metadata } from "h5wasm/node";
import { count } from "./dtype.ts";
import type { WasmFile } from "./h5wasm.ts";
import { dtypeOf } from "./h5wasm-types.ts";
import type { Node, Value } from "./port.ts";
import { Hdf5Error } from "./port.ts";

export function look({ module, id }: WasmFile, path: string): Node | undefined {
  const type = path === "/" ? module.H5G_GROUP : module.get_type(id, path);
  const target = type === module.H5G_TYPE || type < 0 || path === "/" ? null : linkTarget(module, id, path);
  if (target !== null) return { kind: "softLink", target };
  if (type === module.H5G_GROUP)
    return {
      kind: "group",
      members: module.get_names(id, path, false),
      attributes: module.get_attribute_names(id, path).sort(),
    };
  if (type === module.H5G_UDLINK) {
    const { filename, obj_path } = module.get_external_link(id, path);
    return { kind: "externalLink", file: filename, target: obj_path };
  }
  if (type !== module.H5G_DATASET) return undefined;
  const metadata = module.get_dataset_metadata(id, path);
  return {
    kind: "dataset",
    dtype: dtypeOf(metadata),
    shape: metadata.shape ?? [0],
    attributes: module.get_attribute_names(id, path).sort(),
  };
}

/** Null for a hard or external link. (The declared type of `get_symbolic_link` leaves null out.) */
const linkTarget = (module: WasmFile["module"], id: bigint, path: string): string | null =>
  module.get_symbolic_link(id, path) as string | null;

export function readRows(file: WasmFile, path: string, rows?: { readonly from: number; readonly to: number }): Value {
  const { module, id, heap } = file;
  const metadata = module.get_dataset_metadata(id, path);
  const whole = metadata.shape ?? [];
  const from = rows ? Math.min(rows.from, whole[0] ?? 0) : 0;
  const shape = rows ? [Math.max(0, Math.min(rows.to, whole[0] ?? 0) - from), ...whole.slice(1)] : [...whole];
  const bytes = metadata.size * count(shape);
  const pointer = heap.lend(Math.max(bytes, 8));
  if (bytes > 0) {
    const start = [from, ...shape.slice(1).map(() => 0)];
    const part = rows ? ([shape, start, shape.map(() => 1)] as const) : undefined;
    const [counts, offset, strides] = part?.map((list) => list.map(BigInt)) ?? [null, null, null];
    module.get_dataset_data(id, path, counts ?? null, offset ?? null, strides ?? null, BigInt(pointer));
  }
  const value = valueAt(file, path, metadata, shape, pointer);
  if (metadata.vlen && rows) module.reclaim_vlen_memory_count(id, path, "", BigInt(pointer), shape.map(BigInt));
  else if (metadata.vlen) module.reclaim_vlen_memory(id, path, "", BigInt(pointer));
  return value;
}

export function readAttribute(file: WasmFile, path: string, name: string): Value | undefined {
  const { module, id, heap } = file;
  if (!module.get_attribute_names(id, path).includes(name)) return undefined;
  const metadata = module.get_attribute_metadata(id, path, name);
  const shape = metadata.shape ?? [];
  const pointer = heap.lend(Math.max(metadata.size * count(shape), 8));
  module.get_attribute_data(id, path, name, BigInt(pointer));
  const value = valueAt(file, path, metadata, shape, pointer);
  if (metadata.vlen) module.reclaim_vlen_memory(id, path, name, BigInt(pointer));
  return value;
}

function valueAt(file: WasmFile, path: string, metadata: Metadata, shape: readonly number[], pointer: number): Value {
  const { module } = file;
  const dtype = dtypeOf(metadata);
  if (dtype === "other") throw new Hdf5Error("unsupported", "", `${path} has a type this program does not read`);
  const length = count(shape);
  if (dtype !== "string") return { dtype, shape, data: module.HEAPU8.slice(pointer, pointer + metadata.size * length) };
  const pointers = new DataView(module.HEAPU8.buffer, pointer, 4 * length);
  const data = Array.from({ length }, (_, index) => {
    const at = pointers.getUint32(4 * index, true);
    return at ? module.UTF8ToString(at) : "";
  });
  return { dtype, shape, data };
}
