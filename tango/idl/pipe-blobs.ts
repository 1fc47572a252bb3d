// SPDX-License-Identifier: MIT
// The content of pipes as people write it: named trees of typed values.
import { fromUnion, noData, toUnion } from "./conversions.ts";
import * as types from "./tango-types.ts";
import type { DevPipeBlob, DevPipeDataElt } from "./values.ts";

/** One element of a pipe's blob; a nested blob is a value too. */
export interface PipeElement {
  readonly name: string;
  readonly value: PipeValue | Blob;
}
export interface Blob {
  readonly name: string;
  readonly elements: readonly PipeElement[];
}
/** `type` is a Tango type name, e.g. "DevDouble" or "DevVarDoubleArray". */
export interface PipeValue {
  readonly type: string;
  readonly value: unknown;
}

const scalars = [
  types.DevBoolean, types.DevShort, types.DevLong, types.DevFloat, types.DevDouble, types.DevUShort, types.DevULong,
  types.DevString, types.DevState, types.DevUChar, types.DevLong64, types.DevULong64, types.DevEncoded, types.DevEnum,
] as const; // biome-ignore format: a list

const scalarCodes: ReadonlyMap<string, number> = new Map(scalars.map(({ name, code }) => [name, code]));
/** List types, with the number of their element's type. */
const listCodes: ReadonlyMap<string, number> = new Map([
  ...scalars
    .filter(({ name }) => name !== "DevEnum")
    .flatMap(({ array, code }) => (array ? [[array.name, code] as const] : [])),
  ["DevVarEncodedArray", 28] as const,
]);
/** The names of both by the number of the element's type. */
const namesOf: ReadonlyMap<number, readonly [scalar: string, list: string]> = new Map(
  scalars.map(({ name, code, array }) => [code, [name, array?.name ?? "DevVarEncodedArray"]]),
);

/** How Tango tells a value from a list of one, in a field that only inner blobs need. */
const SCALAR = "Scalar";
const ARRAY = "Array";

const isBlob = (value: PipeValue | Blob): value is Blob => "elements" in value;

function wireElement({ name, value }: PipeElement): DevPipeDataElt {
  if (isBlob(value)) {
    return { name, value: noData, inner_blob: value.elements.map(wireElement), inner_blob_name: value.name };
  }
  const scalar = scalarCodes.get(value.type);
  const list = scalar === undefined ? listCodes.get(value.type) : undefined;
  if (scalar === undefined && list === undefined) throw new TypeError(`${name}: ${value.type} cannot be in a pipe`);
  const elements = scalar === undefined ? value.value : [value.value];
  const inner_blob_name = scalar === undefined ? ARRAY : SCALAR;
  return { name, value: toUnion(scalar ?? list ?? 0, elements), inner_blob: [], inner_blob_name };
}

/** @throws TypeError naming the element whose type cannot be in a pipe. */
export const wireBlob = (blob: Blob): DevPipeBlob => ({ name: blob.name, blob_data: blob.elements.map(wireElement) });

/** One element is a scalar unless its sender says that it is a list of one. */
function plainElement({ name, value, inner_blob, inner_blob_name }: DevPipeDataElt): PipeElement {
  const found = fromUnion(value);
  if (!found) return { name, value: { name: inner_blob_name, elements: inner_blob.map(plainElement) } };
  const [scalar, list] = namesOf.get(found.code) ?? ["DevDouble", "DevVarDoubleArray"];
  const elements = found.value as ArrayLike<unknown>;
  return {
    name,
    value:
      elements.length === 1 && inner_blob_name !== ARRAY
        ? { type: scalar, value: elements[0] }
        : { type: list, value: elements },
  };
}

export const plainBlob = ({ name, blob_data }: DevPipeBlob): Blob => ({ name, elements: blob_data.map(plainElement) });
