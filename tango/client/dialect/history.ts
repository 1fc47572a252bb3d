// SPDX-License-Identifier: MIT
// Histories of polled attributes, in each version of the interface: oldest first, one record a poll.
import type { AttrDataFormat, DevAttrHistory_4, DevAttrHistory_5, EltInArray } from "../../idl/index.ts";
import { fromAny } from "../../idl/index.ts";
import type { ReadValue } from "../attribute-reading.ts";
import type { Invoke } from "./invoke.ts";
import { fromValue, fromValue3, qualityOf, scalarCode } from "./read.ts";

export type ReadHistory = (invoke: Invoke, name: string, count: number) => Promise<readonly ReadValue[]>;

export const readHistory: Readonly<Record<number, ReadHistory>> = {
  2: async (invoke, name, count) =>
    (await invoke("read_attribute_history_2", [name, count])).map(({ attr_failed, value, errors }) => ({
      ...fromValue(value),
      errors: attr_failed ? errors : [],
    })),
  3: async (invoke, name, count) =>
    (await invoke("read_attribute_history_3", [name, count])).map(({ value }) => fromValue3(value)),
  4: async (invoke, name, count) =>
    fromHistory(await invoke("read_attribute_history_4", [name, count]), "FMT_UNKNOWN", undefined),
  5: async (invoke, name, count) => {
    const history = await invoke("read_attribute_history_5", [name, count]);
    return fromHistory(history, history.data_format, history.data_type);
  },
};

/** What a run-length coded column says of each record, by its place from the oldest. */
export function expanded<T>(values: readonly T[], places: readonly EltInArray[], count: number): (T | undefined)[] {
  const found = new Array<T | undefined>(count).fill(undefined);
  places.forEach(({ start, nb_elt }, run) => {
    const first = Math.min(start, count - 1);
    for (let index = first; index > start - nb_elt && index >= 0; index--) found[index] = values[run];
  });
  return found;
}

const nothing = { dim_x: 0, dim_y: 0 };

/** Dates are oldest first, values newest first: of each record the read part, then the set part. */
export function fromHistory(
  history: DevAttrHistory_4 | DevAttrHistory_5,
  format: AttrDataFormat,
  dataType: number | undefined,
): readonly ReadValue[] {
  const count = history.dates.length;
  const quality = expanded(history.quals, history.quals_array, count);
  const read = expanded(history.r_dims, history.r_dims_array, count);
  const set = expanded(history.w_dims, history.w_dims_array, count);
  const errors = expanded(history.errors, history.errors_array, count);
  const { code, value } = fromAny(history.value);
  const elements = (value ?? []) as readonly unknown[];
  const found: ReadValue[] = [];
  let from = 0;
  for (let index = count - 1; index >= 0; index--) {
    const [readDim, setDim] = [read[index] ?? nothing, set[index] ?? nothing];
    const failed = errors[index] ?? [];
    const size = failed.length > 0 || quality[index] === "ATTR_INVALID" ? 0 : sizeOf(readDim) + sizeOf(setDim);
    const hasData = size > 0 && from + size <= elements.length;
    found.push({
      name: history.name,
      code: hasData ? (dataType ?? scalarCode(code)) : undefined,
      elements: hasData ? elements.slice(from, from + size) : undefined,
      quality: qualityOf(quality[index] ?? "ATTR_INVALID"),
      format,
      time: history.dates[index]!,
      readDim,
      setDim,
      errors: failed,
    });
    if (hasData) from += size;
  }
  return found.reverse();
}

const sizeOf = ({ dim_x, dim_y }: { readonly dim_x: number; readonly dim_y: number }): number => dim_x * (dim_y || 1);
