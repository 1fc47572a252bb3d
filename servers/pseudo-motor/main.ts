// SPDX-License-Identifier: MIT
// PseudoMotor: axes calculated from others.
import { type ControlSystem, controlSystem, serve } from "../../tango/index.ts";
import { pseudoMotorClass } from "./pseudo-motor.ts";

await using resources = new AsyncDisposableStack();
let system: ControlSystem | undefined;
const shared = () => (system ??= resources.use(controlSystem()));
await serve({ server: "PseudoMotor", classes: [pseudoMotorClass(shared)] });
