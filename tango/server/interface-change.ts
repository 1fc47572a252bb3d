// SPDX-License-Identifier: MIT
// Tells clients when the members of a device change.
import type { DevIntrChange } from "../idl/index.ts";
import type { ServedAttribute } from "./attribute/attribute.ts";
import type { ServedCommand } from "./command.ts";
import type { ServedDevice } from "./device/device.ts";
import type { EventSupplier } from "./events/supplier.ts";

/** Changes within so many milliseconds make one event. */
const GROUPING = 50;

interface Waiting {
  readonly timer: NodeJS.Timeout;
  started: boolean;
}

export class InterfaceWatch implements Disposable {
  readonly #supplier: EventSupplier;
  /** What each device's interface was when its clients last heard of it. */
  readonly #known = new Map<string, Members>();
  readonly #waiting = new Map<string, Waiting>();

  constructor(supplier: EventSupplier) {
    this.#supplier = supplier;
  }

  /** The interface as it is now is what clients know. */
  remember(device: ServedDevice): void {
    this.#known.set(device.key, membersOf(device));
  }

  /** Looks shortly, and sends the event if the interface is another one. */
  check(device: ServedDevice, started: boolean): void {
    const waiting = this.#waiting.get(device.key);
    if (waiting) {
      waiting.started ||= started;
      return;
    }
    const timer = setTimeout(() => this.#compare(device), GROUPING).unref();
    this.#waiting.set(device.key, { timer, started });
  }

  #compare(device: ServedDevice): void {
    const started = this.#waiting.get(device.key)?.started ?? false;
    this.#waiting.delete(device.key);
    const known = this.#known.get(device.key);
    const now = membersOf(device);
    if (known && fingerprint(known) === fingerprint(now)) return;
    this.#known.set(device.key, now);
    const channel = this.#supplier.channel(device.key, "", "intr_change");
    if (channel) this.#supplier.sendInterface(channel, interfaceOf(device, started));
  }

  [Symbol.dispose](): void {
    for (const { timer } of this.#waiting.values()) clearTimeout(timer);
  }
}

interface Members {
  readonly attributes: readonly ServedAttribute[];
  readonly commands: readonly ServedCommand[];
}
const membersOf = ({ attributes, commands }: ServedDevice): Members => ({
  attributes: [...attributes.values()],
  commands: [...commands.values()],
});

function interfaceOf(device: ServedDevice, started: boolean): DevIntrChange {
  const commands = [...device.commands.values()].map(({ info }) => info);
  return {
    dev_started: started,
    cmds: commands.sort((one, other) => (one.cmd_name.toLowerCase() < other.cmd_name.toLowerCase() ? -1 : 1)),
    atts: [...device.attributes.values()].map(({ config }) => config),
  };
}

/** Names and types: what makes two interfaces differ. */
function fingerprint(members: Members): string {
  const attributes = members.attributes.map(({ key, type, definition: { format, access } }) => [
    key,
    type.code,
    format,
    access,
  ]);
  const commands = members.commands.map(({ key, definition }) => [key, definition.input.code, definition.output.code]);
  return JSON.stringify([attributes.sort(), commands.sort()]);
}
