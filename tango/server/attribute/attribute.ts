// SPDX-License-Identifier: MIT
// One attribute of one device: its configuration, its set value, and the handler that reads and writes it.
import { type DevError, devFailed } from "../../errors.ts";
import type { AttributeConfig_5, AttrQuality } from "../../idl/index.ts";
import type { AttributeDefinition } from "../../interface.ts";
import { andThen, attempt } from "../awaitable.ts";
import { type MemberRows, namesIgnoreCase } from "../database/port.ts";
import { asDevFailed, devErrors } from "../failure.ts";
import { type Awaitable, type Call, isReading, type Quality, type Reading } from "../types.ts";
import { configOf } from "./config-table.ts";
import { type DataType, dataTypes } from "./data-type-table.ts";
import { handlerValue, initialSet, type Layout, layOut } from "./layout.ts";
import { type Alarms, alarmsOf, noAlarms, qualityOf } from "./quality.ts";
import type { Sample } from "./sample.ts";
import { AttributeSettings, type SharedSettings } from "./settings.ts";
import { checked, type Written } from "./written.ts";

/** What an attribute needs of its device. */
export interface AttributeOwner {
  readonly name: string;
  readonly className: string;
  readonly currentState: string;
  now(): number;
  attribute(name: string): ServedAttribute | undefined;
}

/** A handler of any attribute, its forms made one. */
export interface AttributeAccess {
  readonly read?: (call: Call) => Awaitable<unknown>;
  readonly write?: (value: unknown, call: Call) => Awaitable<void>;
  readonly allowed?: (request: "read" | "write") => boolean;
}

export interface AttributeRows {
  readonly classRows: MemberRows;
  readonly deviceRows: MemberRows;
  readonly shared?: SharedSettings;
}

const wireQuality: Readonly<Record<Quality, AttrQuality>> = {
  VALID: "ATTR_VALID",
  INVALID: "ATTR_INVALID",
  ALARM: "ATTR_ALARM",
  CHANGING: "ATTR_CHANGING",
  WARNING: "ATTR_WARNING",
};

const asReading = (value: unknown): Reading<unknown> | undefined =>
  typeof value === "object" && value !== null && isReading in value ? (value as Reading<unknown>) : undefined;

export class ServedAttribute {
  readonly name: string;
  readonly key: string;
  readonly definition: AttributeDefinition;
  readonly type: DataType;
  readonly settings: AttributeSettings;
  /** Why the last read, or the write of the memorised value, makes every read fail. */
  failure: readonly DevError[] | undefined;
  /** What the last successful read said; the State algorithm and the Status text look at it. */
  quality: AttrQuality = "ATTR_VALID";
  alarms: Alarms = noAlarms;
  readonly #owner: AttributeOwner;
  readonly #access: AttributeAccess;
  #set: Layout;
  #setAt: number | undefined;
  #config: AttributeConfig_5 | undefined;

  constructor(
    owner: AttributeOwner,
    name: string,
    definition: AttributeDefinition,
    access: AttributeAccess,
    rows: AttributeRows,
  ) {
    const type = dataTypes.get(definition.type.code);
    if (!type) throw new TypeError(`${owner.className}.${name}: ${definition.type.name} cannot be an attribute's type`);
    this.name = name;
    this.key = name.toLowerCase();
    this.definition = definition;
    this.type = type;
    this.#owner = owner;
    this.#access = access;
    this.#set = initialSet(type);
    this.settings = new AttributeSettings({
      device: owner.name,
      attribute: name,
      definition,
      type,
      classRows: namesIgnoreCase(rows.classRows, name),
      deviceRows: namesIgnoreCase(rows.deviceRows, name),
      shared: rows.shared,
    });
  }

  get isWritable(): boolean {
    return this.definition.access === "READ_WRITE" || this.definition.access === "WRITE";
  }
  /** The built-in State, which travels in a form of its own. */
  get isState(): boolean {
    return this.key === "state";
  }
  get origin(): string {
    return `${this.#owner.className}.${this.name}`;
  }
  get setValue(): Layout {
    return this.#set;
  }
  get label(): string {
    return this.settings.texts.label;
  }

  get config(): AttributeConfig_5 {
    this.#config ??= configOf(this.name, this.definition, this.type, this.settings.texts, {
      enumLabels: this.settings.enumLabels,
      writableName: this.#writableName,
      rootName: "Not specified",
    });
    return this.#config;
  }
  /** The settings have changed. */
  configChanged(): void {
    this.#config = undefined;
  }

  get #writableName(): string {
    if (this.definition.access === "READ_WRITE") return this.name;
    return this.definition.access === "READ_WITH_WRITE" ? (this.definition.writableName ?? "None") : "None";
  }

  /** The set part of what readers get. */
  get #shownSet(): Layout | undefined {
    if (this.isWritable) return this.#set;
    if (this.definition.access !== "READ_WITH_WRITE") return undefined;
    return this.#owner.attribute(this.#writableName)?.setValue;
  }

  /** Reads the hardware. Never throws: a failure is a sample too. */
  read(call: Call): Awaitable<Sample> {
    const { fault } = this.settings;
    if (fault !== undefined)
      return this.failed(devFailed("API_AttrConfig", fault, "Device_3Impl::read_attributes_no_except"));
    if (this.failure) return this.#failedWith(this.failure);
    if (this.#access.allowed && !this.#access.allowed("read")) return this.failed(this.#notAllowed("read"));
    return attempt(
      () => (this.definition.access === "WRITE" ? undefined : this.#access.read?.(call)),
      (value) => this.#sampled(value),
      (error) => this.failed(error),
    );
  }

  #sampled(value: unknown): Sample {
    try {
      return this.sample(value);
    } catch (error) {
      return this.failed(error);
    }
  }

  /** What a value, bare or with quality and time, amounts to. @throws DevFailed when it does not fit the attribute. */
  sample(value: unknown): Sample {
    const given = asReading(value);
    const time = given?.time ?? this.#owner.now();
    const stated = wireQuality[given?.quality ?? "VALID"];
    if (stated === "ATTR_INVALID") {
      this.quality = stated;
      this.alarms = noAlarms;
      return { ...this.#frame, quality: stated, time };
    }
    if (given?.set !== undefined && this.isWritable) this.#set = layOut(this.name, this.definition, given.set);
    const set = this.#shownSet;
    const read =
      this.definition.access === "WRITE" ? this.#set : layOut(this.name, this.definition, given ? given.value : value);
    this.#checkEnum(read);
    this.alarms = stated === "ATTR_VALID" ? this.#alarms(read, set) : noAlarms;
    this.quality = stated === "ATTR_VALID" ? qualityOf(this.alarms) : stated;
    return { ...this.#frame, quality: this.quality, time, read, ...(set && { set }) };
  }

  #alarms(read: Layout, set: Layout | undefined): Alarms {
    const { criteria } = this.settings;
    if (!criteria.alarmed) return noAlarms;
    const sinceWrite = this.#setAt === undefined ? undefined : this.#owner.now() - this.#setAt;
    return alarmsOf(criteria, read.elements, set?.elements, sinceWrite);
  }

  #checkEnum({ elements }: Layout): void {
    if (this.type.kind !== "enum") return;
    const count = this.settings.enumLabels.length;
    for (let index = 0; index < elements.length; index++) {
      const value = elements[index] as number;
      if (value >= 0 && value < count) continue;
      const problem = `Wrong value for attribute ${this.name}. Element ${index} (value = ${value}) is negative or above the limit defined by the enum (${count - 1}).`;
      throw devFailed("API_AttrOptProp", problem, "Attribute::set_value()");
    }
  }

  get #frame(): Pick<Sample, "name" | "type" | "format" | "isState"> {
    return { name: this.name, type: this.type, format: this.definition.format, isState: this.isState };
  }

  failed(error: unknown): Sample {
    return this.#failedWith(devErrors(error, this.origin));
  }
  #failedWith(errors: readonly DevError[]): Sample {
    this.alarms = noAlarms;
    return { ...this.#frame, quality: "ATTR_INVALID", time: this.#owner.now(), errors };
  }

  #notAllowed(request: "read" | "write") {
    const problem = `It is currently not allowed to ${request} attribute ${this.name}. The device state is ${this.#owner.currentState}`;
    const origin = request === "read" ? "Device_3Impl::read_attributes_no_except" : "Device_3Impl::write_attributes";
    return devFailed("API_AttrNotAllowed", problem, origin);
  }

  /** Checks a value sent by a client. @throws DevFailed saying why it cannot be written. */
  accept(written: Written): Layout {
    const { fault } = this.settings;
    if (fault !== undefined) throw devFailed("API_AttrConfig", fault, "DeviceImpl::write_attributes");
    if (!this.isWritable) {
      throw devFailed("API_AttrNotWritable", `Attribute ${this.name} is not writable`, "DeviceImpl::write_attributes");
    }
    return checked(
      {
        name: this.name,
        definition: this.definition,
        type: this.type,
        criteria: this.settings.criteria,
        labels: this.settings.enumLabels,
      },
      written,
    );
  }

  /** Calls the write handler with an accepted value, which is then the set value. */
  write(layout: Layout, call: Call): Awaitable<void> {
    if (this.#access.allowed && !this.#access.allowed("write")) throw this.#notAllowed("write");
    const before = this.#set;
    // The handler may look at the set value; if it refuses, the old one stands.
    this.#set = layout;
    return attempt(
      () => this.#access.write?.(handlerValue(this.definition, layout), call),
      () => {
        this.#setAt = this.#owner.now();
        this.failure = undefined;
      },
      (error) => {
        this.#set = before;
        throw asDevFailed(error, this.origin);
      },
    );
  }

  /** Shows a set value without writing it: at start, from the memorised one. */
  restore(value: unknown): void {
    this.#set = { elements: [value], dim: { dim_x: 1, dim_y: 0 } };
  }
}

/** The built-in attributes and plain functions in the form attributes work with. */
export function accessOf(definition: AttributeDefinition, handler: unknown): AttributeAccess {
  if (typeof handler !== "function") return (handler ?? {}) as AttributeAccess;
  const run = handler as (...args: unknown[]) => Awaitable<unknown>;
  return definition.access === "WRITE"
    ? { write: (value, call) => andThen(run(value, call), () => undefined) }
    : { read: (call) => run(call) };
}
