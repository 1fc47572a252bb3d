// SPDX-License-Identifier: MIT
// Where several motors are to go, as it travels over Tango: device, position, device, position ...
import { devFailed } from "../../tango/errors.ts";
import type { MotorAxis } from "./axis.ts";
import type { AxisRegistry } from "./registry.ts";

/** @throws DevFailed naming the pair that is wrong. */
export function parseTargets(words: readonly string[], axes: AxisRegistry): Map<MotorAxis, number> {
  if (words.length === 0 || words.length % 2 !== 0)
    throw devFailed("API_InvalidArgs", `pairs of device and position wanted, not ${words.length} words`);
  const targets = new Map<MotorAxis, number>();
  for (let i = 0; i < words.length; i += 2) {
    const [name = "", text = ""] = [words[i], words[i + 1]];
    const axis = axes.get(name);
    const position = text.trim() === "" ? Number.NaN : Number(text);
    if (!Number.isFinite(position)) throw devFailed("API_InvalidArgs", `position "${text}" of ${name} is not a number`);
    if (targets.has(axis)) throw devFailed("API_InvalidArgs", `${axis.device.name} is named twice`);
    targets.set(axis, position);
  }
  return targets;
}
