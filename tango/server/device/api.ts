// SPDX-License-Identifier: MIT
// The device as the code of its class sees it.
import { devFailed } from "../../errors.ts";
import type { DevStateName } from "../../idl/tango-types.ts";
import type { AttributeDefinition, CommandDefinition, ForwardedDefinition, PipeDefinition } from "../../interface.ts";
import { accessOf, type ServedAttribute } from "../attribute/attribute.ts";
import { commandAccess } from "../command.ts";
import { push } from "../events/emit.ts";
import { pipeNotFound, sendConfig } from "../operations/configs.ts";
import { attributeNotFound } from "../operations/read.ts";
import type { Activity, Awaitable, Blob, Device, Log } from "../types.ts";
import { DeviceActivity } from "./activity.ts";
import type { ServedDevice } from "./device.ts";

type Attachable = AttributeDefinition | CommandDefinition | PipeDefinition | ForwardedDefinition;
const TRIGGER = "Device.triggerPolling";

export class DeviceApi implements Device {
  readonly properties: never;
  readonly classProperties: Readonly<Record<string, unknown>>;
  readonly log: Log;
  readonly #device: ServedDevice;
  readonly signal: AbortSignal;

  constructor(
    device: ServedDevice,
    properties: Readonly<Record<string, unknown>>,
    classProperties: Readonly<Record<string, unknown>>,
  ) {
    this.#device = device;
    this.properties = properties as never;
    this.classProperties = classProperties;
    this.log = device.server.logFor(device);
    this.signal = device.signal;
  }

  get name(): string {
    return this.#device.name;
  }
  get server(): string {
    return this.#device.server.name;
  }
  get state(): DevStateName {
    return this.#device.condition.state;
  }
  set state(state: DevStateName) {
    this.#device.condition.state = state;
  }
  get status(): string {
    return this.#device.condition.status;
  }
  set status(text: string) {
    this.#device.condition.status = text;
  }

  activity(state: DevStateName, { idle }: { readonly idle?: DevStateName } = {}): Activity {
    const activity = new DeviceActivity(this, state, idle);
    this.#device.onClose(() => activity.stop(new Error(`${this.name} is closing`)));
    return activity;
  }

  #attribute(name: string): ServedAttribute {
    const attribute = this.#device.attribute(name);
    if (!attribute) throw attributeNotFound(name);
    return attribute;
  }

  #push(name: string, value: unknown, event: "change" | "archive" | "user_event"): void {
    const attribute = this.#attribute(name);
    const { events } = this.#device.server;
    // Nothing is worked out for nobody.
    if (!events.wants(this.#device.key, attribute.key)) return;
    push(events, this.#device, attribute, event, attribute.sample(value));
  }
  push(attribute: string, value: unknown): void {
    this.#push(attribute, value, "change");
  }
  pushArchive(attribute: string, value: unknown): void {
    this.#push(attribute, value, "archive");
  }
  pushUser(attribute: string, value: unknown): void {
    this.#push(attribute, value, "user_event");
  }
  pushError(name: string, error: unknown): void {
    const attribute = this.#attribute(name);
    push(this.#device.server.events, this.#device, attribute, "change", attribute.failed(error));
  }
  pushDataReady(name: string, counter: number): void {
    const attribute = this.#attribute(name);
    const { events } = this.#device.server;
    const channel = events.channel(this.#device.key, attribute.key, "data_ready");
    if (channel) events.sendDataReady(channel, { name: attribute.name, data_type: attribute.type.code, ctr: counter });
  }
  triggerPolling(name: string): void {
    const device = this.#device;
    const object = device.polling.find("attribute", name) ?? device.polling.find("command", name);
    if (device.polling.objects.length === 0) {
      throw devFailed("API_DeviceNotPolled", `Device ${this.name} is not polled`, TRIGGER);
    }
    if (!object) throw devFailed("API_PollObjNotFound", `${name} of ${this.name} is not polled`, TRIGGER);
    if (object.period > 0) {
      const problem = `Polling for ${object.kind} ${object.name} (device ${this.name}) is not externally triggered.`;
      throw devFailed("API_NotSupported", problem, TRIGGER);
    }
    device.server.poll(device, object);
  }
  pushPipe(name: string, blob: Blob): void {
    const pipe = this.#device.pipes.get(name.toLowerCase());
    if (!pipe) throw pipeNotFound(name);
    const { events } = this.#device.server;
    const channel = events.channel(this.#device.key, pipe.key, "pipe");
    if (channel) events.sendPipe(channel, pipe.data(blob));
  }

  configure(name: string, options: { minValue?: number; maxValue?: number; unit?: string; label?: string }): void {
    const attribute = this.#attribute(name);
    attribute.settings.override({
      ...(options.minValue !== undefined && { min_value: limitText(options.minValue) }),
      ...(options.maxValue !== undefined && { max_value: limitText(options.maxValue) }),
      ...(options.unit !== undefined && { unit: options.unit }),
      ...(options.label !== undefined && { label: options.label }),
    });
    attribute.configChanged();
    sendConfig(this.#device, attribute);
  }

  attach(name: string, definition: Attachable, handler?: unknown): Disposable {
    const remove = this.#attach(name, definition, handler);
    const device = this.#device;
    const keep = device.onClose(remove);
    device.server.interfaceMayHaveChanged(device, false);
    return {
      [Symbol.dispose]: () => {
        keep();
        // What it held of another server may take its time to be given back; the member itself is gone at once.
        void remove();
        device.server.interfaceMayHaveChanged(device, false);
      },
    };
  }

  #attach(name: string, definition: Attachable, handler: unknown): () => Awaitable<void> {
    switch (definition.kind) {
      case "attribute":
        return this.#attachAttribute(name, definition, handler);
      case "command":
        return this.#attachCommand(name, definition, handler);
      case "pipe":
        return this.#attachPipe(name, definition, handler);
      case "forwarded":
        return this.#attachForwarded(name, definition);
    }
  }

  #attachPipe(name: string, definition: PipeDefinition, handler: unknown): () => void {
    const { pipes } = this.#device;
    if (pipes.has(name.toLowerCase())) throw exists(this.name, "pipe", name);
    const pipe = this.#device.addPipe(name, definition, () => handler);
    return () => {
      if (pipes.get(pipe.key) === pipe) pipes.delete(pipe.key);
    };
  }

  #attachForwarded(name: string, definition: ForwardedDefinition): () => Awaitable<void> {
    const { attributes, forwarding } = this.#device;
    if (attributes.has(name.toLowerCase()) || forwarding.has(name)) throw exists(this.name, "attribute", name);
    const link = forwarding.add(name, definition);
    return async () => link[Symbol.asyncDispose]();
  }

  #attachAttribute(name: string, definition: AttributeDefinition, handler: unknown): () => void {
    const { attributes } = this.#device;
    if (attributes.has(name.toLowerCase()) || this.#device.forwarding.has(name))
      throw exists(this.name, "attribute", name);
    const attribute = this.#device.addAttribute(name, definition, accessOf(definition, handler));
    return () => this.#device.remove(attribute);
  }

  #attachCommand(name: string, definition: CommandDefinition, handler: unknown): () => void {
    const { commands } = this.#device;
    if (commands.has(name.toLowerCase())) throw exists(this.name, "command", name);
    const command = this.#device.addCommand(name, definition, commandAccess(handler));
    return () => {
      if (commands.get(command.key) === command) commands.delete(command.key);
    };
  }

  async readProperty(name: string): Promise<readonly string[] | undefined> {
    const rows = await this.#device.server.database.deviceProperties(this.name, [name]);
    return Object.values(rows)[0];
  }
  async writeProperty(name: string, values: readonly string[]): Promise<void> {
    const { database } = this.#device.server;
    if (values.length === 0) await database.deleteDeviceProperties(this.name, [name]);
    else await database.putDeviceProperties(this.name, { [name]: values });
  }

  sibling(name: string): Device | undefined {
    return this.#device.server.device(name)?.api;
  }
}

const exists = (device: string, kind: string, name: string) =>
  devFailed("API_AttrWrongDefined", `${device} has the ${kind} ${name} already`, "Device.attach");

/** An infinite limit is none. */
const limitText = (limit: number): string => (Number.isFinite(limit) ? String(limit) : "Not specified");
