// SPDX-License-Identifier: MIT
// The real axes: any Tango devices, of any language. What they need is an attribute to read and write, State, and a
// command that stops. Those of one server that can be moved together (GroupMove, our motors can) start by one request.
import { deviceOf, sibling } from "../../devices/sibling.ts";
import { type ControlSystem, connect, type DeviceProxy, devFailed } from "../../tango/index.ts";
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
  #known: readonly string[] | undefined;

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
  /** The server that starts it together with others; itself when it is started alone. */
  async group(): Promise<string> {
    const joins = this.attribute === "Position" && (await this.#commands()).includes("GroupMove");
    return joins ? sibling(this.name, await this.#proxy.adminName()) : `${this.name}/${this.attribute}`;
  }
  /** Moves it and others of its group: device, position, device, position ... */
  async startGroup(words: readonly string[]): Promise<void> {
    await this.#proxy.call("GroupMove", words);
  }
  async write(position: number): Promise<void> {
    await this.#proxy.write(this.attribute, position);
  }
  status(): Promise<string> {
    return this.#proxy.status();
  }
  async stop(wanted: "Stop" | "Abort"): Promise<void> {
    const known = await this.#commands();
    const stop = [wanted, "Stop", "Abort", "stop", "abort"].find((name) => known.includes(name));
    if (!stop) throw devFailed("API_CommandNotFound", `${this.name} has no command that stops it`);
    await this.#proxy.call(stop);
  }

  async #commands(): Promise<readonly string[]> {
    this.#known ??= (await this.#proxy.commands()).map(({ name }) => name);
    return this.#known;
  }
}

export class RealAxes {
  readonly names: readonly string[];
  readonly #axes: readonly RealAxis[];

  private constructor(axes: readonly RealAxis[]) {
    this.#axes = axes;
    this.names = axes.map(({ name }) => name);
  }

  /** Devices may be started later: the first look connects. */
  static async open(names: readonly string[], system: ControlSystem): Promise<RealAxes> {
    const axes = names.map(async (text) => {
      const [, device = text, attribute = "Position"] =
        /^((?:tango:\/\/[^/]+\/)?[^/]+\/[^/]+\/[^/#]+(?:#dbase=no)?)(?:\/([^/]+))?$/.exec(text) ?? [];
      return new RealAxis(device, attribute, await connect(device, { system, lazy: true }));
    });
    return new RealAxes(await Promise.all(axes));
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
    const batches = Map.groupBy(this.#axes.keys(), (i) => groups[i]);
    const started = await Promise.allSettled([...batches.values()].map((batch) => this.#startBatch(batch, targets)));
    const refused = started.find((each) => each.status === "rejected");
    if (!refused) return;
    await this.stop("Stop").catch(() => {}); // the refusal says more
    throw refused.reason;
  }

  async #startBatch([first = 0, ...others]: readonly number[], targets: readonly number[]): Promise<void> {
    const axis = this.#axes[first];
    const words = [first, ...others].flatMap((i) => [deviceOf(this.names[i] ?? ""), String(targets[i])]);
    await (others.length === 0 ? axis?.write(targets[first] ?? Number.NaN) : axis?.startGroup(words));
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
