// SPDX-License-Identifier: MIT
// Writing attributes, in each version of the interface.
import { devFailed } from "../../errors.ts";
import type { AttrDataFormat, AttributeDim, AttributeValue, AttributeValue_4 } from "../../idl/index.ts";
import { toAny, toUnion } from "../../idl/index.ts";
import { DevEnum } from "../../idl/tango-types.ts";
import type { ReadValue } from "../attribute-reading.ts";
import type { Callee } from "./invoke.ts";
import { fromValue4, fromValue5 } from "./read.ts";

/** A value on its way to an attribute: all elements, row by row. */
export interface WriteValue {
  readonly name: string;
  /** Of one element. */
  readonly code: number;
  readonly elements: unknown;
  readonly dim: AttributeDim;
}

export type WriteAttributes = (callee: Callee, values: readonly WriteValue[]) => Promise<void>;
export type WriteReadAttributes = (
  callee: Callee,
  values: readonly WriteValue[],
  names: readonly string[],
) => Promise<readonly ReadValue[]>;

export const writeAttributes: Readonly<Record<number, WriteAttributes>> = {
  1: ({ invoke }, values) => invoke("write_attributes", [values.map(asAny)]),
  3: ({ invoke }, values) => invoke("write_attributes_3", [values.map(asAny)]),
  4: ({ invoke, ident }, values) => invoke("write_attributes_4", [values.map(asUnion), ident]),
};

export const writeReadAttributes: Readonly<Record<number, WriteReadAttributes>> = {
  1: async () => {
    throw tooOld("an attribute", 4);
  },
  4: async ({ invoke, ident }, values, names) => {
    const [only, ...others] = values;
    if (others.length > 0 || names.length !== 1 || names[0]?.toLowerCase() !== only?.name.toLowerCase())
      throw tooOld("several attributes, or other than those written,", 5);
    return (await invoke("write_read_attributes_4", [values.map(asUnion), ident])).map(fromValue4);
  },
  5: async ({ invoke, ident }, values, names) =>
    (await invoke("write_read_attributes_5", [values.map(asUnion), names, ident])).map(fromValue5),
};

const tooOld = (what: string, version: number) =>
  devFailed(
    "API_UnsupportedFeature",
    `The device is too old to write and read ${what} in one call (it needs IDL ${version}); write, then read`,
    "DeviceProxy::write_read_attribute()",
  );

const never = { tv_sec: 0, tv_usec: 0, tv_nsec: 0 };
const nothing = { dim_x: 0, dim_y: 0 };
const unknownFormat: AttrDataFormat = "FMT_UNKNOWN";

const asUnion = ({ name, code, elements, dim }: WriteValue): AttributeValue_4 => ({
  value: toUnion(code, elements),
  quality: "ATTR_VALID",
  data_format: unknownFormat,
  time: never,
  name,
  r_dim: nothing,
  w_dim: dim,
  err_list: [],
});

const asAny = ({ name, code, elements, dim }: WriteValue): AttributeValue => ({
  value: toAny(arrayCodes[code] ?? code, elements),
  quality: "ATTR_VALID",
  time: never,
  name,
  dim_x: dim.dim_x,
  dim_y: dim.dim_y,
});

/** Old interfaces write every value, scalars too, as an array. */
const arrayCodes: Readonly<Record<number, number>> = {
  1: 21, 2: 10, 3: 11, 4: 12, 5: 13, 6: 14, 7: 15, 8: 16, 19: 31, 22: 9, 23: 25, 24: 26, [DevEnum.code]: 10,
}; // biome-ignore format: a table
