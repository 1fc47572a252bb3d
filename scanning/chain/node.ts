// SPDX-License-Identifier: MIT
// The acquisition chain as a value: a tree of nodes, each one device with its channels. Masters trigger their children.
import type { CallOptions, ChannelShape, Dtype } from "../protocols.ts";
import type { Recorder } from "../recorder.ts";
import type { ScanRun, StartOptions } from "../run.ts";
import type { Scan } from "../scan.ts";

/** A node before the scan runs. */
export interface NodePlan {
  /** The device: a key of the device list, and the first part of fullnames. */
  readonly name: string;
  /** `type` in the device list: "lima", "mca" ... */
  readonly type?: string;
  readonly channels: readonly ChannelPlan[];
  /** In order of creation. */
  readonly children: NodePlan[];
  /** Of a top master: how often it is triggered, when that is not the scan's number of points. */
  readonly points?: number;
  /** Of a top master: its end is the end of the scan, though others still run. */
  readonly terminator?: boolean;
  /** True: the file keeps metadata of this device, though it may be empty. */
  readonly hasMetadata: boolean;
  /** Makes what acquires; does no I/O. */
  open(context: NodeContext): LiveNode;
}

export interface ChannelPlan {
  readonly fullname: string;
  readonly name: string;
  readonly dim: 0 | 1 | 2;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly encoding?: "json" | "scans";
  readonly unit?: string;
  readonly decimals?: number;
  /** What the file writer is told of its device. */
  readonly writer?: Readonly<Record<string, unknown>>;
  /** Further keys of its description in the document: start, stop, points, axis_id ... */
  readonly description?: Readonly<Record<string, unknown>>;
}

/** Triggers the children: all have taken their point when it is done. Nothing to wait for: nothing returned. */
export type Fire = () => Promise<void> | undefined;

/** What a node's device does during one scan. Every member is called by the scan, never by another node. */
export interface LiveNode {
  prepare?(): Promise<void> | undefined;
  start?(): Promise<void> | undefined;
  /** One point: a master moves, then fires, once or many times; a leaf acquires. */
  at?(point: number, fire: Fire): Promise<void> | undefined;
  /** Follows the device's data while the scan runs; its failure ends the scan. */
  reading?(): Promise<void>;
  /** Resolves when all points taken have been read; `points` were asked of this node. */
  finish?(points: number): Promise<void> | undefined;
  /** Nothing acquires or moves afterwards. Called whatever happened, also when `prepare` failed half-way. */
  stop?(): Promise<void> | undefined;
  metadata?(): Promise<Readonly<Record<string, unknown>>> | Readonly<Record<string, unknown>>;
}

/** What the scan gives a node. */
export interface NodeContext {
  /** One object for the whole scan: its signal is aborted when the scan fails or is aborted. */
  readonly options: CallOptions;
  readonly recorder: Recorder;
  /** Index of the node's first channel in the recorder. */
  readonly first: number;
  /** Index of any channel in the recorder. */
  channel(fullname: string): number;
  /** Points the scan asks for; 0: until stopped. */
  readonly points: number;
  /** Seconds. */
  readonly exposure: number;
  /** The final shape of a channel, from `prepare`. */
  describe(index: number, shape: ChannelShape): void;
  warn(message: string): void;
  /** Tells of a failure at once, while the node still waits for its children. */
  failed(error: unknown): void;
  /** Starts a scan that is part of this one: in its session, published beside it, aborted and stopped with it. */
  startSubscan(scan: Scan, options?: StartOptions): ScanRun;
  /** True once the scan was asked to end after the current point. */
  readonly stopping: boolean;
}

/** Waits for all, then throws the first failure: nothing is left running. `failed` is told of it at once. */
export async function all(tasks: readonly Promise<unknown>[], failed?: (error: unknown) => void): Promise<void> {
  let failure: { error: unknown } | undefined;
  const note = (error: unknown) => {
    if (failure) return;
    failure = { error };
    failed?.(error);
  };
  await Promise.all(tasks.map((task) => task.catch(note)));
  if (failure) throw failure.error;
}

/** Depth first, the children of a node sorted by name (by code point): the order of documents. */
export function* ordered(plans: readonly NodePlan[]): Generator<NodePlan> {
  for (const plan of plans) {
    yield plan;
    yield* ordered([...plan.children].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)));
  }
}
