// SPDX-License-Identifier: MIT
// A chain in action: its nodes opened, prepared, started, fired point by point, stopped.
import type { CallOptions } from "../protocols.ts";
import type { Recorder } from "../recorder.ts";
import type { ChainDescription } from "./describe.ts";
import { all, type Fire, type LiveNode, type NodeContext, type NodePlan } from "./node.ts";

export interface ChainContext {
  readonly options: CallOptions;
  readonly recorder: Recorder;
  readonly points: number;
  readonly exposure: number;
  readonly stopping: boolean;
  warn(message: string): void;
  readonly startSubscan: NodeContext["startSubscan"];
  /** Told of the first failure at once, so that everything else can be aborted. */
  failed(error: unknown): void;
}

export interface OpenNode {
  readonly plan: NodePlan;
  readonly live: LiveNode;
  readonly children: readonly OpenNode[];
  readonly fire: Fire;
  /** Points taken so far. */
  point: number;
  /** When the point in progress began (performance.now()), or NaN. */
  since: number;
}

export class LiveChain {
  readonly roots: readonly OpenNode[];
  readonly #nodes: OpenNode[] = [];
  readonly #context: ChainContext;
  readonly #readings: Promise<void>[] = [];

  constructor(roots: readonly NodePlan[], description: ChainDescription, context: ChainContext) {
    this.#context = context;
    const indices = new Map(description.channels.map(({ fullname }, index) => [fullname, index]));
    const nodeContext = (plan: NodePlan): NodeContext => ({
      options: context.options,
      recorder: context.recorder,
      first: description.firsts.get(plan)!,
      points: context.points,
      exposure: context.exposure,
      channel: (fullname) => indices.get(fullname)!,
      describe: (index, shape) => {
        const encoding = shape.images ? "images" : shape.shape.includes(-1) ? "ragged" : "numeric";
        context.recorder.reshape(index, { ...context.recorder.channels[index]!, ...shape, encoding }, context.points);
      },
      warn: context.warn,
      failed: context.failed,
      startSubscan: context.startSubscan,
      get stopping() {
        return context.stopping;
      },
    });
    const open = (plan: NodePlan): OpenNode => {
      const live = plan.open(nodeContext(plan));
      const children = plan.children.map(open);
      const node = { plan, live, children, fire: fireOf(children, context.failed), point: 0, since: Number.NaN };
      this.#nodes.push(node); // children first: deepest first
      return node;
    };
    // In creation order, so that calculated counters are derived after their inputs.
    this.roots = roots.map(open);
  }

  /** All at once; then each device's metadata. */
  async prepare(metadata: (plan: NodePlan, found: Readonly<Record<string, unknown>>) => void): Promise<void> {
    const one = async ({ plan, live }: OpenNode) => {
      await live.prepare?.();
      if (plan.hasMetadata && !isPart(plan)) metadata(plan, (await live.metadata?.()) ?? {});
    };
    const isPart = (plan: NodePlan) =>
      this.#nodes.some((node) => node.plan.type !== undefined && node.plan.children.includes(plan));
    await all(this.#nodes.map(one), this.#context.failed);
    // Parts know theirs once their detector is prepared.
    for (const { plan, live } of this.#nodes)
      if (plan.hasMetadata && isPart(plan)) metadata(plan, (await live.metadata?.()) ?? {});
  }

  /** Deepest first: a slave is armed before its master can trigger it. Then the data are followed. */
  async start(): Promise<void> {
    for (const { live } of this.#nodes) {
      if (live.reading) {
        const reading = live.reading();
        reading.catch(this.#context.failed);
        this.#readings.push(reading);
      }
    }
    for (const { live } of this.#nodes) await live.start?.();
  }

  /** Resolves when all points taken have been read. */
  async finish(): Promise<void> {
    await all(
      this.#nodes.map(async ({ live, point }) => live.finish?.(point)),
      this.#context.failed,
    );
    await Promise.all(this.#readings);
  }

  /** Masters first; every device is stopped, whatever others throw. @throws the first failure, at the end. */
  async stop(): Promise<void> {
    const failures: unknown[] = [];
    const stop = async (nodes: readonly OpenNode[]): Promise<void> => {
      await Promise.all(
        nodes.map(async ({ live }) => {
          try {
            await live.stop?.();
          } catch (error) {
            failures.push(error);
          }
        }),
      );
      const below = nodes.flatMap(({ children }) => children);
      if (below.length > 0) await stop(below);
    };
    await stop(this.roots);
    await Promise.allSettled(this.#readings);
    if (failures.length > 0) throw failures[0];
  }

  /** A device that has been busy with one point for longer than `limit` seconds beyond the exposure. */
  stalled(limit: number): OpenNode | undefined {
    const oldest = performance.now() - (limit + this.#context.exposure) * 1000;
    return this.#nodes.find(
      ({ since, children, plan }) => since < oldest && children.length === 0 && plan.name !== "axis",
    );
  }
}

/** Triggers one node. */
export function fireNode(node: OpenNode): Promise<void> | undefined {
  const { live } = node;
  const point = node.point++;
  const done = live.at ? live.at(point, node.fire) : node.fire();
  if (!done) return undefined;
  node.since = performance.now();
  return done;
}

/** Triggers all children at once; what they return synchronously costs no promise. */
function fireOf(children: readonly OpenNode[], failed: (error: unknown) => void): Fire {
  const [only] = children;
  if (!only) return () => undefined;
  if (children.length === 1) return () => settled(only);
  return () => {
    let waiting: Promise<void>[] | undefined;
    for (const child of children) {
      const done = begun(child);
      if (done) (waiting ??= []).push(done);
    }
    if (!waiting) return undefined;
    return waiting.length === 1 ? waiting[0] : all(waiting, failed);
  };
}

/** One that fails at once does not keep the others from being awaited. */
function begun(node: OpenNode): Promise<void> | undefined {
  try {
    return settled(node);
  } catch (error) {
    return Promise.reject(error);
  }
}
function settled(node: OpenNode): Promise<void> | undefined {
  const done = fireNode(node);
  if (done === undefined) return undefined;
  return finished(node, done);
}
async function finished(node: OpenNode, done: Promise<void>): Promise<void> {
  await done;
  node.since = Number.NaN;
}
