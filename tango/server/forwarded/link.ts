// SPDX-License-Identifier: MIT
// One forwarded attribute of a device: looked for until its root is there, then served until the device closes.
import { connect, type DeviceProxy } from "../../client/index.ts";
import type { EventName } from "../../events/index.ts";
import type { DevSource } from "../../idl/index.ts";
import type { ForwardedDefinition } from "../../interface.ts";
import type { ServedDevice } from "../device/device.ts";
import { ForwardedAttribute } from "./attribute.ts";
import { followConfig, isRelayed, Relay } from "./relay.ts";
import { NOT_DEFINED, problemOf, type Root, RootProblem, rootNamed } from "./root.ts";

/** Milliseconds between attempts to reach a root that is away: doubled each time, up to the last. */
const RETRY = { first: 500, last: 5000 };
const SOURCES = ["DEV", "CACHE", "CACHE_DEV"] as const satisfies readonly DevSource[];

export class ForwardedLink implements AsyncDisposable {
  readonly name: string;
  readonly #device: ServedDevice;
  readonly #definition: ForwardedDefinition;
  readonly #closing = new AbortController();
  readonly #resources = new AsyncDisposableStack();
  readonly #relays = new Map<EventName, Promise<Relay>>();
  #attribute: ForwardedAttribute | undefined;
  /** The root as texts show it. */
  #rootText = NOT_DEFINED;
  #problem: RootProblem | undefined;
  #pause = RETRY.first;
  #work: Promise<void> = Promise.resolve();

  constructor(device: ServedDevice, name: string, definition: ForwardedDefinition) {
    this.#device = device;
    this.name = name;
    this.#definition = definition;
  }

  get key(): string {
    return this.name.toLowerCase();
  }
  get root(): Root | undefined {
    return this.#attribute?.root;
  }
  /** What talks to the root's device. */
  get rootProxy(): DeviceProxy | undefined {
    return this.#attribute?.rootProxy;
  }
  /** A block of the device's Status; undefined when all is well. */
  get #trouble(): string | undefined {
    if (!this.#problem) return undefined;
    const { kind, message } = this.#problem;
    const [what, advice] =
      kind === "device" ? ["reachable", ""] : ["correctly configured", "\nYou can update it using the Jive tool"];
    return `Forwarded attribute ${this.name} is not ${what}! \nRoot attribute name = ${this.#rootText}${advice}\nError: ${message}`;
  }

  /** One attempt; when the root is away, others follow by themselves. Never throws. */
  async open(): Promise<void> {
    try {
      await this.#connect();
      this.#problem = undefined;
    } catch (error) {
      if (this.#closing.signal.aborted) return;
      this.#problem = problemOf(error);
      if (this.#problem.kind !== "configuration") this.#retry();
    }
  }

  /** Puts into the device's Status how things are. */
  tell(): void {
    this.#device.condition.trouble(`forwarded ${this.key}`, this.#trouble);
  }

  #retry(): void {
    const timer = setTimeout(() => {
      this.#work = this.open().then(() => this.tell());
    }, this.#pause).unref();
    this.#pause = Math.min(this.#pause * 2, RETRY.last);
    this.#closing.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  }

  async #connect(): Promise<void> {
    const { server } = this.#device;
    const rows = this.#rows;
    const text = rows.__root_att?.[0] ?? this.#definition.root ?? NOT_DEFINED;
    this.#rootText = text;
    const root = rootNamed(text, server.database.host);
    this.#rootText = root.text;
    this.#claim(root);
    const { signal } = this.#closing;
    const system = server.system();
    const proxies = await Promise.all(
      SOURCES.map((source) => connect(root.trl, { system, source, signal, lazy: source !== "DEV" })),
    );
    const from = Object.fromEntries(SOURCES.map((source, index) => [source, proxies[index]])) as ConstructorParameters<
      typeof ForwardedAttribute
    >[3];
    const config = await from.DEV.attribute(root.attribute, { signal });
    const labels = { label: rows.label?.[0], defaultLabel: this.#definition.label };
    const attribute = new ForwardedAttribute(this.#device, this.name, root, from, config, labels);
    signal.throwIfAborted();
    for (const proxy of proxies) this.#resources.use(proxy);
    this.#install(attribute);
    await this.#device.forwarding.appeared(this.name);
  }

  get #rows() {
    const { attributes } = this.#device.record;
    return Object.entries(attributes).find(([name]) => name.toLowerCase() === this.key)?.[1] ?? {};
  }

  /** A root has one attribute in a server that stands for it. @throws RootProblem */
  #claim(root: Root): void {
    if (root.isOwn && root.device === this.#device.key) throw new RootProblem("Root device is local device");
    const { forwardedRoots } = this.#device.server;
    const mine = `${this.#device.name}/${this.name}`;
    const user = forwardedRoots.get(root.text);
    if (user !== undefined && user !== mine) {
      throw new RootProblem(`Root attribute already used in this device server process for attribute ${user}`);
    }
    if (user === undefined) this.#resources.defer(() => void forwardedRoots.delete(root.text));
    forwardedRoots.set(root.text, mine);
  }

  #install(attribute: ForwardedAttribute): void {
    const device = this.#device;
    this.#attribute = attribute;
    device.place(attribute);
    this.#resources.defer(() => device.remove(attribute));
    device.server.interfaceMayHaveChanged(device, false);
    const configs = attribute.rootProxy.events(attribute.root.attribute, "attr_conf");
    this.#resources.use(configs);
    // A root too old to send its configuration keeps the one it had at the start.
    followConfig(device, attribute, configs).catch(() => {});
    // Those who subscribed before the device was restarted go on listening.
    for (const event of device.server.events.wantedOf(device.key, attribute.key)) {
      this.relay(event).catch((error: unknown) => device.server.report(device, `${this.name}: ${String(error)}`));
    }
  }

  /** Passes on events of the root from now on. @throws DevFailed when the root's server refuses the subscription. */
  async relay(event: EventName): Promise<void> {
    const attribute = this.#attribute;
    if (!attribute || !isRelayed(event)) return;
    let relay = this.#relays.get(event);
    if (!relay) {
      const forget = () => void this.#relays.delete(event);
      relay = Relay.open(this.#device, attribute, event, attribute.rootProxy, forget);
      this.#relays.set(event, relay);
      relay.catch(forget);
    }
    await relay;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new Error(`${this.#device.name} is closing`));
    await this.#work;
    const relays = await Promise.allSettled(this.#relays.values());
    for (const relay of relays) if (relay.status === "fulfilled") await relay.value[Symbol.asyncDispose]();
    await this.#resources.disposeAsync();
  }
}
