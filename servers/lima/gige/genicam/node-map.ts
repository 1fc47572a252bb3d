// SPDX-License-Identifier: MIT
// The features of a GenICam device: what its description says, read from and written to its registers.
import { childrenOf, type Element } from "./element.ts";
import { nodesOf, numberIn, numberOf } from "./nodes.ts";
import { type FeatureRange, type Memory, NodeValues } from "./values.ts";

export type FeatureValue = number | string | boolean;

export class NodeMap {
  readonly #nodes: ReadonlyMap<string, Element>;
  readonly #values: NodeValues;

  /** @throws Error when the document describes no device. */
  constructor(document: Element, memory: Memory) {
    this.#nodes = nodesOf(document);
    this.#values = new NodeValues(this.#nodes, memory);
  }

  has(name: string): boolean {
    return this.#nodes.has(name);
  }

  /** The first of these features that the device has. */
  firstOf(...names: readonly string[]): string | undefined {
    return names.find((name) => this.has(name));
  }

  /** The features for users, in the order of the description. */
  features(category = "Root", seen = new Set<string>()): readonly string[] {
    const node = this.#nodes.get(category);
    if (!node || seen.has(category)) return [];
    seen.add(category);
    if (node.name !== "Category") return [category];
    return childrenOf(node, "pFeature").flatMap(({ text }) => this.features(text, seen));
  }

  /** The names an enumeration takes now; none for another feature. */
  async entries(name: string): Promise<readonly string[]> {
    const names: string[] = [];
    for (const entry of childrenOf(this.#values.node(name), "EnumEntry"))
      if (await this.#values.usable(entry)) names.push(entry.attributes.get("Name") ?? "");
    return names;
  }

  /** Limits of a number now. */
  async range(name: string): Promise<FeatureRange> {
    return this.#values.range(this.#values.node(name));
  }

  /** As its users see it: the name of an entry, a text, true or false, or a number. @throws Error naming the feature. */
  async read(name: string): Promise<FeatureValue> {
    const node = this.#values.node(name);
    return this.#named(name, async () => {
      if (node.name === "String" || node.name === "StringReg") return this.#values.text(node);
      const value = await this.#values.value(node);
      if (node.name === "Boolean") return value === (numberOf(node, "OnValue") ?? 1);
      if (node.name !== "Enumeration") return value;
      const entry = childrenOf(node, "EnumEntry").find((each) => numberOf(each, "Value") === value);
      return entry?.attributes.get("Name") ?? String(value);
    });
  }

  async number(name: string): Promise<number> {
    return this.#named(name, () => this.#values.value(this.#values.node(name)));
  }

  /** Texts are understood for every kind, e.g. "128" for a number. @throws Error naming the feature and what it takes. */
  async write(name: string, value: FeatureValue): Promise<void> {
    const node = this.#values.node(name);
    await this.#named(name, async () => {
      if (!(await this.#values.usable(node))) throw new Error("it is not available now");
      if (node.name === "String" || node.name === "StringReg") return this.#values.setText(node, String(value));
      await this.#values.setValue(node, this.#numberFor(node, value));
    });
  }

  /** Executes a command. */
  async execute(name: string): Promise<void> {
    const node = this.#values.node(name);
    if (node.name !== "Command") throw new Error(`Feature ${name} is no command but a ${node.name}`);
    await this.#named(name, async () => {
      const value = (await this.#values.numberAt(node, "CommandValue")) ?? 1;
      await this.#values.setValue(node, value);
    });
  }

  async #named<T>(name: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw new Error(`Feature ${name}: ${(error as Error).message}`);
    }
  }

  #numberFor(node: Element, value: FeatureValue): number {
    if (node.name === "Enumeration") {
      const entries = childrenOf(node, "EnumEntry");
      const entry = entries.find(({ attributes }) => attributes.get("Name") === String(value));
      const number = entry && numberOf(entry, "Value");
      if (number !== undefined) return number;
      const names = entries.map(({ attributes }) => attributes.get("Name"));
      throw new Error(`"${value}" is none of ${names.join(", ")}`);
    }
    if (node.name === "Boolean") {
      const on = value === true || value === 1 || /^(true|1|on)$/i.test(String(value));
      return on ? (numberOf(node, "OnValue") ?? 1) : (numberOf(node, "OffValue") ?? 0);
    }
    return typeof value === "number" ? value : numberIn(String(value).trim());
  }
}
