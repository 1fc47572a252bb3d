// SPDX-License-Identifier: MIT
// Sampling counters of one device: one reading after the other within the count time, then one value a counter.
import type { ListColumn, NumberColumn } from "../column.ts";
import type { SamplingCounter, SamplingDevice } from "../protocols.ts";
import { type ModeChannel, modeChannels, Readings } from "../statistics.ts";
import { delay } from "./delay.ts";
import type { ChannelPlan, LiveNode, NodeContext, NodePlan } from "./node.ts";

export function sampling(device: SamplingDevice, counters: readonly SamplingCounter[]): NodePlan {
  return {
    name: device.name,
    channels: counters.flatMap(channelsOf),
    children: [],
    hasMetadata: true,
    open: (context) => live(device, counters, context),
  };
}

function channelsOf(counter: SamplingCounter): ChannelPlan[] {
  const mode = counter.mode ?? "MEAN";
  const plan = (suffix: string, unit: string | undefined, shape: readonly number[]): ChannelPlan => ({
    fullname: `${counter.device.name}:${counter.name}${suffix}`,
    name: `${counter.name}${suffix}`,
    dim: shape.length === 0 ? 0 : 1,
    dtype: "float64",
    shape,
    ...(unit !== undefined && { unit }),
    writer: {
      device_info: { type: "samplingcounter", mode },
      device_type: "samplingcounter",
      ...(suffix === "" && { data_type: "signal" }),
    },
  });
  const numbers = modeChannels[mode].map(({ suffix, unit }) => plan(suffix, unit(counter.unit), []));
  return mode === "SAMPLES" ? [...numbers, plan("_samples", counter.unit, [-1])] : numbers;
}

/** Where the values of one counter go. */
interface Outlet {
  readonly index: number;
  readonly convert: ((reading: number) => number) | undefined;
  readonly readings: Readings;
  readonly channels: readonly { readonly column: NumberColumn; readonly mode: ModeChannel }[];
  /** For mode SAMPLES. */
  readonly samples?: { readonly column: ListColumn; list: number[] };
}

function live(device: SamplingDevice, counters: readonly SamplingCounter[], context: NodeContext): LiveNode {
  const outlets = outletsOf(counters, context);
  const read = guarded(device, counters, context);
  const countTime = Math.max(0, context.exposure);
  const loops = countTime > 0 && counters.some(({ mode }) => mode !== "SINGLE");
  const period = device.maxSamplingFrequency ? 1000 / device.maxSamplingFrequency : 0;

  const add = (values: ArrayLike<number>) => {
    if (values.length < counters.length)
      throw new TypeError(`${device.name}: a reading gave ${values.length} values for ${counters.length} counters`);
    for (const { index, convert, readings, samples } of outlets) {
      const reading = convert ? convert(values[index]!) : values[index]!;
      readings.add(reading);
      samples?.list.push(reading);
    }
  };
  const emit = () => {
    for (const outlet of outlets) {
      for (const { column, mode } of outlet.channels) column.push(mode.value(outlet.readings, countTime));
      outlet.readings.clear();
      if (outlet.samples) {
        outlet.samples.column.push(Float64Array.from(outlet.samples.list));
        outlet.samples.list = [];
      }
    }
  };
  const once = (): Promise<void> | undefined => {
    const values = read();
    if (values instanceof Promise)
      return values.then((later) => {
        add(later);
        emit();
      });
    add(values);
    emit();
    return undefined;
  };
  /** Reads until the next reading, by the mean time of one, would end after the count time; at least once. */
  const loop = async () => {
    const began = performance.now();
    for (let n = 1; ; n++) {
      const values = read();
      add(values instanceof Promise ? await values : values);
      const spent = performance.now() - began;
      const each = Math.max(spent / n, period);
      if (spent + each > countTime * 1000) break;
      const wait = n * period - spent;
      if (wait > 0) await delay(wait, context.options.signal);
      else if (!(values instanceof Promise)) await new Promise<void>((resolve) => setImmediate(resolve));
      context.options.signal?.throwIfAborted();
    }
    emit();
  };
  return {
    ...(device.prepare && { prepare: () => device.prepare?.(context.options) }),
    at: loops ? loop : once,
    stop: () => device.stop?.({}),
    metadata: () => device.metadata?.(context.options) ?? {},
  };
}

function outletsOf(counters: readonly SamplingCounter[], { recorder, first }: NodeContext): Outlet[] {
  let next = first;
  return counters.map((counter, index) => {
    const modes = modeChannels[counter.mode ?? "MEAN"];
    const channels = modes.map((mode) => ({ column: recorder.columns[next++] as NumberColumn, mode }));
    const outlet = { index, convert: counter.convert, readings: new Readings(), channels };
    if (counter.mode !== "SAMPLES") return outlet;
    return { ...outlet, samples: { column: recorder.columns[next++] as ListColumn, list: [] } };
  });
}

/** The device's reading; of one that is not critical a failure is NaN and a warning. */
function guarded(device: SamplingDevice, counters: readonly SamplingCounter[], context: NodeContext) {
  const reader = device.reader(counters);
  const { options } = context;
  if (device.critical !== false) return () => reader(options);
  const missing = new Float64Array(counters.length).fill(Number.NaN);
  return async (): Promise<ArrayLike<number>> => {
    try {
      return await reader(options);
    } catch (error) {
      options.signal?.throwIfAborted();
      context.warn(`${device.name}: ${error instanceof Error ? error.message : error}; the point gets NaN`);
      return missing;
    }
  };
}
