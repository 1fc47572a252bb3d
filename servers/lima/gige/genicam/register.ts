// SPDX-License-Identifier: MIT
// What a register node says about where it is and how its bytes are read.
import type { Layout } from "./bits.ts";
import { type Element, textOf } from "./element.ts";
import { numberIn, numberOf } from "./nodes.ts";

export type { Layout };

/** Parts that add up to the address. */
export type AddressPart =
  | { readonly kind: "fixed"; readonly value: number }
  | { readonly kind: "node"; readonly name: string }
  | { readonly kind: "formula"; readonly node: Element }
  /** Index times offset; the offset may be a node's value. */
  | { readonly kind: "index"; readonly name: string; readonly offset: number | string };

export function addressParts(node: Element, length: number): readonly AddressPart[] {
  return node.children.flatMap((child): AddressPart[] => {
    if (child.name === "Address") return [{ kind: "fixed", value: numberIn(child.text) }];
    if (child.name === "pAddress") return [{ kind: "node", name: child.text }];
    if (child.name === "IntSwissKnife") return [{ kind: "formula", node: child }];
    if (child.name !== "pIndex") return [];
    const offset = child.attributes.get("Offset");
    const fixed = offset === undefined ? length : numberIn(offset);
    return [{ kind: "index", name: child.text, offset: child.attributes.get("pOffset") ?? fixed }];
  });
}

/** In big-endian registers bits are counted from the highest. */
export function layoutOf(node: Element, length: number): Layout {
  const bigEndian = textOf(node, "Endianess") === "BigEndian";
  const layout = { bigEndian, signed: textOf(node, "Sign") === "Signed" };
  if (node.name !== "MaskedIntReg") return layout;
  const bit = numberOf(node, "Bit");
  const ends = [bit ?? numberOf(node, "LSB") ?? 0, bit ?? numberOf(node, "MSB") ?? 0];
  const [a = 0, b = 0] = ends.map((end) => (bigEndian ? 8 * length - 1 - end : end));
  const [lowest, highest] = [Math.min(a, b), Math.max(a, b)];
  if (lowest < 0 || highest >= 8 * length) throw new Error(`bits ${ends.join(" to ")} in ${length} bytes`);
  return { ...layout, mask: { lowest, highest } };
}
