// SPDX-License-Identifier: MIT
// A chain as the scan document tells it: devices, acquisition_chain, channels; and the channels of the streams.
import { ScanArgumentError } from "../errors.ts";
import type { Channel } from "../events.ts";
import { type ChannelPlan, type NodePlan, ordered } from "./node.ts";

export interface ChainDescription {
  /** Depth first, siblings by name. */
  readonly nodes: readonly NodePlan[];
  /** Of all nodes, in that order. */
  readonly channels: readonly Channel[];
  /** Index of each node's first channel. */
  readonly firsts: ReadonlyMap<NodePlan, number>;
  readonly keys: ReadonlyMap<NodePlan, string>;
  readonly devices: Readonly<Record<string, Record<string, unknown>>>;
  readonly acquisitionChain: Readonly<Record<string, unknown>>;
  readonly channelInfo: Readonly<Record<string, Record<string, unknown>>>;
  /** `nexuswriter.devices`: what the file writer is told of each counter's device. */
  readonly writerDevices: Readonly<Record<string, unknown>>;
}

/** `number` gives each device its unique number. */
export function describeChain(roots: readonly NodePlan[], number: () => number): ChainDescription {
  const keys = new Map<NodePlan, string>();
  for (const plan of created(roots)) keys.set(plan, `${number()}:${plan.name}`);
  const nodes = [...ordered(roots)];
  const firsts = new Map<NodePlan, number>();
  const channels: Channel[] = [];
  const channelInfo: Record<string, Record<string, unknown>> = {};
  const devices: Record<string, Record<string, unknown>> = {};
  for (const node of nodes) {
    const key = keys.get(node)!;
    firsts.set(node, channels.length);
    for (const plan of node.channels) {
      if (channelInfo[plan.fullname])
        throw new ScanArgumentError(`two channels of the scan are named ${plan.fullname}`);
      channels.push(channelOf(plan, key));
      channelInfo[plan.fullname] = infoOf(plan, key);
    }
    devices[key] = {
      name: node.name,
      ...(node.type !== undefined && { type: node.type }),
      ...(node.children.length > 0 && { triggered_devices: node.children.map((child) => keys.get(child)) }),
      channels: node.channels.map(({ fullname }) => fullname),
    };
  }
  const acquisitionChain = Object.fromEntries(roots.map((root) => [root.name, chainOf(root, keys)]));
  const counters = nodes.filter(({ name }) => name !== "axis" && name !== "timer").flatMap((node) => node.channels);
  const writerDevices = Object.fromEntries(counters.map(({ fullname, writer }) => [fullname, writer ?? {}]));
  return { nodes, channels, firsts, keys, devices, acquisitionChain, channelInfo, writerDevices };
}

function* created(plans: readonly NodePlan[]): Generator<NodePlan> {
  for (const plan of plans) {
    yield plan;
    yield* created(plan.children);
  }
}

function channelOf(plan: ChannelPlan, device: string): Channel {
  const { fullname, name, dim, dtype, shape, unit, decimals } = plan;
  return {
    fullname, name, device, dim, dtype, shape,
    encoding: plan.encoding ?? (shape.includes(-1) ? "ragged" : "numeric"),
    ...(unit !== undefined && { unit }),
    ...(decimals !== undefined && { decimals }),
  }; // biome-ignore format: one glance
}

const infoOf = ({ name, dim, unit, decimals, description }: ChannelPlan, device: string): Record<string, unknown> => ({
  ...description,
  device,
  display_name: name,
  dim,
  ...(unit !== undefined && { unit }),
  ...(decimals !== undefined && { decimals }),
});

function chainOf(root: NodePlan, keys: ReadonlyMap<NodePlan, string>) {
  const below = [...created(root.children)].flatMap(({ channels }) => channels);
  return {
    top_master: keys.get(root),
    devices: [...ordered([root])].map((node) => keys.get(node)),
    ...byDimension(below),
    master: byDimension(root.channels),
  };
}

function byDimension(channels: readonly ChannelPlan[]) {
  const of = (dim: number) => channels.filter((channel) => channel.dim === dim).map(({ fullname }) => fullname);
  return { scalars: of(0), spectra: of(1), images: of(2) };
}
