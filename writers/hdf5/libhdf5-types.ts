// SPDX-License-Identifier: MIT
// Element types as ids of libhdf5, both ways.
import { elementSize, elementType, isCompound } from "./dtype.ts";
import type { Library } from "./libhdf5-library.ts";
import type { IdName } from "./libhdf5-table.ts";
import type { Dtype } from "./port.ts";

const COMPOUND = 6;
const UTF8 = 1;
const VARIABLE = 0xffff_ffff_ffff_ffffn;
/** H5T_class_t. */
const classes = ["integer", "float", "time", "string", "bitfield", "opaque", "compound", "reference", "enum"] as const;

/** Makes each type once and keeps it: the library closes what is left when the process ends. */
export class Types {
  readonly #library: Library;
  readonly #made = new Map<string, bigint>();

  constructor(library: Library) {
    this.#library = library;
  }

  id(dtype: Dtype): bigint {
    const key = JSON.stringify(dtype);
    const made = this.#made.get(key) ?? this.#make(dtype);
    this.#made.set(key, made);
    return made;
  }

  #make(dtype: Dtype): bigint {
    const { h5, id } = this.#library;
    if (isCompound(dtype)) return this.#structure(dtype.compound);
    if (dtype === "string") {
      const string = BigInt(h5.H5Tcopy(id("string")));
      h5.H5Tset_size(string, VARIABLE);
      h5.H5Tset_cset(string, UTF8);
      return string;
    }
    const { kind, size, bigEndian } = elementType(dtype);
    const order = bigEndian ? ">" : "<";
    if (kind === "b") return this.#boolean();
    if (kind === "c") {
      const half = `${order}f${size / 2}`;
      return this.#structure([
        ["r", half],
        ["i", half],
      ]);
    }
    if (kind === "f" && size === 2) return this.#halfFloat();
    return id(`${bigEndian ? kind.toUpperCase() : kind}${size}` as IdName);
  }

  #structure(columns: readonly (readonly [name: string, dtype: string])[]): bigint {
    const { h5 } = this.#library;
    const structure = BigInt(h5.H5Tcreate(COMPOUND, elementSize({ compound: columns })));
    let offset = 0;
    for (const [name, column] of columns) {
      h5.H5Tinsert(structure, name, offset, this.id(column));
      offset += elementSize(column);
    }
    return structure;
  }

  /** As h5py stores numpy's bool. */
  #boolean(): bigint {
    const { h5, id } = this.#library;
    const labels = BigInt(h5.H5Tenum_create(id("i1")));
    h5.H5Tenum_insert(labels, "FALSE", Int8Array.of(0));
    h5.H5Tenum_insert(labels, "TRUE", Int8Array.of(1));
    return labels;
  }

  /** IEEE 754 binary16: sign, 5 bits of exponent, 10 of mantissa. */
  #halfFloat(): bigint {
    const { h5, id } = this.#library;
    const half = BigInt(h5.H5Tcopy(id("f4")));
    h5.H5Tset_fields(half, 15, 10, 5, 0, 10);
    h5.H5Tset_size(half, 2);
    h5.H5Tset_ebias(half, 15);
    return half;
  }
}

/** The dtype of a type in a file, or "other" when this port has no word for it. */
export function dtypeOf(library: Library, type: bigint): Dtype | "other" {
  const { h5 } = library;
  const size = Number(h5.H5Tget_size(type));
  const kind = classes[Number(h5.H5Tget_class(type))];
  const order = size === 1 ? "|" : h5.H5Tget_order(type) === 1 ? ">" : "<";
  if (kind === "string") return h5.H5Tis_variable_str(type) ? "string" : "other";
  if (kind === "integer") return `${order}${h5.H5Tget_sign(type) ? "i" : "u"}${size}`;
  if (kind === "float") return `${order}f${size}`;
  if (kind !== "enum" && kind !== "compound") return "other";
  const names = Array.from({ length: Number(h5.H5Tget_nmembers(type)) }, (_, index) =>
    memberName(library, type, index),
  );
  if (kind === "enum") return size === 1 && names.join() === "FALSE,TRUE" ? "|b1" : "other";
  const columns = names.map((name, index): [string, string] => [name, memberType(library, type, index)]);
  if (names.join() === "r,i" && columns.every(([, column]) => /^[<>]f/.test(column))) return `${order}c${size}`;
  if (!columns.every(([, column]) => /^[<>|][iuf]\d+$/.test(column))) return "other";
  return elementSize({ compound: columns }) === size ? { compound: columns } : "other";
}

function memberName({ h5, textAt }: Library, type: bigint, index: number): string {
  const pointer = h5.H5Tget_member_name(type, index);
  const name = textAt(pointer);
  h5.H5free_memory(pointer);
  return name;
}
function memberType(library: Library, type: bigint, index: number): string {
  const member = BigInt(library.h5.H5Tget_member_type(type, index));
  const dtype = dtypeOf(library, member);
  library.h5.H5Tclose(member);
  return typeof dtype === "string" ? dtype : "other";
}
