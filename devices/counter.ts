// SPDX-License-Identifier: MIT
// Attributes of any Tango device as sampling counters: all those of one device that a scan uses are one call a reading.
import type { SamplingCounter, SamplingDevice, SamplingMode } from "../scanning/index.ts";
import { type ConnectOptions, connect, type DeviceProxy, devFailed } from "../tango/index.ts";

export interface CounterDefinition {
  readonly attribute: string;
  /** Element of a spectrum, from 0. */
  readonly index?: number | undefined;
  /** Default MEAN. */
  readonly mode?: SamplingMode | undefined;
  /** Default: the attribute's. */
  readonly unit?: string | undefined;
  readonly decimals?: number | undefined;
  /** Applied to each reading. */
  readonly convert?: (reading: number) => number;
}

export interface CountersOptions extends ConnectOptions {
  /** First part of the channels' names; default: the last part of the device's name. */
  readonly name?: string;
  /** False: a reading that fails gives NaN and the scan goes on. Default true. */
  readonly critical?: boolean;
  /** Hz; default: no bound. */
  readonly maxSamplingFrequency?: number;
}

export type Counters<Names extends string> = { readonly [Name in Names]: SamplingCounter<Name> } & AsyncDisposable;

/**
 * Connects to the device and makes one counter for each entry: `await openCounters("sys/tg_test/1", { dbl: "double_scalar" })`.
 * @throws DevFailed when the device cannot be reached, or an attribute is missing or not a number.
 */
export async function openCounters<const Names extends string>(
  trl: string,
  definitions: Readonly<Record<Names, string | CounterDefinition>>,
  { name, critical, maxSamplingFrequency, ...options }: CountersOptions = {},
): Promise<Counters<Names>> {
  await using resources = new AsyncDisposableStack();
  const device = resources.use(await connect(trl, options));
  const entries = Object.entries<string | CounterDefinition>(definitions).map(([counter, given]) => ({
    name: counter,
    definition: typeof given === "string" ? { attribute: given } : given,
  }));
  const configs = await device.attributes(entries.map(({ definition }) => definition.attribute));
  const sources = new Map<string, Source>();
  const sampled: SamplingDevice = {
    name: name ?? trl.replace(/#.*/, "").split("/").at(-1)!,
    ...(critical !== undefined && { critical }),
    ...(maxSamplingFrequency !== undefined && { maxSamplingFrequency }),
    reader: (counters) => {
      const plan = readingOf(counters.map((counter) => sources.get(counter.name)!));
      return (call) => readNumbers(device, plan, call);
    },
  };
  const made: Record<string, SamplingCounter> = {};
  for (const [i, { name: counter, definition }] of entries.entries()) {
    const config = configs[i]!;
    const { attribute, index, unit = config.unit, mode, decimals, convert } = definition;
    if (config.format !== (index === undefined ? "SCALAR" : "SPECTRUM") || /^Dev(String|Encoded)$/.test(config.type)) {
      const wanted = index === undefined ? "a number (or a spectrum, and an index)" : "a spectrum for its index";
      const what = `${trl}/${config.name} is a ${config.format} ${config.type}`;
      throw devFailed("API_WrongAttributeType", `${what}: a counter needs ${wanted}`);
    }
    sources.set(counter, { attribute, index });
    made[counter] = {
      ...{ kind: "sampling", name: counter, device: sampled },
      ...(unit && { unit }),
      ...(mode && { mode }),
      ...(decimals !== undefined && { decimals }),
      ...(convert && { convert }),
    };
  }
  const owned = resources.move();
  return Object.assign(made, { [Symbol.asyncDispose]: () => owned.disposeAsync() }) as unknown as Counters<Names>;
}

interface Source {
  readonly attribute: string;
  readonly index: number | undefined;
}

/** Each attribute is read once. */
interface Reading {
  readonly names: readonly string[];
  /** By counter: which of the names, and which element of it. */
  readonly picks: readonly { readonly at: number; readonly index: number | undefined }[];
}
function readingOf(sources: readonly Source[]): Reading {
  const names = [...new Set(sources.map(({ attribute }) => attribute))];
  return { names, picks: sources.map(({ attribute, index }) => ({ at: names.indexOf(attribute), index })) };
}

/** One reading: an invalid value is NaN, a failed one is the reading's failure. */
async function readNumbers(
  device: DeviceProxy,
  { names, picks }: Reading,
  call: { readonly signal?: AbortSignal; readonly timeout?: number },
): Promise<ArrayLike<number>> {
  const readings = await device.readAttributes(names, call);
  return picks.map(({ at, index }) => {
    const { value, error } = readings[at]!;
    if (error) throw error;
    if (value === undefined) return Number.NaN;
    return Number(index === undefined ? value : elementOf(value, index, `${device.name}/${names[at]}`));
  });
}

/** @throws RangeError when the spectrum is shorter */
function elementOf(value: unknown, index: number, attribute: string): unknown {
  const { length } = value as ArrayLike<unknown>;
  if (index < length) return (value as ArrayLike<unknown>)[index];
  throw new RangeError(`${attribute} has ${length} elements: there is none with index ${index}`);
}
