// SPDX-License-Identifier: MIT
// The attributes of a device that stand for attributes of other devices.
import type { EventName } from "../../events/index.ts";
import type { ForwardedDefinition } from "../../interface.ts";
import type { ServedDevice } from "../device/device.ts";
import { ForwardedLink } from "./link.ts";
import { type RootDevices, RootLocks } from "./root-locks.ts";

export class Forwarding implements AsyncDisposable {
  readonly #device: ServedDevice;
  readonly #links = new Map<string, ForwardedLink>();
  readonly #locks: RootLocks;

  constructor(device: ServedDevice) {
    this.#device = device;
    this.#locks = new RootLocks(device.lock);
    for (const [name, definition] of Object.entries(device.definition.forwarded ?? {})) this.#make(name, definition);
  }

  #make(name: string, definition: ForwardedDefinition): ForwardedLink {
    const link = new ForwardedLink(this.#device, name, definition);
    this.#links.set(link.key, link);
    return link;
  }

  /** Looks for every root once; those that are away appear when they are there. */
  async open(): Promise<void> {
    await Promise.all([...this.#links.values()].map((link) => link.open()));
    this.tell();
  }

  /** One more, while the device lives. */
  add(name: string, definition: ForwardedDefinition): AsyncDisposable {
    const link = this.#make(name, definition);
    void link.open().then(() => link.tell());
    return {
      [Symbol.asyncDispose]: async () => {
        if (this.#links.get(link.key) === link) this.#links.delete(link.key);
        await link[Symbol.asyncDispose]();
      },
    };
  }

  has(name: string): boolean {
    return this.#links.has(name.toLowerCase());
  }

  /** Devices whose attributes these stand for. */
  get rootDevices(): readonly string[] {
    return [...new Set([...this.#links.values()].flatMap(({ root }) => (root ? [root.device] : [])))];
  }
  get #roots(): RootDevices {
    const links = [...this.#links.values()];
    return new Map(links.flatMap(({ root, rootProxy }) => (root && rootProxy ? [[root.trl, rootProxy]] : [])));
  }

  /** Locks the devices of the roots, while this one is locked. @throws DevFailed when one of them refuses */
  lockRoots(): Promise<void> {
    return this.#locks.hold(this.#roots);
  }
  /** The device is free, and so are the roots. */
  freeRoots(): Promise<void> {
    return this.#locks.release();
  }
  /** A root is there: if the device is locked, so is its root from now on. Never throws. */
  async appeared(name: string): Promise<void> {
    await this.lockRoots().catch((error: unknown) =>
      this.#device.server.report(this.#device, `locking the root of ${name}: ${String(error)}`),
    );
  }

  /** Passes on events of an attribute's root. @throws DevFailed when the root's server refuses the subscription. */
  async relay(attribute: string, event: EventName): Promise<void> {
    await this.#links.get(attribute.toLowerCase())?.relay(event);
  }

  /** Puts into the device's Status what is wrong, in the order of the attributes. */
  tell(): void {
    for (const link of this.#links.values()) link.tell();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#locks[Symbol.asyncDispose]();
    for (const link of this.#links.values()) await link[Symbol.asyncDispose]();
  }
}
