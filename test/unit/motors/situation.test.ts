// SPDX-License-Identifier: MIT
// State and Status of a motor at rest, situation by situation.
import { expect, test } from "vitest";
import { atRest, type Failure, noContact } from "../../../servers/motor/situation.ts";

const at = (reading: object, failure?: Failure, direction: 1 | -1 = 1) =>
  atRest({ steps: 0, moving: false, ...reading }, direction, failure, "5 mm");
const failed: Failure = { state: "ALARM", status: "Moving to 7 mm: short of its target" };

test.each([
  ["well", {}, undefined, "ON", "Ready at 5 mm."],
  ["warned", { warning: "warm" }, undefined, "ON", "Ready at 5 mm. Controller warning: warm"],
  ["on a limit", { limitHigh: true }, undefined, "ALARM", "On the high limit switch at 5 mm; move away."],
  ["on both", { limitHigh: true, limitLow: true }, undefined, "FAULT", "Both limit switches are active at 5 mm: check the cable."],
  ["off", { powered: false }, undefined, "OFF", "Motor power is off at 5 mm; call On to move."],
  ["broken", { fault: "hot", powered: false }, undefined, "FAULT", "Controller fault: hot"],
  ["after a failed move", {}, failed, "ALARM", "Moving to 7 mm: short of its target"],
  ["after one, and off", { powered: false }, failed, "OFF", "Motor power is off at 5 mm; call On to move."],
  ["back after silence", {}, noContact("axis 1", "nothing heard"), "ON", "Ready at 5 mm."],
])("%s", (_name, reading, failure, state, status) => {
  expect(at(reading, failure)).toMatchObject({ state, status });
}); // biome-ignore format: a table

test("a negative direction turns the limits around; silence is FAULT with its reason", () => {
  expect(at({ limitHigh: true }, undefined, -1).status).toBe("On the low limit switch at 5 mm; move away.");
  expect(noContact("axis 1", new Error("refused"))).toEqual({
    state: "FAULT",
    status: "No contact with axis 1: refused. Trying again.",
    contact: true,
  });
});
