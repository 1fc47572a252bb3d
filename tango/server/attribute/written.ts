// SPDX-License-Identifier: MIT
// What a client sends to be written, checked against the attribute before any handler sees it.
import { type DevFailed, devFailed } from "../../errors.ts";
import { type AttributeDim, type AttributeValue, type AttrValUnion, fromAny, fromUnion } from "../../idl/index.ts";
import type { AttributeDefinition } from "../../interface.ts";
import type { Criteria } from "./criteria.ts";
import type { DataType } from "./data-type-table.ts";
import type { Elements, Layout } from "./layout.ts";

/** A value to write, of any version of the interface. */
export interface Written {
  readonly name: string;
  readonly dim: AttributeDim;
  /** CmdArgType number of the elements and the elements, or undefined when there are none. */
  readonly content: { readonly code: number; readonly elements: Elements } | undefined;
}

export function writtenUnion(name: string, union: AttrValUnion, dim: AttributeDim): Written {
  const found = fromUnion(union);
  return { name, dim, content: found && { code: found.code, elements: found.value as Elements } };
}

/** The code of the elements of a list type. */
const elementCodes: ReadonlyMap<number, number> = new Map([
  [9, 22], [10, 2], [11, 3], [12, 4], [13, 5], [14, 6], [15, 7], [16, 8], [21, 1], [25, 23], [26, 24], [31, 19], [28, 28],
]); // biome-ignore format: a table

export function writtenAny({ name, value, dim_x, dim_y }: AttributeValue): Written {
  const { code, value: given } = fromAny(value);
  const elementCode = elementCodes.get(code);
  const isList = Array.isArray(given) || ArrayBuffer.isView(given);
  const elements = isList ? (given as Elements) : [given];
  return { name, dim: { dim_x, dim_y }, content: { code: isList ? (elementCode ?? code) : code, elements } };
}

export interface WriteRules {
  readonly name: string;
  readonly definition: AttributeDefinition;
  readonly type: DataType;
  readonly criteria: Criteria;
  readonly labels: readonly string[];
}

const ORIGIN = "WAttribute::check_written_value()";
const outside = (problem: string): DevFailed => devFailed("API_WAttrOutsideLimit", problem, ORIGIN);

/** @throws DevFailed saying what is wrong with the value, in the order in which cppTango looks. */
export function checked(rules: WriteRules, written: Written): Layout {
  const { name, definition, type } = rules;
  const dim = checkedDim(rules, written.dim);
  const code = written.content?.code;
  if (!written.content || (code !== type.code && !(type.kind === "enum" && code === 2))) {
    const problem = `Incompatible attribute type, expected type is : Tango::${type.cppName} (even for single value)`;
    throw devFailed("API_IncompatibleAttrDataType", problem, ORIGIN);
  }
  const { elements } = written.content;
  const count = definition.format === "IMAGE" ? dim.dim_x * dim.dim_y : dim.dim_x;
  if (elements.length !== count) {
    const problem = `Incorrect data number for attribute ${name}: ${elements.length} sent, ${count} announced`;
    throw devFailed("API_AttrIncorrectDataNumber", problem, ORIGIN);
  }
  checkElements(rules, elements);
  return { elements, dim };
}

function checkedDim({ name, definition }: WriteRules, dim: AttributeDim): AttributeDim {
  if (definition.format === "SCALAR") return { dim_x: 1, dim_y: 0 };
  const wrong = dim.dim_x > definition.maxX ? "X" : dim.dim_y > definition.maxY ? "Y" : undefined;
  if (wrong) throw outside(`${wrong} dimesion is greater than the max defined for attribute ${name}`);
  if (dim.dim_x < 0 || dim.dim_y < 0) throw outside(`a dimension of attribute ${name} is negative`);
  return definition.format === "SPECTRUM" ? { dim_x: dim.dim_x, dim_y: 0 } : dim;
}

function checkElements({ name, definition, type, criteria, labels }: WriteRules, elements: Elements): void {
  const problem = (text: string, index: number) => outside(`Set value for attribute ${name} ${text} element ${index})`);
  const { minValue, maxValue } = criteria;
  const finite = type.kind === "real" && !definition.options.acceptNaN;
  const { length } = elements;
  if (finite || minValue !== undefined || maxValue !== undefined) {
    for (let index = 0; index < length; index++) {
      const value = elements[index] as number | bigint;
      if (finite && !Number.isFinite(value)) throw problem("is a NaN or INF value (at least", index);
      if (minValue !== undefined && value < minValue) throw problem("is below the minimum authorized (at least", index);
      if (maxValue !== undefined && value > maxValue) throw problem("is above the maximum authorized (at least", index);
    }
  }
  if (type.kind !== "enum") return;
  for (let index = 0; index < length; index++) {
    const value = elements[index] as number;
    if (value >= 0 && value < labels.length) continue;
    throw outside(
      `Set value for attribute ${name} is negative or above the maximun authorized (${labels.length}) for at least element ${index}`,
    );
  }
}
