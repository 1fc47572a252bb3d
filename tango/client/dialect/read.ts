// SPDX-License-Identifier: MIT
// Reading attributes, in each version of the interface.
import type { AttributeValue, AttributeValue_3, AttributeValue_4, AttributeValue_5, TimeVal } from "../../idl/index.ts";
import { fromAny, fromUnion } from "../../idl/index.ts";
import type { Quality, ReadValue } from "../attribute-reading.ts";
import type { Callee } from "./invoke.ts";

export type ReadAttributes = (callee: Callee, names: readonly string[]) => Promise<readonly ReadValue[]>;

export const readAttributes: Readonly<Record<number, ReadAttributes>> = {
  1: async ({ invoke }, names) => (await invoke("read_attributes", [names])).map(fromValue),
  2: async ({ invoke, source }, names) => (await invoke("read_attributes_2", [names, source])).map(fromValue),
  3: async ({ invoke, source }, names) => (await invoke("read_attributes_3", [names, source])).map(fromValue3),
  4: async ({ invoke, source, ident }, names) =>
    (await invoke("read_attributes_4", [names, source, ident])).map(fromValue4),
  5: async ({ invoke, source, ident }, names) =>
    (await invoke("read_attributes_5", [names, source, ident])).map(fromValue5),
};

const qualities: Readonly<Record<string, Quality>> = {
  ATTR_VALID: "VALID",
  ATTR_INVALID: "INVALID",
  ATTR_ALARM: "ALARM",
  ATTR_CHANGING: "CHANGING",
  ATTR_WARNING: "WARNING",
};
export const qualityOf = (quality: string): Quality => qualities[quality] ?? "INVALID";

/** The data in an `any`: one element (State) or a sequence. */
function anyData(value: AttributeValue["value"]): Pick<ReadValue, "code" | "elements"> {
  const { code, value: data } = fromAny(value);
  if (code === 0) return { code: undefined, elements: undefined };
  if (Array.isArray(data) || ArrayBuffer.isView(data)) return { code: scalarCode(code), elements: data as never };
  return { code, elements: [data] };
}
/** The type of an array's elements. */
export const scalarCode = (code: number): number => scalarCodes[code] ?? code;
const scalarCodes: Readonly<Record<number, number>> = {
  9: 22, 10: 2, 11: 3, 12: 4, 13: 5, 14: 6, 15: 7, 16: 8, 21: 1, 25: 23, 26: 24, 31: 19,
}; // biome-ignore format: a table

const nothing = { dim_x: 0, dim_y: 0 };

/** IDL 1 and 2 give the size of the read part only: what is left is the set part. */
export function fromValue(value: AttributeValue): ReadValue {
  const data = anyData(value.value);
  const readDim = { dim_x: value.dim_x, dim_y: value.dim_y };
  const left = (data.elements?.length ?? 0) - value.dim_x * (value.dim_y || 1);
  const setDim = left <= 0 ? nothing : left === 1 ? { dim_x: 1, dim_y: 0 } : readDim;
  return { ...common(value), ...data, format: "FMT_UNKNOWN", readDim, setDim, errors: [] };
}

export function fromValue3(value: AttributeValue_3): ReadValue {
  const { r_dim: readDim, w_dim: setDim, err_list: errors } = value;
  return { ...common(value), ...anyData(value.value), format: "FMT_UNKNOWN", readDim, setDim, errors };
}

export function fromValue4(value: AttributeValue_4): ReadValue {
  return fromUnionValue(value, undefined);
}

export function fromValue5(value: AttributeValue_5): ReadValue {
  return fromUnionValue(value, value.data_type);
}

function fromUnionValue(value: AttributeValue_4, dataType: number | undefined): ReadValue {
  const data = fromUnion(value.value);
  return {
    name: value.name,
    code: data && (dataType ?? scalarCode(data.code)),
    elements: data?.value as ArrayLike<unknown> | undefined,
    quality: qualityOf(value.quality),
    format: value.data_format,
    time: value.time,
    readDim: value.r_dim,
    setDim: value.w_dim,
    errors: value.err_list,
  };
}

const common = ({ name, quality, time }: { name: string; quality: string; time: TimeVal }) => ({
  name,
  quality: qualityOf(quality),
  time,
});
