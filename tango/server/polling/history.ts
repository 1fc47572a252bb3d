// SPDX-License-Identifier: MIT
// The readings of a polled attribute or command in the forms clients ask for.

import type { Any } from "../../cdr/index.ts";
import { devFailed } from "../../errors.ts";
import {
  type AttributeDim, type DevAttrHistory, type DevAttrHistory_3, type DevAttrHistory_5, type DevCmdHistory,
  type DevCmdHistory_4, type DevErrorList, type EltInArray, fromAny, toAny,
} from "../../idl/index.ts"; // biome-ignore format: a list
import { dataTypes } from "../attribute/data-type-table.ts";
import { type Elements, joined, NO_DIM } from "../attribute/layout.ts";
import { type Sample, timeVal, toValue1, toValue3 } from "../attribute/sample.ts";
import type { PolledObject, PollRecord } from "./polled.ts";

const NOTHING: Any = toAny(0, undefined);

/** The newest `count` records, oldest first. @throws DevFailed when the number is negative or nothing was recorded. */
export function newest(object: PolledObject, count: number): readonly PollRecord[] {
  if (count < 0)
    throw devFailed(
      "API_MemoryAllocation",
      "Can't allocate memory in server",
      "Device_4Impl::read_attribute_history_4",
    );
  if (object.records.length === 0) {
    throw devFailed(
      "API_NoDataYet",
      `No data available in cache for ${object.kind} ${object.name}`,
      "Device_4Impl::read_attribute_history_4",
    );
  }
  return count === 0 ? [] : object.records.slice(-count);
}

interface Runs<T> {
  readonly values: T[];
  readonly places: EltInArray[];
}

/** Run lengths from the newest record: `start` counts records from the oldest. `of` undefined: not counted at all. */
function runs<T>(records: readonly PollRecord[], of: (record: PollRecord) => T | undefined): Runs<T> {
  const found: { value: T; start: number; nb_elt: number }[] = [];
  let isOpen = false;
  for (let index = records.length - 1; index >= 0; index--) {
    const value = of(records[index] as PollRecord);
    const last = found.at(-1);
    if (value !== undefined && isOpen && last && same(last.value, value)) last.nb_elt++;
    else if (value !== undefined) found.push({ value, start: index, nb_elt: 1 });
    isOpen = value !== undefined;
  }
  return { values: found.map(({ value }) => value), places: found.map(({ start, nb_elt }) => ({ start, nb_elt })) };
}

const same = (one: unknown, other: unknown): boolean => one === other || JSON.stringify(one) === JSON.stringify(other);

const errorsOf = ({ errors, sample }: PollRecord): DevErrorList | undefined => errors ?? sample?.errors;

/** Newest first, each record's read part then its set part; failed and invalid records contribute nothing. */
function allElements(records: readonly PollRecord[]): unknown[] {
  return records.toReversed().flatMap(({ sample }) => {
    if (!sample?.read) return [];
    return Array.from(joined(sample.read.elements, sample.set?.elements) as ArrayLike<unknown>);
  });
}

export function attributeHistory5(
  records: readonly PollRecord[],
  sample: Pick<Sample, "name" | "format" | "type">,
): DevAttrHistory_5 {
  const quals = runs(records, (record) => record.sample?.quality ?? "ATTR_INVALID");
  const dims = (side: "read" | "set") =>
    runs<AttributeDim>(records, ({ sample: one }) => (one?.read && one[side]?.dim) || NO_DIM);
  const [r, w] = [dims("read"), dims("set")];
  const errors = runs(records, errorsOf);
  const elements = allElements(records);
  return {
    name: sample.name,
    data_format: sample.format,
    data_type: sample.type?.code ?? 100,
    dates: records.map(({ time }) => timeVal(time)),
    value: elements.length === 0 || !sample.type ? NOTHING : toAny(sample.type.arrayCode, elements),
    quals: quals.values,
    quals_array: quals.places,
    r_dims: r.values,
    r_dims_array: r.places,
    w_dims: w.values,
    w_dims_array: w.places,
    errors: errors.values,
    errors_array: errors.places,
  };
}

export const attributeHistory3 = (records: readonly PollRecord[]): readonly DevAttrHistory_3[] =>
  records.flatMap(({ sample }) =>
    sample ? [{ attr_failed: sample.errors !== undefined, value: toValue3(sample) }] : [],
  );

export const attributeHistory2 = (records: readonly PollRecord[]): readonly DevAttrHistory[] =>
  records.flatMap(({ sample }) =>
    sample ? [{ attr_failed: sample.errors !== undefined, value: toValue1(sample), errors: sample.errors ?? [] }] : [],
  );

/** The result of a polled command; State and Status may have been polled as attributes. */
function resultOf({ result, sample }: PollRecord, outCode: number): Any | undefined {
  return result ?? (sample?.read && toAny(outCode, sample.read.elements[0]));
}

export function commandHistory4(records: readonly PollRecord[], outCode: number): DevCmdHistory_4 {
  const values = records.map((record) => resultOf(record, outCode));
  const present = values.filter((value) => value !== undefined).reverse();
  const dims = runs<AttributeDim>(records, (record) => {
    const value = resultOf(record, outCode);
    return value && dimOf(value);
  });
  const errors = runs(records, errorsOf);
  return {
    dates: records.map(({ time }) => timeVal(time)),
    value: concatenated(present, outCode),
    dims: dims.values,
    dims_array: dims.places,
    errors: errors.values,
    errors_array: errors.places,
    cmd_type: outCode,
  };
}

const isList = (value: unknown): value is Elements => Array.isArray(value) || ArrayBuffer.isView(value);

/** Numbers of elements; of pairs of lists, both. */
function dimOf(any: Any): AttributeDim {
  const { code, value } = fromAny(any);
  if (code === 17 || code === 18) {
    const { lvalue, dvalue, svalue } = value as { lvalue?: Elements; dvalue?: Elements; svalue: Elements };
    return { dim_x: svalue.length, dim_y: (lvalue ?? dvalue)?.length ?? 0 };
  }
  return { dim_x: isList(value) ? value.length : 1, dim_y: 0 };
}

/** All results in one list of the type. */
function concatenated(results: readonly Any[], outCode: number): Any {
  if (results.length === 0 || outCode === 0) return NOTHING;
  const values = results.map((any) => fromAny(any).value);
  if (outCode === 17 || outCode === 18) {
    const numbers = outCode === 17 ? "lvalue" : "dvalue";
    const pairs = values as Record<string, ArrayLike<unknown>>[];
    const all = (field: string) => pairs.flatMap((pair) => Array.from(pair[field] ?? []));
    return toAny(outCode, { [numbers]: all(numbers), svalue: all("svalue") });
  }
  const elements = values.flatMap((value) => (isList(value) ? Array.from(value) : [value]));
  return toAny(dataTypes.get(outCode)?.arrayCode ?? outCode, elements);
}

export const commandHistory2 = (records: readonly PollRecord[], outCode: number): readonly DevCmdHistory[] =>
  records.map((record) => ({
    time: timeVal(record.time),
    cmd_failed: errorsOf(record) !== undefined,
    value: resultOf(record, outCode) ?? NOTHING,
    errors: errorsOf(record) ?? [],
  }));
