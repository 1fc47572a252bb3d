// SPDX-License-Identifier: MIT
// One device: what it has, and its life from open to close.
import { type DevError, devFailed } from "../../errors.ts";
import type { InterfaceDefinition, PipeDefinition } from "../../interface.ts";
import { standardAttributes, standardCommands } from "../../interface.ts";
import { type AttributeOwner, accessOf, ServedAttribute } from "../attribute/attribute.ts";
import { ownCall } from "../call.ts";
import { type CommandOwner, commandAccess, ServedCommand } from "../command.ts";
import type { DeviceRecord } from "../database/port.ts";
import { asDevFailed, devErrors } from "../failure.ts";
import { Forwarding } from "../forwarded/forwarding.ts";
import { ServedPipe } from "../pipe.ts";
import { DevicePolling } from "../polling/device-polling.ts";
import type { Awaitable, Call, Device, DeviceHooks } from "../types.ts";
import { BlackBox } from "./black-box.ts";
import { Condition, type ConditionOwner, readAll } from "./condition.ts";
import type { DeviceServer, ServedClass } from "./host.ts";
import { DeviceLock } from "./lock.ts";
import { restoreMemorized } from "./memorized.ts";
import type { Turns } from "./monitor.ts";

export type Handlers = Readonly<Record<string, unknown>> & DeviceHooks;

/** Changes of State and Status are pushed, by the device itself. */
const pushed = { options: { events: { change: "pushed" } } } as const;
const ownState: typeof standardAttributes.State = { ...standardAttributes.State, ...pushed };
const ownStatus: typeof standardAttributes.Status = { ...standardAttributes.Status, ...pushed };

const isStandard = ({ key }: ServedAttribute) => key === "state" || key === "status";

export class ServedDevice implements AttributeOwner, CommandOwner, ConditionOwner {
  readonly name: string;
  readonly key: string;
  readonly class: ServedClass;
  readonly server: DeviceServer;
  readonly condition: Condition;
  readonly turns: Turns;
  readonly lock: DeviceLock;
  readonly blackBox: BlackBox;
  readonly polling: DevicePolling;
  readonly forwarding: Forwarding;
  readonly attributes = new Map<string, ServedAttribute>();
  readonly commands = new Map<string, ServedCommand>();
  readonly pipes = new Map<string, ServedPipe>();
  record: DeviceRecord;
  hooks: DeviceHooks = {};
  /** What the class's code was given when the device opened. */
  api: Device | undefined;
  #handlers: Handlers = {};
  /** Why the device did not open. */
  #openFailure: readonly DevError[] | undefined;
  #closing = new AbortController();
  /** What ends with the open device: activities, attachments. */
  readonly #ending = new Set<() => Awaitable<void>>();

  /** @param lock of the device this one replaces. */
  constructor(server: DeviceServer, served: ServedClass, record: DeviceRecord, lock = new DeviceLock(record.name)) {
    this.server = server;
    this.class = served;
    this.name = record.name;
    this.key = record.name.toLowerCase();
    this.record = record;
    this.condition = new Condition(this);
    this.turns = server.turnsFor(this);
    this.lock = lock;
    this.blackBox = new BlackBox(Number(record.properties.blackbox_depth?.[0] ?? 50));
    this.polling = new DevicePolling(this.name, record.properties);
    this.#declare();
    this.forwarding = new Forwarding(this);
  }

  get definition(): InterfaceDefinition {
    return this.class.definition;
  }
  get className(): string {
    return this.class.definition.name;
  }
  get currentState(): string {
    return this.condition.state;
  }
  get signal(): AbortSignal {
    return this.#closing.signal;
  }
  now(): number {
    return this.server.clock.now();
  }
  attribute(name: string): ServedAttribute | undefined {
    return this.attributes.get(name.toLowerCase());
  }

  /** Everything the interface has, and what every device has; State and Status last. */
  #declare(): void {
    for (const [name, definition] of Object.entries(this.definition.attributes ?? {})) {
      this.addAttribute(name, definition, this.#attributeAccess(name, definition));
    }
    this.addAttribute("State", ownState, { read: (call: Call) => this.condition.currentState(call) });
    this.addAttribute("Status", ownStatus, { read: (call: Call) => this.condition.currentStatus(call) });
    const own = { ...standardCommands, ...this.definition.commands };
    for (const [name, definition] of Object.entries(own)) this.addCommand(name, definition, this.#commandAccess(name));
    for (const [name, definition] of Object.entries(this.definition.pipes ?? {})) {
      this.addPipe(name, definition, () => this.#handler(name));
    }
  }

  /** Handlers are looked up at each use: Init gives new ones. */
  #attributeAccess(name: string, definition: NonNullable<InterfaceDefinition["attributes"]>[string]) {
    const access = () => accessOf(definition, this.#handler(name));
    return {
      read: (call: Call) => access().read?.(call),
      write: (value: unknown, call: Call) => access().write?.(value, call),
      allowed: (request: "read" | "write") => access().allowed?.(request) ?? true,
    };
  }

  #commandAccess(name: string) {
    const standard: Readonly<Record<string, (argument: unknown, call: Call) => Awaitable<unknown>>> = {
      Init: () => this.init(),
      State: (_, call) => this.condition.currentState(call),
      Status: (_, call) => this.condition.currentStatus(call),
    };
    const builtIn = standard[name];
    if (builtIn && !this.definition.commands?.[name]) return { execute: builtIn };
    return {
      execute: (argument: unknown, call: Call) => commandAccess(this.#handler(name)).execute(argument, call),
      allowed: () => this.#openFailure !== undefined || (commandAccess(this.#handler(name)).allowed?.() ?? true),
    };
  }

  #handler(name: string): unknown {
    const handler = this.#handlers[name];
    if (handler !== undefined) return handler;
    if (this.#openFailure) {
      throw asDevFailed(
        devFailed("API_InitThrowsException", `${this.name} did not open: ${this.#openFailure[0]?.desc}`),
        this.className,
      );
    }
    throw devFailed("API_NotSupported", `${this.className} has no handler for ${name}`, this.className);
  }

  addAttribute(
    name: string,
    definition: NonNullable<InterfaceDefinition["attributes"]>[string],
    access: object,
  ): ServedAttribute {
    const attribute = new ServedAttribute(this, name, definition, access, {
      classRows: this.class.record.attributes,
      deviceRows: this.record.attributes,
      shared: this.class.sharedSettings,
    });
    this.place(attribute);
    return attribute;
  }

  /** The attribute is there from now on; State and Status stay last. */
  place(attribute: ServedAttribute): void {
    this.attributes.set(attribute.key, attribute);
    for (const key of isStandard(attribute) ? [] : ["state", "status"]) {
      const standard = this.attributes.get(key);
      if (standard && this.attributes.delete(key)) this.attributes.set(key, standard);
    }
  }
  /** It is gone, unless another has taken its place. */
  remove(attribute: ServedAttribute): void {
    if (this.attributes.get(attribute.key) === attribute) this.attributes.delete(attribute.key);
  }

  addCommand(
    name: string,
    definition: NonNullable<InterfaceDefinition["commands"]>[string],
    access: ConstructorParameters<typeof ServedCommand>[3],
  ): ServedCommand {
    const command = new ServedCommand(this, name, definition, access);
    this.commands.set(command.key, command);
    return command;
  }

  addPipe(name: string, definition: PipeDefinition, handler: () => unknown): ServedPipe {
    const rows = { classRows: this.class.record.pipes, deviceRows: this.record.pipes };
    const pipe = new ServedPipe(this, name, definition, handler, rows);
    this.pipes.set(pipe.key, pipe);
    return pipe;
  }

  /** Calls the class's open function; never throws: a device that did not open is in FAULT and says why. */
  async open(): Promise<void> {
    this.#closing = new AbortController();
    this.#openFailure = undefined;
    this.condition.reset();
    this.forwarding.tell();
    try {
      this.api = this.server.apiFor(this);
      this.#handlers = (await this.class.open(this.api as never)) as Handlers;
      this.hooks = this.#handlers;
      if (!this.condition.isStateSet) this.condition.state = "ON";
      await restoreMemorized(this, ownCall(this.signal));
    } catch (error) {
      this.#openFailure = devErrors(error, `${this.className}.open`);
      this.condition.state = "FAULT";
      this.condition.status = `${this.name} did not open: ${this.#openFailure.map(({ desc }) => desc).join("\n")}`;
      this.server.report(this, this.condition.status);
    }
  }

  /** What to do when the device closes, before its own disposal; the result takes it back. */
  onClose(action: () => Awaitable<void>): () => void {
    this.#ending.add(action);
    return () => void this.#ending.delete(action);
  }

  /** Stops what runs, releases what is held. Never throws. */
  async close(): Promise<void> {
    this.#closing.abort(new Error(`${this.name} is closing`));
    const actions = [...this.#ending];
    this.#ending.clear();
    const dispose = this.hooks[Symbol.asyncDispose];
    for (const action of dispose ? [...actions, dispose] : actions) {
      try {
        await action.call(this.#handlers);
      } catch (error) {
        this.server
          .logFor(this)
          .error(`closing ${this.name}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    this.#handlers = {};
    this.hooks = {};
  }

  /** Devices of other servers this one works with. */
  get subDevices(): readonly string[] {
    return this.forwarding.rootDevices;
  }

  /** The Init command: close, then open again with the properties as they are now. @throws DevFailed when it did not open. */
  async init(): Promise<void> {
    await this.close();
    const names = Object.keys(this.definition.properties ?? {});
    const properties = names.length > 0 ? await this.server.database.deviceProperties(this.name, names) : {};
    this.record = { ...this.record, properties: { ...without(this.record.properties, names), ...properties } };
    await this.open();
    this.server.interfaceMayHaveChanged(this, false);
    if (this.#openFailure)
      throw asDevFailed(devFailed("API_InitThrowsException", this.condition.status), `${this.className}.Init`);
  }

  // ---- what the State algorithm asks
  alarmed(): readonly ServedAttribute[] {
    return [...this.attributes.values()].filter(({ settings }) => settings.criteria.alarmed);
  }
  isPolled(attribute: ServedAttribute): boolean {
    return this.polling.find("attribute", attribute.name) !== undefined;
  }
  refresh(attributes: readonly ServedAttribute[], call: Call): Awaitable<void> {
    return readAll(attributes, call);
  }
  stateChanged(): void {
    this.server.stateChanged(this);
  }
}

const without = (rows: DeviceRecord["properties"], names: readonly string[]): DeviceRecord["properties"] => {
  const gone = new Set(names.map((name) => name.toLowerCase()));
  return Object.fromEntries(Object.entries(rows).filter(([name]) => !gone.has(name.toLowerCase())));
};
