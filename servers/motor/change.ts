// SPDX-License-Identifier: MIT
// Changes of settings, as clients ask for them: stored, told to every client.
import type { MotorAxis } from "./axis.ts";
import { offsetFor } from "./frame.ts";
import { badValue } from "./refusal.ts";
import type { Settings } from "./settings.ts";
import { publishChanges } from "./shown.ts";

/** Takes settings and tells every client what changed. */
export async function change(axis: MotorAxis, changes: Partial<Settings>): Promise<void> {
  const before = axis.settings;
  const written = axis.memory.set(changes);
  publishChanges(axis, before);
  axis.settle();
  await written;
}

/** Back to what the properties say, `reload`: now. */
export async function applyConfig(axis: MotorAxis, reload: boolean): Promise<void> {
  axis.resting("apply its configuration");
  const before = axis.settings;
  await axis.memory.reset(reload);
  publishChanges(axis, before);
  axis.settle();
}

/** Makes the present position read `user`: the offset changes, the dial does not. Gives what it read before. */
export async function presetPosition(axis: MotorAxis, user: number): Promise<number> {
  axis.resting("set its position");
  if (!Number.isFinite(user)) throw badValue(`the position cannot be set to ${user}`);
  await axis.view.look();
  const before = axis.view.position;
  await change(axis, { offset: offsetFor(axis.frame, user, axis.view.dial) });
  return before;
}
