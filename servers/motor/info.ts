// SPDX-License-Identifier: MIT
import type { MotorAxis } from "./axis.ts";
import { shown, shownLimits } from "./shown.ts";

/** A few lines for a person: where the axis is, how fast, within which limits, what drives it. */
export function axisInfo(axis: MotorAxis): string {
  const { device, driver, settings, view } = axis;
  const unit = device.properties.Unit;
  const [low, high] = shownLimits(axis);
  const known = view.known;
  return [
    `${device.name}: ${driver.about}`,
    `state         ${device.state}: ${device.status}`,
    `position      ${known ? `${view.positionText}, dial ${view.dial}, ${known.steps} steps` : "not known"}`,
    `encoder       ${known?.encoder === undefined ? "none" : `${view.measured} ${unit}`}`,
    `sign, offset  ${settings.sign}, ${settings.offset} ${unit}`,
    `resolution    ${device.properties.StepsPerUnit} steps/${unit}`,
    `velocity      ${settings.velocity} ${unit}/s, acceleration ${settings.acceleration} ${unit}/s^2`,
    `limits        ${low} to ${high} ${unit}`,
    `backlash      ${settings.backlash} ${unit}`,
  ].join("\n");
}

/** A setting (by attribute or BLISS name) or property as text. */
export function configValue(axis: MotorAxis, name: string): string | undefined {
  const wanted = plain(name);
  for (const [attribute, show] of Object.entries(shown))
    if (plain(attribute) === wanted) return String(show(axis.settings, axis));
  for (const [property, value] of Object.entries(axis.device.properties))
    if (plain(property) === wanted && value !== undefined) return String(value);
  return undefined;
}

/** BLISS writes steps_per_unit where Tango writes StepsPerUnit. */
const plain = (name: string): string => name.replaceAll("_", "").toLowerCase();
