// SPDX-License-Identifier: MIT
// Values of the nodes of a GenICam description: numbers and texts that are registers, formulas of others, or point to others.
import { readFloat, readInteger, readText, writeFloat, writeInteger } from "./bits.ts";
import { childOf, childrenOf, type Element, textOf } from "./element.ts";
import { parseFormula } from "./formula.ts";
import { numberIn, numberOf } from "./nodes.ts";
import { addressParts, layoutOf } from "./register.ts";

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

/** `depth` is the length of the chain that led to a node. */
export class NodeValues {
  readonly #nodes: ReadonlyMap<string, Element>;
  readonly #memory: Memory;
  /** Values that the description itself holds and clients change. */
  readonly #own = new Map<Element, string>();

  constructor(nodes: ReadonlyMap<string, Element>, memory: Memory) {
    this.#nodes = nodes;
    this.#memory = memory;
  }

  /** @throws Error when there is none of this name. */
  node(name: string): Element {
    const node = this.#nodes.get(name);
    if (node) return node;
    throw new Error(`The camera has no feature ${name}`);
  }

  async usable(node: Element, depth = 0): Promise<boolean> {
    for (const condition of ["pIsImplemented", "pIsAvailable"]) {
      const name = textOf(node, condition);
      if (name !== undefined && (await this.#valueOf(name, depth)) === 0) return false;
    }
    return true;
  }

  async range(node: Element, depth = 0): Promise<FeatureRange> {
    const min = (await this.numberAt(node, "Min", depth)) ?? Number.NEGATIVE_INFINITY;
    const max = (await this.numberAt(node, "Max", depth)) ?? Number.POSITIVE_INFINITY;
    return { min, max };
  }

  /** `<Name>5</Name>` or `<pName>node</pName>`. */
  async numberAt(node: Element, name: string, depth = 0): Promise<number | undefined> {
    const own = numberOf(node, name);
    if (own !== undefined) return own;
    const pointer = textOf(node, `p${name}`);
    return pointer === undefined ? undefined : this.#valueOf(pointer, depth);
  }

  #valueOf(name: string, depth: number): Promise<number> {
    return this.value(this.node(name), depth + 1);
  }

  async value(node: Element, depth = 0): Promise<number> {
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

  async setValue(node: Element, given: number, depth = 0): Promise<void> {
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
    await this.setValue(this.node(pointer), converted, depth + 1);
    for (const { text } of childrenOf(node, "pValueCopy")) await this.setValue(this.node(text), converted, depth + 1);
  }

  async #checkRange(node: Element, value: number, depth: number): Promise<void> {
    if (!Number.isFinite(value)) throw new Error(`${value} is no number`);
    const { min, max } = await this.range(node, depth);
    if (value < min || value > max) throw new Error(`${value} is outside ${min} to ${max}`);
    const step = node.name === "Integer" ? await this.numberAt(node, "Inc", depth) : undefined;
    const first = Number.isFinite(min) ? min : 0;
    if (step !== undefined && step > 1 && (value - first) % step !== 0)
      throw new Error(`${value} is no multiple of ${step} above ${first}`);
  }

  async #compute(node: Element, name: string, given: Map<string, number>, depth: number): Promise<number> {
    const formula = parseFormula(textOf(node, name) ?? "");
    const parts = namedTexts(node, "Expression").map(([part, text]) => [part, parseFormula(text)] as const);
    const used = new Set([formula, ...parts.map(([, part]) => part)].flatMap(({ variables }) => [...variables]));
    for (const [variable, of] of namedTexts(node, "pVariable"))
      if (used.has(variable)) given.set(variable, await this.#variable(variable, of, depth));
    for (const [constant, text] of namedTexts(node, "Constant")) given.set(constant, numberIn(text));
    for (const [part, expression] of parts) given.set(part, expression.compute(given));
    const value = formula.compute(given);
    // Sizes and addresses: what a division leaves behind the point is dropped, as in whole numbers.
    return node.name.startsWith("Int") ? Math.trunc(value) : value;
  }

  /** `X` is a node's value, `X.Min` and `X.Max` its limits. */
  async #variable(variable: string, node: string, depth: number): Promise<number> {
    if (variable.endsWith(".Min")) return (await this.range(this.node(node), depth + 1)).min;
    if (variable.endsWith(".Max")) return (await this.range(this.node(node), depth + 1)).max;
    return this.#valueOf(node, depth);
  }

  /** Where a register is now. */
  async #place(node: Element, depth: number): Promise<{ address: number; length: number }> {
    const length = (await this.numberAt(node, "Length", depth)) ?? 4;
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

  async text(node: Element, depth = 0): Promise<string> {
    if (depth > deepest) throw new Error("its description goes round in circles");
    if (node.name === "StringReg") {
      const { address, length } = await this.#place(node, depth);
      return readText(await this.#memory.read(address, length));
    }
    const pointer = textOf(node, "pValue");
    return pointer === undefined
      ? (this.#own.get(node) ?? textOf(node, "Value") ?? "")
      : this.text(this.node(pointer), depth + 1);
  }

  async setText(node: Element, value: string, depth = 0): Promise<void> {
    const pointer = childOf(node, "pValue")?.text;
    if (pointer !== undefined && depth < deepest) return this.setText(this.node(pointer), value, depth + 1);
    if (node.name !== "StringReg") return void this.#own.set(node, value);
    const { address, length } = await this.#place(node, depth);
    const encoded = new TextEncoder().encode(value);
    if (encoded.length > length) throw new Error(`${encoded.length} bytes of text, ${length} fit`);
    const bytes = new Uint8Array(length);
    bytes.set(encoded);
    await this.#memory.write(address, bytes);
  }
}

/** `<kind Name="X">text</kind>` */
const namedTexts = (node: Element, kind: string): (readonly [name: string, text: string])[] =>
  childrenOf(node, kind).map(({ attributes, text }) => [attributes.get("Name") ?? "", text] as const);
