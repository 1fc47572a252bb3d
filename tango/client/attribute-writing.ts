// SPDX-License-Identifier: MIT
// From values as people give them to elements and dimensions as attributes are written.
import { DevFailed, devFailed } from "../errors.ts";
import type { AttributeDim } from "../idl/index.ts";
import type { KnownAttribute } from "./attribute-reading.ts";
import type { WriteValue } from "./dialect/write.ts";
import { typeName } from "./type-names.ts";

export interface WritableAttribute extends KnownAttribute {
  /** For DevEnum: labels that may be given in place of their index. */
  readonly enumLabels?: readonly string[];
}

/**
 * A value for an attribute: a scalar; a list; or `{ data, shape: [rows, columns] }` or a list of equally long lists.
 * @throws DevFailed API_IncompatibleAttrArgumentType saying what was wanted.
 */
export function writeValue(device: string, name: string, attribute: WritableAttribute, value: unknown): WriteValue {
  const where = `attribute ${name} of device ${device}`;
  const { code, format } = attribute;
  if (format === "SCALAR" || format === "FMT_UNKNOWN") {
    return { name, code, elements: [labelled(attribute, value, where)], dim: { dim_x: 1, dim_y: 0 } };
  }
  if (format === "SPECTRUM") {
    if (!isList(value)) throw incompatible(where, `a list of ${typeName(code)}`);
    const elements = code === 29 ? Array.from(value, (item) => labelled(attribute, item, where)) : value;
    return { name, code, elements, dim: { dim_x: value.length, dim_y: 0 } };
  }
  return { name, code, ...imageElements(value, where, code) };
}

export const incompatible = (where: string, wanted: string): DevFailed =>
  devFailed(
    "API_IncompatibleAttrArgumentType",
    `Value for ${where}: ${wanted} expected`,
    "DeviceProxy::write_attribute()",
  );

/** A TypeError of the codec (value out of range, wrong type) as the DevFailed of the member it was for. */
export function refusedValue(error: unknown, where: string, reason: string, origin: string): unknown {
  if (!(error instanceof TypeError)) return error;
  const level = { reason, desc: `Value for ${where}: ${error.message}`, origin, severity: "ERR" as const };
  return new DevFailed([level], { cause: error });
}

const isList = (value: unknown): value is ArrayLike<unknown> =>
  Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);

function labelled({ code, enumLabels }: WritableAttribute, value: unknown, where: string): unknown {
  if (code !== 29 || typeof value !== "string") return value;
  const index = enumLabels?.indexOf(value) ?? -1;
  if (index < 0) throw incompatible(where, `an index, or one of ${enumLabels?.join(", ") ?? "no labels"}`);
  return index;
}

function imageElements(value: unknown, where: string, code: number): { elements: unknown; dim: AttributeDim } {
  const wanted = `{ data, shape: [rows, columns] } of ${typeName(code)}, or a list of equally long rows,`;
  if (isList(value)) {
    const rows = Array.from(value);
    const columns = isList(rows[0]) ? rows[0].length : 0;
    if (!rows.every((row) => isList(row) && row.length === columns)) throw incompatible(where, wanted);
    const elements = rows.flatMap((row) => Array.from(row as ArrayLike<unknown>));
    return { elements, dim: { dim_x: columns, dim_y: rows.length } };
  }
  if (typeof value === "object" && value !== null && "data" in value && "shape" in value && isList(value.data)) {
    const [rows, columns] = value.shape as readonly [number, number];
    if (rows * columns !== value.data.length) {
      const problem = `shape [${rows}, ${columns}] does not hold ${value.data.length} elements; ${wanted}`;
      throw incompatible(where, problem);
    }
    return { elements: value.data, dim: { dim_x: columns, dim_y: rows } };
  }
  throw incompatible(where, wanted);
}
