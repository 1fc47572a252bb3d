// SPDX-License-Identifier: MIT
// One reading of an attribute, as it goes to clients, caches and events.
import type { DevError } from "../../errors.ts";
import {
  type AttrDataFormat,
  type AttributeValue,
  type AttributeValue_3,
  type AttributeValue_4,
  type AttributeValue_5,
  type AttrQuality,
  type AttrValUnion,
  noData,
  type TimeVal,
  toAny,
  toUnion,
} from "../../idl/index.ts";
import type { DataType } from "./data-type-table.ts";
import { joined, kept, type Layout, NO_DIM } from "./layout.ts";

export interface Sample {
  readonly name: string;
  readonly type: DataType | undefined;
  readonly format: AttrDataFormat;
  readonly quality: AttrQuality;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** Absent when invalid or failed. */
  readonly read?: Layout;
  /** The set value of a writable attribute. */
  readonly set?: Layout;
  readonly errors?: readonly DevError[];
  /** The built-in attribute State, whose value has a branch of its own. */
  readonly isState?: boolean;
}

/** A sample that stays what it is whatever the device does with its memory. */
export function keptSample(sample: Sample): Sample {
  const { read, set } = sample;
  if (!read || sample.format === "SCALAR") return sample;
  return {
    ...sample,
    read: { ...read, elements: kept(read.elements) },
    ...(set && { set: { ...set, elements: kept(set.elements) } }),
  };
}

export const timeVal = (milliseconds: number): TimeVal => {
  const seconds = Math.floor(milliseconds / 1000);
  return { tv_sec: seconds, tv_usec: Math.floor((milliseconds - seconds * 1000) * 1000), tv_nsec: 0 };
};
export const milliseconds = ({ tv_sec, tv_usec, tv_nsec }: TimeVal): number =>
  tv_sec * 1000 + tv_usec / 1000 + tv_nsec / 1e6;

const NO_ERRORS: readonly DevError[] = [];

function unionOf({ read, set, type, isState }: Sample): AttrValUnion {
  if (!read || !type) return noData;
  if (isState) return { type: "DEVICE_STATE", value: read.elements[0] } as AttrValUnion;
  return toUnion(type.code, joined(read.elements, set?.elements));
}

const NULL_ANY = toAny(0, undefined);
/** The oldest interfaces carry lists even of scalars; only the built-in State comes bare. */
function anyOf({ read, set, type, isState }: Sample) {
  if (!read || !type) return NULL_ANY;
  if (isState) return toAny(19, read.elements[0]);
  return toAny(type.arrayCode, joined(read.elements, set?.elements));
}

const setDim = ({ set, read }: Sample) => (read && set ? set.dim : NO_DIM);

export const toValue5 = (sample: Sample): AttributeValue_5 => ({
  value: unionOf(sample),
  quality: sample.quality,
  data_format: sample.format,
  data_type: sample.type?.code ?? 100,
  time: timeVal(sample.time),
  name: sample.name,
  r_dim: sample.read?.dim ?? NO_DIM,
  w_dim: setDim(sample),
  err_list: sample.errors ?? NO_ERRORS,
});

export const toValue4 = (sample: Sample): AttributeValue_4 => ({
  value: unionOf(sample),
  quality: sample.quality,
  data_format: sample.format,
  time: timeVal(sample.time),
  name: sample.name,
  r_dim: sample.read?.dim ?? NO_DIM,
  w_dim: setDim(sample),
  err_list: sample.errors ?? NO_ERRORS,
});

export const toValue3 = (sample: Sample): AttributeValue_3 => ({
  value: anyOf(sample),
  quality: sample.quality,
  time: timeVal(sample.time),
  name: sample.name,
  r_dim: sample.read?.dim ?? NO_DIM,
  w_dim: setDim(sample),
  err_list: sample.errors ?? NO_ERRORS,
});

export const toValue1 = (sample: Sample): AttributeValue => ({
  // IDL 1 and 2 know no encoded attributes.
  value: sample.type?.kind === "encoded" ? NULL_ANY : anyOf(sample),
  quality: sample.quality,
  time: timeVal(sample.time),
  name: sample.name,
  dim_x: sample.read?.dim.dim_x ?? 0,
  dim_y: sample.read?.dim.dim_y ?? 0,
});
