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

/** Makes the present position read `user`: the offset changes, the dial does not. */
export async function presetPosition(axis: MotorAxis, user: number): Promise<void> {
  axis.resting("set its position");
  if (!Number.isFinite(user)) throw badValue(`the position cannot be set to ${user}`);
  await axis.view.look();
  await change(axis, { offset: offsetFor(axis.frame, user, axis.view.dial) });
}
