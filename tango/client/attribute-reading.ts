// SPDX-License-Identifier: MIT
// What reading an attribute gives, whatever version of the interface the device speaks.
import type { DevError } from "../errors.ts";
import { DevFailed } from "../errors.ts";
import type { AttrDataFormat, AttributeDim, TimeVal } from "../idl/index.ts";
import type { Image } from "../idl/tango-types.ts";
import { typeName } from "./type-names.ts";

export type Quality = "VALID" | "INVALID" | "ALARM" | "CHANGING" | "WARNING";
export type Format = "SCALAR" | "SPECTRUM" | "IMAGE";

/** The full record of one attribute read. */
export interface AttributeReading<Value = unknown> {
  readonly name: string;
  /** Undefined when the quality is INVALID, or the read failed. */
  readonly value: Value | undefined;
  /** The set value of a writable attribute. */
  readonly set: Value | undefined;
  readonly quality: Quality;
  /** Milliseconds since the epoch, with fractions. */
  readonly time: number;
  /** "DevDouble"...; undefined when nothing was read. DevEnum shows as DevShort from devices before IDL 5. */
  readonly type: string | undefined;
  readonly format: Format;
  /** Why this attribute failed, when others of the same call may not have. */
  readonly error: DevFailed | undefined;
}

/** A read attribute as the wire has it, with the differences between versions already gone. */
export interface ReadValue {
  readonly name: string;
  readonly code: number | undefined;
  /** Read part, then set part; undefined without data. */
  readonly elements: ArrayLike<unknown> | undefined;
  readonly quality: Quality;
  /** FMT_UNKNOWN from devices before IDL 4: their configuration says. */
  readonly format: AttrDataFormat;
  readonly time: TimeVal;
  readonly readDim: AttributeDim;
  readonly setDim: AttributeDim;
  readonly errors: readonly DevError[];
}

const elementsOf = ({ dim_x, dim_y }: AttributeDim): number => dim_x * (dim_y || 1);
export const milliseconds = ({ tv_sec, tv_usec, tv_nsec }: TimeVal): number =>
  tv_sec * 1000 + tv_usec / 1000 + tv_nsec / 1_000_000;

/** A format the wire leaves open: from the configuration when it is known, else from the dimensions. */
const formatOf = ({ format, readDim }: ReadValue, known?: AttrDataFormat): Format => {
  if (format !== "FMT_UNKNOWN") return format;
  if (known && known !== "FMT_UNKNOWN") return known;
  return readDim.dim_y > 0 ? "IMAGE" : readDim.dim_x > 1 ? "SPECTRUM" : "SCALAR";
};

export interface KnownAttribute {
  readonly format: AttrDataFormat;
  readonly code: number;
}

export function readingOf(value: ReadValue, known?: KnownAttribute): AttributeReading {
  const { name, quality, elements, code } = value;
  const format = formatOf(value, known?.format);
  const time = milliseconds(value.time);
  if (value.errors.length > 0) {
    const error = new DevFailed(value.errors);
    return { name, value: undefined, set: undefined, quality: "INVALID", time, type: undefined, format, error };
  }
  const type = code === undefined ? undefined : typeName(known?.code === 29 && code === 2 ? 29 : code);
  if (!elements) return { name, value: undefined, set: undefined, quality, time, type, format, error: undefined };
  const read = elementsOf(value.readDim);
  const set = elementsOf(value.setDim);
  // A WRITE attribute gives its set value once, as both parts.
  const setFrom = read + set > elements.length ? Math.max(0, elements.length - set) : read;
  return {
    name,
    value: quality === "INVALID" ? undefined : shaped(elements, 0, read, format, value.readDim),
    set: set > 0 ? shaped(elements, setFrom, set, format, value.setDim) : undefined,
    quality,
    time,
    type,
    format,
    error: undefined,
  };
}

function shaped(elements: ArrayLike<unknown>, from: number, count: number, format: Format, dim: AttributeDim): unknown {
  if (format === "SCALAR") return elements[from];
  const data = part(elements, from, count);
  if (format === "SPECTRUM") return data;
  // An image that was never set has one element in no row.
  const rows = dim.dim_x > 0 ? dim.dim_y || 1 : dim.dim_y;
  return { data, shape: [rows, dim.dim_x] } satisfies Image<unknown>;
}

/** Typed arrays are cut without copying. */
function part(elements: ArrayLike<unknown>, from: number, count: number): unknown {
  if (from === 0 && count === elements.length) return elements;
  if (Array.isArray(elements)) return elements.slice(from, from + count);
  return (elements as Uint8Array).subarray(from, from + count);
}
