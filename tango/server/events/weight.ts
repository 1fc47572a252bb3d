// SPDX-License-Identifier: MIT
// Which events may be big: those of images and long spectra, of encoded attributes (pictures, mostly) and of pipes.
import type { EventName, EventWeight } from "../../events/index.ts";
import type { ServedAttribute } from "../attribute/attribute.ts";

/** Bytes of a value from which on its events are heavy. */
const HEAVY = 65_536;
/** What an element without a width of its own, such as a text, is taken for. */
const UNKNOWN_WIDTH = 64;

const widths: Readonly<Record<string, number>> = { real: 8, wide: 8, integer: 4, boolean: 1, state: 4, enum: 2 };

export function weightOf({ definition, type }: ServedAttribute, event: EventName): EventWeight {
  if (event === "attr_conf" || event === "data_ready") return "light";
  if (type.kind === "encoded") return "heavy";
  const elements = definition.maxX * Math.max(1, definition.maxY);
  return elements * (widths[type.kind] ?? UNKNOWN_WIDTH) > HEAVY ? "heavy" : "light";
}
