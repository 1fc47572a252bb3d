// SPDX-License-Identifier: MIT
// The features of a GenICam device: what its description says, read from and written to its registers.
import { readInteger, writeInteger } from "./bits.ts";
import { childOf, childrenOf, type Element, textOf } from "./element.ts";
import { parseFormula } from "./formula.ts";
import { nodesOf, numberIn, numberOf } from "./nodes.ts";
import { addressParts, type Layout, layoutOf } from "./register.ts";

export type FeatureValue = number | string | boolean;

/** The memory of the device. */
export interface Memory {
  read(address: number, length: number): Promise<Uint8Array>;
  write(address: number, bytes: Uint8Array): Promise<void>;
}

export interface FeatureRange {
  readonly min: number;
  readonly max: number;
}

/** Nodes refer to nodes: chains longer than this are circles. */
const deepest = 40;
/** Bytes of a register. */
const longestRegister = 4096;

export class NodeMap {
  readonly #nodes: ReadonlyMap<string, Element>;
  readonly #memory: Memory;
  /** Values that the description itself holds and clients change. */
  readonly #own = new Map<Element, string>();

  /** @throws Error when the document describes no device. */
  constructor(document: Element, memory: Memory) {
    this.#nodes = nodesOf(document);
    this.#memory = memory;
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
    for (const entry of childrenOf(this.#node(name), "EnumEntry"))
      if (await this.#usable(entry, 0)) names.push(entry.attributes.get("Name") ?? "");
    return names;
  }

  /** Limits of a number now. */
  async range(name: string): Promise<FeatureRange> {
    return this.#range(this.#node(name), 0);
  }

  /** As its users see it: the name of an entry, a text, true or false, or a number. @throws Error naming the feature. */
  async read(name: string): Promise<FeatureValue> {
    const node = this.#node(name);
    return this.#named(name, async () => {
      if (node.name === "String" || node.name === "StringReg") return this.#text(node, 0);
      const value = await this.#value(node, 0);
      if (node.name === "Boolean") return value === (numberOf(node, "OnValue") ?? 1);
      if (node.name !== "Enumeration") return value;
      const entry = childrenOf(node, "EnumEntry").find((each) => numberOf(each, "Value") === value);
      return entry?.attributes.get("Name") ?? String(value);
    });
  }

  async number(name: string): Promise<number> {
    return this.#named(name, () => this.#value(this.#node(name), 0));
  }

  /** Texts are understood for every kind, e.g. "128" for a number. @throws Error naming the feature and what it takes. */
  async write(name: string, value: FeatureValue): Promise<void> {
    const node = this.#node(name);
    await this.#named(name, async () => {
      if (!(await this.#usable(node, 0))) throw new Error("it is not available now");
      if (node.name === "String" || node.name === "StringReg") return this.#setText(node, String(value), 0);
      await this.#setValue(node, this.#numberFor(node, value), 0);
    });
  }

  /** Executes a command. */
  async execute(name: string): Promise<void> {
    const node = this.#node(name);
    if (node.name !== "Command") throw new Error(`Feature ${name} is no command but a ${node.name}`);
    await this.#named(name, async () => {
      const value = (await this.#numberAt(node, "CommandValue", 0)) ?? 1;
      await this.#setValue(node, value, 0);
    });
  }

  #node(name: string): Element {
    const node = this.#nodes.get(name);
    if (node) return node;
    throw new Error(`The camera has no feature ${name}`);
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

  async #usable(node: Element, depth: number): Promise<boolean> {
    for (const condition of ["pIsImplemented", "pIsAvailable"]) {
      const name = textOf(node, condition);
      if (name !== undefined && (await this.#valueOf(name, depth)) === 0) return false;
    }
    return true;
  }

  async #range(node: Element, depth: number): Promise<FeatureRange> {
    const min = (await this.#numberAt(node, "Min", depth)) ?? Number.NEGATIVE_INFINITY;
    const max = (await this.#numberAt(node, "Max", depth)) ?? Number.POSITIVE_INFINITY;
    return { min, max };
  }

  /** `<Name>5</Name>` or `<pName>node</pName>`. */
  async #numberAt(node: Element, name: string, depth: number): Promise<number | undefined> {
    const own = numberOf(node, name);
    if (own !== undefined) return own;
    const pointer = textOf(node, `p${name}`);
    return pointer === undefined ? undefined : this.#valueOf(pointer, depth);
  }

  #valueOf(name: string, depth: number): Promise<number> {
    return this.#value(this.#node(name), depth + 1);
  }

  async #value(node: Element, depth: number): Promise<number> {
    if (depth > deepest) throw new Error("its description goes round in circles");
    switch (node.name) {
      case "IntReg":
      case "MaskedIntReg":
      case "FloatReg":
        return this.#readRegister(node, depth);
      case "SwissKnife":
      case "IntSwissKnife":
        return this.#compute(node, "Formula", new Map(), depth);
      case "Converter":
      case "IntConverter":
        return this.#compute(node, "FormulaFrom", new Map([["TO", await this.#pointed(node, depth)]]), depth);
      default:
        return this.#pointed(node, depth);
    }
  }

  /** The value a node holds itself, or that of the node it points to. */
  async #pointed(node: Element, depth: number): Promise<number> {
    const pointer = await this.#pointer(node, depth);
    if (pointer !== undefined) return this.#valueOf(pointer, depth);
    const text = this.#own.get(node) ?? textOf(node, "Value");
    if (text === undefined) throw new Error(`a ${node.name} without a value`);
    return numberIn(text);
  }

  /** The node that holds the value; several may, chosen by the value of another. */
  async #pointer(node: Element, depth: number): Promise<string | undefined> {
    const chooser = textOf(node, "pIndex");
    if (chooser === undefined) return textOf(node, "pValue");
    const index = await this.#valueOf(chooser, depth);
    const chosen = childrenOf(node, "pValueIndexed").find(
      ({ attributes }) => Number(attributes.get("Index")) === index,
    );
    return chosen?.text ?? textOf(node, "pValueDefault");
  }

  async #setValue(node: Element, given: number, depth: number): Promise<void> {
    if (depth > deepest) throw new Error("its description goes round in circles");
    const lock = textOf(node, "pIsLocked");
    if (lock !== undefined && (await this.#valueOf(lock, depth)) !== 0) throw new Error("it is locked now");
    const whole = node.name.startsWith("Int");
    // What a user gives is checked; what a formula gives is rounded.
    if (whole && depth === 0 && !Number.isInteger(given)) throw new Error(`${given} is no whole number`);
    const value = whole ? Math.round(given) : given;
    if (node.name === "Integer" || node.name === "Float") await this.#checkRange(node, value, depth);
    if (node.name === "SwissKnife" || node.name === "IntSwissKnife") throw new Error("it is computed, not set");
    if (node.name.endsWith("Reg")) return this.#writeRegister(node, value, depth);
    const pointer = await this.#pointer(node, depth);
    if (pointer === undefined) return void this.#own.set(node, String(value));
    const converted = node.name.endsWith("Converter")
      ? await this.#compute(node, "FormulaTo", new Map([["FROM", value]]), depth)
      : value;
    await this.#setValue(this.#node(pointer), converted, depth + 1);
    for (const { text } of childrenOf(node, "pValueCopy")) await this.#setValue(this.#node(text), converted, depth + 1);
  }

  async #checkRange(node: Element, value: number, depth: number): Promise<void> {
    if (!Number.isFinite(value)) throw new Error(`${value} is no number`);
    const { min, max } = await this.#range(node, depth);
    if (value < min || value > max) throw new Error(`${value} is outside ${min} to ${max}`);
    const step = node.name === "Integer" ? await this.#numberAt(node, "Inc", depth) : undefined;
    if (step !== undefined && step > 1 && (value - Math.max(min, 0)) % step !== 0)
      throw new Error(`${value} is no multiple of ${step} above ${Math.max(min, 0)}`);
  }

  async #compute(node: Element, name: string, given: Map<string, number>, depth: number): Promise<number> {
    const formula = parseFormula(textOf(node, name) ?? "");
    for (const { attributes, text } of childrenOf(node, "pVariable")) {
      const variable = attributes.get("Name") ?? "";
      if (formula.variables.has(variable)) given.set(variable, await this.#variable(variable, text, depth));
    }
    for (const { attributes, text } of childrenOf(node, "Constant"))
      given.set(attributes.get("Name") ?? "", numberIn(text));
    for (const { attributes, text } of childrenOf(node, "Expression"))
      given.set(attributes.get("Name") ?? "", parseFormula(text).compute(given));
    const value = formula.compute(given);
    // Sizes and addresses: what a division leaves behind the point is dropped, as in whole numbers.
    return node.name.startsWith("Int") ? Math.trunc(value) : value;
  }

  /** `X` is a node's value, `X.Min` and `X.Max` its limits. */
  async #variable(variable: string, node: string, depth: number): Promise<number> {
    if (variable.endsWith(".Min")) return (await this.#range(this.#node(node), depth + 1)).min;
    if (variable.endsWith(".Max")) return (await this.#range(this.#node(node), depth + 1)).max;
    return this.#valueOf(node, depth);
  }

  /** Where a register is now. */
  async #place(node: Element, depth: number): Promise<{ address: number; length: number }> {
    const length = (await this.#numberAt(node, "Length", depth)) ?? 4;
    if (!(length > 0 && length <= longestRegister)) throw new Error(`a register of ${length} bytes`);
    let address = 0;
    for (const part of addressParts(node, length)) {
      if (part.kind === "fixed") address += part.value;
      else if (part.kind === "formula") address += await this.#compute(part.node, "Formula", new Map(), depth + 1);
      else if (part.kind === "node") address += await this.#valueOf(part.name, depth);
      else {
        const offset = typeof part.offset === "number" ? part.offset : await this.#valueOf(part.offset, depth);
        address += offset * (await this.#valueOf(part.name, depth));
      }
    }
    return { address, length };
  }

  async #readRegister(node: Element, depth: number): Promise<number> {
    const { address, length } = await this.#place(node, depth);
    if (textOf(node, "AccessMode") === "WO") throw new Error("it can only be written");
    const layout = layoutOf(node, length);
    const bytes = await this.#memory.read(address, length);
    return node.name === "FloatReg" ? readFloat(bytes, layout) : readInteger(bytes, layout);
  }

  async #writeRegister(node: Element, value: number, depth: number): Promise<void> {
    const { address, length } = await this.#place(node, depth);
    if (textOf(node, "AccessMode") === "RO") throw new Error("it can only be read");
    const layout = layoutOf(node, length);
    const bytes = layout.mask ? (await this.#memory.read(address, length)).slice() : new Uint8Array(length);
    if (node.name === "FloatReg") writeFloat(bytes, layout, value);
    else writeInteger(bytes, layout, value);
    await this.#memory.write(address, bytes);
  }

  async #text(node: Element, depth: number): Promise<string> {
    if (depth > deepest) throw new Error("its description goes round in circles");
    if (node.name === "StringReg") {
      const { address, length } = await this.#place(node, depth);
      const bytes = await this.#memory.read(address, length);
      const end = bytes.indexOf(0);
      return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
    }
    const pointer = textOf(node, "pValue");
    return pointer === undefined
      ? (this.#own.get(node) ?? textOf(node, "Value") ?? "")
      : this.#text(this.#node(pointer), depth + 1);
  }

  async #setText(node: Element, value: string, depth: number): Promise<void> {
    const pointer = childOf(node, "pValue")?.text;
    if (pointer !== undefined && depth < deepest) return this.#setText(this.#node(pointer), value, depth + 1);
    if (node.name !== "StringReg") return void this.#own.set(node, value);
    const { address, length } = await this.#place(node, depth);
    const encoded = new TextEncoder().encode(value);
    if (encoded.length > length) throw new Error(`${encoded.length} bytes of text, ${length} fit`);
    const bytes = new Uint8Array(length);
    bytes.set(encoded);
    await this.#memory.write(address, bytes);
  }
}

function readFloat(bytes: Uint8Array, { bigEndian }: Layout): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return bytes.length === 8 ? view.getFloat64(0, !bigEndian) : view.getFloat32(0, !bigEndian);
}

function writeFloat(bytes: Uint8Array, { bigEndian }: Layout, value: number): void {
  const view = new DataView(bytes.buffer);
  if (bytes.length === 8) view.setFloat64(0, value, !bigEndian);
  else view.setFloat32(0, value, !bigEndian);
}
