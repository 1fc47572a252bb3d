// SPDX-License-Identifier: MIT
// An attribute that stands for one of another device: it has the root's type, configuration and values, and a label of its own.
import type { AttributeReading, AttributeConfig as ClientConfig, DeviceProxy } from "../../client/index.ts";
import type { AttributeConfig_5, DevSource } from "../../idl/index.ts";
import { type AttributeOwner, ServedAttribute } from "../attribute/attribute.ts";
import { configOf } from "../attribute/config-table.ts";
import { type Layout, layOut } from "../attribute/layout.ts";
import type { Sample } from "../attribute/sample.ts";
import type { PollRecord } from "../polling/polled.ts";
import type { Call } from "../types.ts";
import type { Root } from "./root.ts";
import { changesOf, definitionOf, textsOf } from "./root-config.ts";

/** The root's device, once for each place its values may come from. */
export type RootDevice = Readonly<Record<DevSource, DeviceProxy>>;

export class ForwardedAttribute extends ServedAttribute {
  readonly root: Root;
  readonly #from: RootDevice;
  readonly #defaultLabel: string;
  #label: string;
  #rootConfig: ClientConfig;

  /** @param label from the database; @param defaultLabel from the class's code. */
  constructor(
    owner: AttributeOwner,
    name: string,
    root: Root,
    from: RootDevice,
    config: ClientConfig,
    { label, defaultLabel = name }: { readonly label: string | undefined; readonly defaultLabel: string | undefined },
  ) {
    const device = from.DEV;
    const write = (value: unknown, { signal }: Call) => device.write(root.attribute, value as never, { signal });
    super(owner, name, definitionOf(config), { write }, { classRows: {}, deviceRows: {} });
    this.root = root;
    this.#from = from;
    this.#defaultLabel = defaultLabel;
    this.#label = label ?? defaultLabel;
    this.#rootConfig = config;
  }

  /** What talks to the root's device. */
  get rootProxy(): DeviceProxy {
    return this.#from.DEV;
  }

  override get label(): string {
    return this.#label;
  }

  override get config(): AttributeConfig_5 {
    const root = this.#rootConfig;
    return configOf(this.name, this.definition, this.type, textsOf(root, this.#label), {
      enumLabels: root.enumLabels,
      writableName: root.access === "READ_WRITE" ? this.name : root.writableName,
      rootName: this.root.text,
    });
  }

  /** The root's configuration is another one. */
  follow(config: ClientConfig): void {
    this.#rootConfig = config;
  }

  /**
   * Keeps the label and sets everything else on the root.
   * @returns the label to be stored; undefined for one that comes from the code. @throws DevFailed as the root does.
   */
  async configure(sent: AttributeConfig_5): Promise<string | undefined> {
    const changes = changesOf(sent, this.config);
    if (Object.keys(changes).length > 0) {
      await this.rootProxy.configure(this.root.attribute, changes);
      this.follow(await this.rootProxy.attribute(this.root.attribute));
    }
    this.#label = isDefault(sent.label) ? this.#defaultLabel : sent.label;
    return this.#label === this.#defaultLabel ? undefined : this.#label;
  }

  override read(call: Call): Promise<Sample> {
    return this.readFrom("DEV", call);
  }

  /** From the root's hardware or its cache. */
  async readFrom(source: DevSource, { signal }: Pick<Call, "signal">): Promise<Sample> {
    try {
      return this.sampleOf(await this.#from[source].readAttribute(this.root.attribute, { signal }));
    } catch (error) {
      return this.failed(error);
    }
  }

  /** A reading of the root as one of this attribute. */
  sampleOf(reading: AttributeReading): Sample {
    if (reading.error) return this.failed(reading.error);
    const { quality, time, value, set } = reading;
    const { name, type } = this;
    const { format } = this.definition;
    const laid = (part: unknown): Layout => layOut(name, this.definition, part);
    return {
      name,
      type,
      format,
      quality: `ATTR_${quality}`,
      time,
      ...(value !== undefined && { read: laid(value) }),
      ...(value !== undefined && set !== undefined && { set: laid(set) }),
    };
  }

  /** What the root's server remembers, oldest first. @throws DevFailed as the root does. */
  async history(count: number): Promise<readonly PollRecord[]> {
    const readings = await this.rootProxy.attributeHistory(this.root.attribute, count);
    return readings.map((reading) => ({ at: 0, time: reading.time, sample: this.sampleOf(reading) }));
  }
}

const isDefault = (label: string): boolean => /^(not specified|nan|)$/i.test(label);
