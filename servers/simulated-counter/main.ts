// SPDX-License-Identifier: MIT
// SimulatedCounter: diodes that see a peak over motor positions.
import { type ControlSystem, controlSystem, serve } from "../../tango/index.ts";
import { simulatedCounterClass } from "./counter.ts";

await using resources = new AsyncDisposableStack();
let system: ControlSystem | undefined;
const shared = () => (system ??= resources.use(controlSystem()));
await serve({ server: "SimulatedCounter", classes: [simulatedCounterClass(shared)] });
