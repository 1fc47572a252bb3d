// SPDX-License-Identifier: MIT
// Memorised attributes: stored at each write, shown or written again when the device opens.
import type { DevError } from "../../errors.ts";
import type { ServedAttribute } from "../attribute/attribute.ts";
import { memorizedText, memorizedValue } from "../attribute/memory.ts";
import { checked } from "../attribute/written.ts";
import { devErrors } from "../failure.ts";
import type { Call } from "../types.ts";
import type { ServedDevice } from "./device.ts";

/** In attribute order, after the device has opened. What fails is told by Status and by reading the attribute. */
export async function restoreMemorized(device: ServedDevice, call: Call): Promise<void> {
  for (const attribute of device.attributes.values()) {
    if (attribute.definition.options.memorized) await restore(device, attribute, call);
  }
}

async function restore(device: ServedDevice, attribute: ServedAttribute, call: Call): Promise<void> {
  const text = attribute.settings.memorized;
  if (text === undefined) return;
  const value = memorizedValue(attribute.type, text, attribute.settings.enumLabels);
  if (value === undefined) {
    const problem = `Memorized value for attribute ${attribute.name} (device ${device.name}) is in an incorrect format !`;
    device.server.report(device, `API_AttrWrongMemValue: ${problem} It is "${text}".`);
    return;
  }
  if (!withinLimits(attribute, value)) return;
  if (attribute.definition.options.memorized === "restored") return attribute.restore(value);
  try {
    await attribute.write({ elements: [value], dim: { dim_x: 1, dim_y: 0 } }, call);
    device.condition.trouble(`memorized ${attribute.key}`, undefined);
  } catch (error) {
    attribute.failure = [...devErrors(error, attribute.origin), failedAtStart(attribute.name)];
    device.condition.trouble(
      `memorized ${attribute.key}`,
      `Memorized attribute ${attribute.name} has failed during device startup sequence`,
    );
    const problem = error instanceof Error ? error.message : String(error);
    device.server.report(device, `memorized attribute ${attribute.name} could not be written: ${problem}`);
  }
}

/** A stored value beyond limits that were set since is not applied. */
function withinLimits(attribute: ServedAttribute, value: unknown): boolean {
  const { name, definition, type, settings } = attribute;
  try {
    checked(
      { name, definition, type, criteria: settings.criteria, labels: settings.enumLabels },
      { name, dim: { dim_x: 1, dim_y: 0 }, content: { code: type.code, elements: [value] } },
    );
    return true;
  } catch {
    return false;
  }
}

const failedAtStart = (name: string): DevError => ({
  reason: "API_MemAttFailedDuringInit",
  severity: "ERR",
  desc: `Attribute ${name} is a memorized attribute. It failed during the write call of the device startup sequence`,
  origin: "Device_3Impl::read_attributes_no_except",
});

/** Stores what was just written. */
export async function memorize(device: ServedDevice, attribute: ServedAttribute): Promise<void> {
  if (!attribute.definition.options.memorized || attribute.definition.format !== "SCALAR") return;
  const text = memorizedText(attribute.type, attribute.setValue.elements[0]);
  await device.server.database.putAttributeProperties(device.name, attribute.name, { __value: [text] });
  attribute.settings.memorize(text);
}
