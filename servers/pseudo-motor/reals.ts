// SPDX-License-Identifier: MIT
// The real axes: any Tango devices, of any language. What they need is an attribute to read and write, State, and a
// command that stops. Axes of one group device (our motors have one) are started by one request.
import { deviceOf, sibling } from "../../devices/sibling.ts";
import { type ControlSystem, connect, DevFailed, type DeviceProxy, devFailed } from "../../tango/index.ts";
import type { Range } from "./reach.ts";

export interface RealState {
  readonly position: number;
  readonly state: string;
  /** Where it was last sent, as far as it tells. */
  readonly set: number;
}

class RealAxis {
  readonly name: string;
  readonly attribute: string;
  readonly #proxy: DeviceProxy;
  #stop: string | undefined;

  constructor(name: string, attribute: string, proxy: DeviceProxy) {
    this.name = name;
    this.attribute = attribute;
    this.#proxy = proxy;
  }

  async look(): Promise<RealState> {
    const [position, state] = await this.#proxy.readAttributes([this.attribute, "State"]);
    if (position?.error) throw position.error;
    if (state?.error) throw state.error;
    return { position: Number(position?.value), state: String(state?.value), set: Number(position?.set) };
  }
  async limits(): Promise<Range> {
    const { minValue, maxValue } = await this.#proxy.attribute(this.attribute);
    const [low, high] = [Number.parseFloat(minValue), Number.parseFloat(maxValue)];
    return [Number.isNaN(low) ? Number.NEGATIVE_INFINITY : low, Number.isNaN(high) ? Number.POSITIVE_INFINITY : high];
  }
  /** The device that starts it together with others, "" when there is none. */
  async group(): Promise<string> {
    try {
      return String(await this.#proxy.read("GroupDevice"));
    } catch (error) {
      if (error instanceof DevFailed && error.is("API_AttrNotFound")) return "";
      throw error;
    }
  }
  async write(position: number): Promise<void> {
    await this.#proxy.write(this.attribute, position);
  }
  status(): Promise<string> {
    return this.#proxy.status();
  }
  async stop(wanted: "Stop" | "Abort"): Promise<void> {
    if (this.#stop === undefined) {
      const known = (await this.#proxy.commands()).map(({ name }) => name);
      this.#stop = [wanted, "Stop", "Abort", "stop", "abort"].find((name) => known.includes(name)) ?? "";
    }
    if (this.#stop === "") throw devFailed("API_CommandNotFound", `${this.name} has no command that stops it`);
    await this.#proxy.call(this.#stop);
  }
}

export class RealAxes {
  readonly names: readonly string[];
  readonly #axes: readonly RealAxis[];
  readonly #connect: (name: string) => Promise<DeviceProxy>;

  private constructor(axes: readonly RealAxis[], open: (name: string) => Promise<DeviceProxy>) {
    this.#axes = axes;
    this.names = axes.map(({ name }) => name);
    this.#connect = open;
  }

  /** Devices may be started later: the first look connects. */
  static async open(names: readonly string[], system: ControlSystem): Promise<RealAxes> {
    const lazily = (name: string) => connect(name, { system, lazy: true });
    const axes = names.map(async (text) => {
      const [, device = text, attribute = "Position"] =
        /^((?:tango:\/\/[^/]+\/)?[^/]+\/[^/]+\/[^/#]+(?:#dbase=no)?)(?:\/([^/]+))?$/.exec(text) ?? [];
      return new RealAxis(device, attribute, await lazily(device));
    });
    return new RealAxes(await Promise.all(axes), lazily);
  }

  look(): Promise<RealState[]> {
    return Promise.all(this.#axes.map((axis) => axis.look()));
  }
  limits(): Promise<Range[]> {
    return Promise.all(this.#axes.map((axis) => axis.limits()));
  }

  /** Starts all; when one refuses, those that have started are stopped. */
  async start(targets: readonly number[]): Promise<void> {
    const groups = await Promise.all(this.#axes.map((axis) => axis.group()));
    const batches = Map.groupBy(this.#axes.keys(), (i) => groups[i] || `alone ${i}`);
    const started = await Promise.allSettled(
      [...batches].map(([group, members]) => this.#startBatch(group, members, targets)),
    );
    const refused = started.find((each) => each.status === "rejected");
    if (!refused) return;
    await this.stop("Stop").catch(() => {}); // the refusal says more
    throw refused.reason;
  }

  async #startBatch(group: string, members: readonly number[], targets: readonly number[]): Promise<void> {
    const [only] = members;
    if (members.length === 1 && only !== undefined) return this.#axes[only]?.write(targets[only] ?? Number.NaN);
    const device = await this.#connect(sibling(this.names[only ?? 0] ?? "", group));
    await device.call(
      "GroupMove",
      members.flatMap((i) => [deviceOf(this.names[i] ?? ""), String(targets[i])]),
    );
  }

  /** Tells all to stop, also when one of them fails to hear it. */
  async stop(how: "Stop" | "Abort"): Promise<void> {
    const told = await Promise.allSettled(this.#axes.map((axis) => axis.stop(how)));
    const deaf = told.find((each) => each.status === "rejected");
    if (deaf) throw deaf.reason;
  }

  status(index: number): Promise<string> {
    return this.#axes[index]?.status() ?? Promise.resolve("");
  }
}
