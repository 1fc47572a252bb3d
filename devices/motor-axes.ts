// SPDX-License-Identifier: MIT
// Motors of one server that have GroupMoveTo: those of one scan start by one request, and stop together.
import type { Axis, AxisGroup, CallOptions } from "../scanning/index.ts";
import { Members } from "./axis-members.ts";
import { deviceOf } from "./sibling.ts";

export class MotorAxes implements AxisGroup {
  readonly members = new Members();

  async move(targets: ReadonlyMap<Axis, number>, { signal }: CallOptions = {}): Promise<void> {
    const members = [...targets.keys()].map((axis) => this.members.of(axis));
    const [first] = members;
    if (!first) return;
    const words = [...targets].flatMap(([axis, to]) => [deviceOf(this.members.of(axis).device.name), String(to)]);
    const halt = async () => void (await Promise.all(members.map(({ motion }) => motion.halt())));
    const answer = await first.motion.ask("GroupMoveTo", words, { halt, ...(signal && { signal }) });
    if (answer === undefined) await Promise.all(members.map(({ motion }) => motion.arrive(signal)));
  }
}
