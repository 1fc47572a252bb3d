// SPDX-License-Identifier: MIT
// Calculated counters: a value a point as soon as all inputs have theirs.
import type { Column, NumberColumn } from "../column.ts";
import type { CalcCounter, CalcDevice, CalcValue, Counter } from "../protocols.ts";
import { keyOf } from "./detector.ts";
import type { NodePlan } from "./node.ts";

export function calculated(device: CalcDevice, counters: readonly CalcCounter[]): NodePlan {
  return {
    name: device.name,
    channels: counters.map(({ name, unit }) => ({
      fullname: `${device.name}:${name}`,
      name,
      dim: 0,
      dtype: "float64",
      shape: [],
      ...(unit !== undefined && { unit }),
    })),
    children: [],
    hasMetadata: false,
    open({ recorder, first, channel }) {
      const outputs = counters.map(({ name }, i) => ({ name, column: recorder.columns[first + i] as NumberColumn }));
      const sources = Object.entries(device.inputs).map(([name, counter]) => ({
        name,
        index: channel(fullnameOf(counter)),
      }));
      recorder.derive.push(() => {
        // Columns are replaced when a detector is prepared: looked up, not kept.
        const inputs = sources.map(({ name, index }) => ({ name, column: recorder.columns[index]! }));
        const ready = inputs.reduce((least, { column }) => Math.min(least, column.count), Number.POSITIVE_INFINITY);
        if (ready === Number.POSITIVE_INFINITY) return;
        while (outputs[0]!.column.count < ready) computeOne(device, inputs, outputs);
      });
      return {};
    },
  };
}

function computeOne(
  device: CalcDevice,
  inputs: readonly { name: string; column: Column }[],
  outputs: readonly { name: string; column: NumberColumn }[],
): void {
  const point = outputs[0]!.column.count;
  const values: Record<string, CalcValue> = {};
  for (const { name, column } of inputs) values[name] = column.at(point) as CalcValue;
  const results = device.compute(values);
  for (const { name, column } of outputs) {
    const value = results[name];
    if (typeof value !== "number")
      throw new TypeError(
        `${device.name}: compute gave no number for ${name}, but ${Object.keys(results).join(", ") || "nothing"}`,
      );
    column.push(value);
  }
}

/** Fullname of a counter's (first) channel. */
export function fullnameOf(counter: Counter): string {
  if (counter.kind === "detector") return `${counter.detector.name}:${keyOf(counter)}`;
  return `${counter.device.name}:${counter.name}`;
}
