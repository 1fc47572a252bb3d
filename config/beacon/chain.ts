// SPDX-License-Identifier: MIT
// A default chain of Beacon: how cameras and spectrometers are used in every scan.
import type { Taken } from "./taken.ts";
import type { Words } from "./tree.ts";
import { listOf, named, textOf } from "./words.ts";

/** Ours, by the trigger modes of LIMA and MOSCA. */
const triggers: readonly (readonly [RegExp, string])[] = [
  [/^INTERNAL_TRIGGER_MULTI$|^SOFTWARE$/i, "software"],
  [/^INTERNAL/i, "internal"],
  [/GATE$/i, "gate"],
  [/^EXTERNAL|^SYNC$/i, "external"],
];

/** undefined: the item is none. */
export function takeChain(words: Words): Taken | undefined {
  if (words.chain_config === undefined) return undefined;
  const left: string[] = [];
  const chain = listOf(words, "chain_config").flatMap((entry): Words[] => {
    const device = named(entry.device);
    const settings = { ...(entry.acquisition_settings as Words | undefined) };
    const mode = textOf(settings, "acq_trigger_mode", "trigger_mode");
    const trigger = triggers.find(([pattern]) => pattern.test(mode ?? ""))?.[1];
    if (entry.device === undefined) return [];
    if (mode !== undefined && trigger === undefined) left.push(`chain of ${device}: trigger mode ${mode}`);
    const others = Object.keys(settings).filter((key) => !/^(acq_)?trigger_mode$/.test(key));
    if (others.length > 0) left.push(`chain of ${device}: its settings ${others.join(", ")}; give them in the device's own words`); // biome-ignore format: one glance
    return [{ device, ...(entry.master !== undefined && { master: named(entry.master) }), ...(trigger !== undefined && { trigger }) }]; // biome-ignore format: one glance
  });
  return { chain, left };
}
