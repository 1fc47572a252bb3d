// SPDX-License-Identifier: MIT
// A detector in the chain: prepared once, triggered or gated point by point, its data followed as they become available.
import { append } from "../column.ts";
import { ScanArgumentError } from "../errors.ts";
import type { Block, Detector, DetectorCounter, Saving, TriggerMode } from "../protocols.ts";
import { all, type ChannelPlan, type Fire, type LiveNode, type NodeContext, type NodePlan } from "./node.ts";

export interface DetectorOptions {
  /** Default: the first the detector offers. */
  readonly trigger?: TriggerMode;
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Given the detector's name; absent: the detector saves nothing. */
  readonly saving?: (name: string) => Saving;
  /** What the detector triggers in turn. */
  readonly children?: readonly NodePlan[];
}

/** The node of a detector; its parts (ROI counters, profiles) are nodes below it. */
export function detector(
  device: Detector,
  counters: readonly DetectorCounter[],
  options: DetectorOptions = {},
): NodePlan {
  const trigger = options.trigger ?? device.triggers[0] ?? "software";
  if (!device.triggers.includes(trigger))
    throw new ScanArgumentError(`${device.name}: cannot be triggered "${trigger}", only ${device.triggers.join(", ")}`);
  let partMetadata: LiveNode["metadata"];
  const parts = new Map<string, DetectorCounter[]>();
  for (const counter of counters) {
    if (counter.part === undefined) continue;
    const members = parts.get(counter.part);
    if (members) members.push(counter);
    else parts.set(counter.part, [counter]);
  }
  const partNodes = [...parts].map(([part, members]): NodePlan => {
    const metadata = async () => {
      const known = (await partMetadata?.()) as Record<string, Readonly<Record<string, unknown>>> | undefined;
      return known?.[part] ?? {};
    };
    return {
      name: part,
      channels: members.map(channelOf),
      children: [],
      hasMetadata: true,
      open: () => ({ metadata }),
    };
  });
  return {
    name: device.name,
    ...(device.type !== undefined && { type: device.type }),
    channels: counters.filter(({ part }) => part === undefined).map(channelOf),
    children: [...partNodes, ...(options.children ?? [])],
    hasMetadata: true,
    open: (context) => {
      const { node, parts: known } = live(device, counters, trigger, options, context);
      partMetadata = known;
      return node;
    },
  };
}

export const keyOf = ({ part, name }: DetectorCounter) => (part === undefined ? name : `${part}:${name}`);

const channelOf = (counter: DetectorCounter): ChannelPlan => ({
  fullname: `${counter.detector.name}:${keyOf(counter)}`,
  name: counter.name,
  dim: counter.dim,
  dtype: "float64",
  shape: counter.dim === 0 ? [] : counter.dim === 1 ? [-1] : [-1, -1],
  ...(counter.unit !== undefined && { unit: counter.unit }),
  ...(counter.detector.type && {
    writer: { device_info: { type: counter.detector.type }, device_type: counter.detector.type },
  }),
});

type Options = DetectorOptions;
function live(
  device: Detector,
  counters: readonly DetectorCounter[],
  trigger: TriggerMode,
  options: Options,
  context: NodeContext,
) {
  const indices = new Map(counters.map((c) => [keyOf(c), context.channel(`${device.name}:${keyOf(c)}`)]));
  let metadata: Readonly<Record<string, unknown>> = {};
  let parts: Readonly<Record<string, unknown>> = {};
  let reading: Promise<void> | undefined;

  const prepare = async () => {
    const { points, exposure } = context;
    const { settings, saving } = options;
    const acquisition = {
      counters, points, exposure, trigger,
      ...(saving && { saving: saving(device.name) }),
      ...(settings && { settings }),
    }; // biome-ignore format: one glance
    const prepared = await device.prepare(acquisition, context.options);
    for (const [key, index] of indices) {
      const shape = prepared.channels[key];
      if (!shape) throw new TypeError(`${device.name}: prepared without saying the shape of ${key}`);
      context.describe(index, shape);
    }
    metadata = prepared.metadata ?? {};
    parts = prepared.partMetadata ?? {};
  };
  const follow = async () => {
    let next = 0;
    for await (const block of device.data(context.options)) {
      next = take(device, block, next, indices, context);
      context.recorder.notify();
    }
  };
  const shoot = async (fire: Fire) => {
    const trigger = async () => device.trigger(context.options);
    await all([fire() ?? Promise.resolve(), trigger()], context.failed);
  };
  const begin = async (fire: Fire) => {
    await device.start?.(context.options);
    await fire();
  };
  const node: LiveNode = {
    prepare,
    // One that runs by its own clock begins with the first point, not while axes still move there.
    ...(device.start && trigger !== "internal" && { start: () => device.start?.(context.options) }),
    at: (point, fire) => {
      if (trigger === "software") return shoot(fire);
      return trigger === "internal" && point === 0 ? begin(fire) : fire();
    },
    reading: () => (reading = follow()),
    finish: async (points) => {
      if (points !== context.points) await device.stop({});
      await reading;
    },
    stop: () => device.stop({}),
    metadata: () => metadata,
  };
  return { node, parts: () => parts };
}

/** Checks a block and adds it to the columns. @returns the next point expected. */
function take(
  { name }: Detector,
  block: Block,
  next: number,
  indices: ReadonlyMap<string, number>,
  { recorder }: NodeContext,
): number {
  if (block.first !== next)
    throw new TypeError(`${name}: gave point ${block.first} where point ${next} was expected; data are lost`);
  for (const [key, index] of indices) {
    const values = block.values[key];
    if (values === undefined) throw new TypeError(`${name}: gave no values of ${key} for point ${next}`);
    const { fullname, shape } = recorder.channels[index]!;
    const size = shape.reduce((product, n) => product * n, 1);
    append(recorder.columns[index]!, fullname, values, block.points, size);
  }
  return next + block.points;
}
