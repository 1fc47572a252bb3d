// SPDX-License-Identifier: MIT
// Between a value as handlers see it (number, typed array, `{ data, shape }`) and as it travels: a list and two dimensions.
import { devFailed } from "../../errors.ts";
import type { AttributeDim } from "../../idl/index.ts";
import type { AttributeDefinition } from "../../interface.ts";
import type { DataType } from "./data-type-table.ts";

/** Elements of a value, row by row: a typed array or any other list. */
export type Elements = ArrayLike<unknown>;

export interface Layout {
  readonly elements: Elements;
  readonly dim: AttributeDim;
}

export const NO_DIM: AttributeDim = { dim_x: 0, dim_y: 0 };
/** Type number of DevFloat. */
const FLOAT = 4;
const ONE: AttributeDim = { dim_x: 1, dim_y: 0 };

const isList = (value: unknown): value is Elements =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);

/**
 * A handler's value as elements and dimensions.
 * @throws DevFailed when it is not of the attribute's format, or larger than the attribute allows.
 */
export function layOut(name: string, definition: AttributeDefinition, value: unknown): Layout {
  const { format } = definition;
  if (format === "SCALAR") return scalarLayout(name, definition.type.code === FLOAT ? rounded(value) : value);
  const laid = format === "SPECTRUM" ? spectrumLayout(name, value) : imageLayout(name, value);
  const { dim_x, dim_y } = laid.dim;
  if (dim_x > definition.maxX || (format === "IMAGE" && dim_y > definition.maxY)) {
    const problem = `Data size for attribute ${name} [${dim_x}, ${dim_y}] exceeds given limit [${definition.maxX}, ${definition.maxY}]`;
    throw devFailed("API_AttrOptProp", problem, "Attribute::set_value()");
  }
  return laid;
}

/** As clients get it: changes are judged by what they see. */
const rounded = (value: unknown) => (typeof value === "number" ? Math.fround(value) : value);

function scalarLayout(name: string, value: unknown): Layout {
  if (value === undefined || value === null) throw valueNotSet(name);
  return { elements: [value], dim: ONE };
}

function spectrumLayout(name: string, value: unknown): Layout {
  if (value === undefined || value === null) throw valueNotSet(name);
  if (!isList(value)) throw wrongShape(name, "a typed array or an array");
  return { elements: value, dim: { dim_x: value.length, dim_y: 0 } };
}

function imageLayout(name: string, value: unknown): Layout {
  if (value === undefined || value === null) throw valueNotSet(name);
  const { data, shape } = value as { data?: unknown; shape?: unknown };
  if (!isList(data) || !isList(shape)) throw wrongShape(name, "{ data, shape: [rows, columns] }");
  const [rows, columns] = [Number(shape[0]), Number(shape[1])];
  if (rows * columns !== data.length) {
    throw wrongShape(name, `${rows} x ${columns} elements, but data has ${data.length}`);
  }
  return { elements: data, dim: { dim_x: columns, dim_y: rows } };
}

const wrongShape = (name: string, wanted: string) =>
  devFailed("API_AttrOptProp", `The value of attribute ${name} must be ${wanted}`, "Attribute::set_value()");
const valueNotSet = (name: string) =>
  devFailed(
    "API_AttrValueNotSet",
    `Read value for attribute ${name} has not been updated`,
    "DeviceImpl::read_attributes",
  );

/** The value a write handler is given. */
export function handlerValue({ format }: AttributeDefinition, { elements, dim }: Layout): unknown {
  if (format === "SCALAR") return elements[0];
  return format === "SPECTRUM" ? elements : { data: elements, shape: [dim.dim_y, dim.dim_x] };
}

/** What is set before the first write: one element of the type's initial value. */
export const initialSet = (type: DataType): Layout => ({ elements: [type.initial], dim: ONE });

type Sliceable = {
  slice(): Elements;
  set(source: Elements, offset: number): void;
  constructor: new (length: number) => Sliceable;
} & Elements;

/** Read part then set part, as AttributeValue carries them. */
export function joined(read: Elements, set: Elements | undefined): Elements {
  if (!set) return read;
  if (ArrayBuffer.isView(read) && ArrayBuffer.isView(set) && read.constructor === set.constructor) {
    const typed = read as unknown as Sliceable;
    const both = new typed.constructor(typed.length + set.length);
    both.set(typed, 0);
    both.set(set as unknown as Elements, typed.length);
    return both;
  }
  return read.length === 1 && set.length === 1 ? [read[0], set[0]] : [...Array.from(read), ...Array.from(set)];
}

/** The elements as they are now, for caches: a handler may fill the same memory again. */
export const kept = (elements: Elements): Elements =>
  ArrayBuffer.isView(elements) ? (elements as unknown as Sliceable).slice() : Array.from(elements);
