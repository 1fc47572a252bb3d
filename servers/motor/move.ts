// SPDX-License-Identifier: MIT
import type { MotorAxis } from "./axis.ts";

/** Starts a move; waits for its end where the site wants that (`write_position_wait`). @throws DevFailed */
export async function moveAsAsked(axis: MotorAxis, user: number): Promise<void> {
  await axis.move(user);
  if (axis.device.properties.write_position_wait) await axis.arrived();
}
