// SPDX-License-Identifier: MIT
// Calculated axes of one device (PseudoMotor): those of one scan are moved by one command, and where the real axes would go
// is asked before anything moves.
import type { Axis, AxisGroup, CallOptions } from "../scanning/index.ts";
import { type ConnectOptions, connect, type DeviceProxy } from "../tango/index.ts";
import { Members } from "./axis-members.ts";
import { readLimits } from "./axis-values.ts";
import { deviceOf } from "./sibling.ts";

export interface DeviceAxesOptions extends ConnectOptions {
  /** An axis that is open already: "domain/family/member/attribute". */
  readonly find: (name: string) => Axis | undefined;
}

export class DeviceAxes implements AxisGroup {
  readonly members = new Members();
  readonly #device: DeviceProxy;
  readonly #options: DeviceAxesOptions;
  #names: readonly string[] = [];

  constructor(device: DeviceProxy, options: DeviceAxesOptions) {
    this.#device = device;
    this.#options = options;
  }

  /** Asks the device what its real axes are. One that does not tell has none that are recorded. */
  async learnReals(): Promise<void> {
    const known = await this.#device.read("Reals").catch(() => []);
    this.#names = Array.isArray(known) ? known.map(String) : [];
  }
  /** The real axes that are open. */
  get reals(): readonly Axis[] {
    return this.#names.flatMap((name) => this.#open(name) ?? []);
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

  #open(name: string): Axis | undefined {
    const { trl, attribute } = placeOf(name);
    return this.#options.find(`${deviceOf(trl)}/${attribute}`);
  }

  /** A real axis; one that is not open, as far as its limits. */
  #real(name: string): Axis {
    const { trl, attribute } = placeOf(name);
    const limits = async (call?: CallOptions) => {
      await using device = await connect(trl, { ...this.#options, lazy: true });
      return readLimits(device, attribute, call);
    };
    const elsewhere = () => Promise.reject(new Error(`${name} is moved by its pseudo axes here`));
    const stranger: Axis = { kind: "axis", name, limits, position: elsewhere, target: elsewhere, move: elsewhere, stop: elsewhere }; // biome-ignore format: one glance
    return this.#open(name) ?? stranger;
  }
}

/** "id00/motor/up", or with the attribute's name behind. */
function placeOf(name: string): { readonly trl: string; readonly attribute: string } {
  const cut = name.split("/").length > 3 ? name.lastIndexOf("/") : name.length;
  return { trl: name.slice(0, cut), attribute: name.slice(cut + 1) || "Position" };
}
