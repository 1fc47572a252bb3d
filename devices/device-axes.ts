// SPDX-License-Identifier: MIT
// Calculated axes of one device (PseudoMotor): those of one scan are moved by one command, and where the real axes would go
// is asked before anything moves.
import type { Axis, AxisGroup, CallOptions } from "../scanning/index.ts";
import { type ConnectOptions, connect } from "../tango/index.ts";
import { Members } from "./axis-members.ts";
import { readLimits } from "./axis-values.ts";

export class DeviceAxes implements AxisGroup {
  readonly members = new Members();
  readonly #options: ConnectOptions;

  constructor(options: ConnectOptions) {
    this.#options = options;
  }

  async move(targets: ReadonlyMap<Axis, number>, { signal }: CallOptions = {}): Promise<void> {
    const [first] = targets.keys();
    if (!first) return;
    signal?.throwIfAborted();
    const { device, motion } = this.members.of(first);
    await device.call("MoveTogether", this.#words(targets));
    await motion.arrive(signal);
  }

  async realPositions(
    axes: readonly Axis[],
    positions: readonly Float64Array[],
    options: CallOptions = {},
  ): Promise<ReadonlyMap<Axis, Float64Array>> {
    const { device } = this.members.of(axes[0]!);
    const points = positions[0]?.length ?? 0;
    const found = new Map<string, Float64Array>();
    for (let point = 0; point < points; point++) {
      const targets = new Map(axes.map((axis, k) => [axis, positions[k]![point]!]));
      const words = (await device.call("Calculate", this.#words(targets), options)) as readonly string[];
      for (let i = 0; i + 1 < words.length; i += 2) {
        let path = found.get(words[i]!);
        if (!path) found.set(words[i]!, (path = new Float64Array(points)));
        path[point] = Number(words[i + 1]);
      }
    }
    return new Map([...found].map(([name, path]) => [this.#real(name), path]));
  }

  /** axis, position, axis, position ... */
  #words(targets: ReadonlyMap<Axis, number>): string[] {
    return [...targets].flatMap(([axis, to]) => [this.members.of(axis).attribute, String(to)]);
  }

  /** A real axis as far as its limits: "id00/motor/up", or with the attribute's name behind. */
  #real(name: string): Axis {
    const [attribute, trl] = name.split("/").length > 3 ? [name.slice(name.lastIndexOf("/") + 1), name.slice(0, name.lastIndexOf("/"))] : ["Position", name]; // biome-ignore format: one glance
    const limits = async (call?: CallOptions) => {
      await using device = await connect(trl, { ...this.#options, lazy: true });
      return readLimits(device, attribute, call);
    };
    const elsewhere = () => Promise.reject(new Error(`${name} is moved by its pseudo axes here`));
    return { kind: "axis", name, limits, position: elsewhere, target: elsewhere, move: elsewhere, stop: elsewhere };
  }
}
