// SPDX-License-Identifier: MIT
// bandoneon/motors: a motor device from the driver of a controller.
export type { AxisDriver, AxisGroup, AxisReading, Direction } from "./driver.ts";
export { motorGroupClass } from "./group.ts";
export { openMotor } from "./open.ts";
export type { Speed } from "./profile.ts";
export { AxisRegistry } from "./registry.ts";
export type { Knot } from "./trajectory.ts";
