// SPDX-License-Identifier: MIT
// Parametric trajectories of an emulated board against closed forms, on a clock of the test's own.
import { expect, test } from "vitest";
import { encodeBlock, encodeVectors, type Vector } from "../../../servers/icepap/blocks.ts";
import { Rack } from "../../../servers/icepap/emulator/rack.ts";

/** A board whose trajectory is loaded as clients do; `clock.ms` is the time. */
function loaded(mode: string, columns: Partial<Record<Vector["kind"], readonly number[]>>) {
  const clock = { ms: 0 };
  const rack = new Rack([{ address: 3, velocity: 1e6, acctime: 0.001, now: () => clock.ms }]);
  const vectors = Object.entries(columns).map(([kind, values]) => ({
    kind: kind as Vector["kind"],
    address: kind === "parameter" ? 0xff : 3,
    values: Float64Array.from(values),
  }));
  const answer = rack.answer(`#3:*PARDAT ${mode}`, encodeBlock(encodeVectors(vectors)));
  return { rack, clock, board: rack.board(3), answer };
}

// x = t^3 - 2t, in thousandths: a cubic goes through its own knots exactly.
const t = [0, 0.5, 1.25, 3];
const x = (at: number) => 1000 * (at ** 3 - 2 * at);
const cubic = { parameter: t, position: t.map(x), slope: t.map((at) => 1000 * (3 * at ** 2 - 2)) };

test("a cubic is followed exactly, at any rate, ramps included, there and back", () => {
  const { rack, clock, board, answer } = loaded("SPLINE", cubic);
  expect(answer).toBe("3:*PARDAT OK");
  for (const command of ["#PARVEL 2 3", "#PARACCT 0.5 3", "#MOVEP 0 3"]) expect(rack.answer(command)).toMatch(/OK$/);
  expect(rack.answer("#PMOVE 3 3")).toBe("PMOVE OK");
  // The parameter speeds up for 0.5 s at 4 /s^2, goes at 2 /s and slows down: 0.5 + 1 + 0.5 s for 3 units.
  const parameter = (s: number) => (s < 0.5 ? 2 * s * s : s < 1.5 ? 0.5 + 2 * (s - 0.5) : 3 - 2 * (2 - s) ** 2);
  for (const seconds of [0, 0.1, 0.5, 0.77, 1.2, 1.6, 1.95]) {
    clock.ms = seconds * 1000;
    expect(board.moving).toBe(true);
    expect(board.parameter).toBeCloseTo(parameter(seconds), 9);
    expect(Math.abs(board.steps - x(parameter(seconds)))).toBeLessThanOrEqual(0.5 + 1e-6);
  }
  clock.ms = 2000;
  expect([board.moving, board.steps, rack.answer("?PARPOS 3")]).toEqual([false, 21_000, "?PARPOS 3"]);
  rack.answer("PMOVE 1.25 3");
  clock.ms += 60_000;
  expect([board.steps, board.parameter, board.stopCode()]).toEqual([Math.round(x(1.25)), 1.25, 0]);
});

test("without slopes it is the natural spline; LINEAR goes straight", () => {
  const peak = { parameter: [0, 1, 2], position: [0, 1000, 0] };
  // The natural spline of this peak is 1.5 t - t^3 / 2 on its rising side.
  expect(loaded("SPLINE", peak).rack.answer("3:?PARVAL 0.5")).toBe("3:?PARVAL 687.5");
  expect(loaded("LINEAR", peak).rack.answer("3:?PARVAL 0.5")).toBe("3:?PARVAL 500");
  const { rack, clock, board } = loaded("LINEAR", peak);
  for (const command of ["PARVEL 1 3", "PARACCT 0 3", "MOVEP 0 3", "PMOVE 2 3"]) rack.answer(command);
  clock.ms = 1750;
  expect(board.steps).toBe(250);
});

test("a limit switch and a stop end it, and then it is off its trajectory", () => {
  for (const end of ["STOP 3", "switch"]) {
    const clock = { ms: 0 };
    const rack = new Rack([{ address: 3, velocity: 1e6, acctime: 0.001, high: 500, now: () => clock.ms }]);
    const ramp = [
      { kind: "parameter", values: [0, 1] },
      { kind: "position", values: [0, 1000] },
    ] as const;
    const vectors = ramp.map(({ kind, values }) => ({ kind, address: 3, values: Float64Array.from(values) }));
    rack.answer("3:*PARDAT LINEAR", encodeBlock(encodeVectors(vectors)));
    for (const command of ["PARVEL 1 3", "PARACCT 0 3", "MOVEP 0 3", "PMOVE 1 3"]) rack.answer(command);
    clock.ms = 300;
    if (end !== "switch") rack.answer(end);
    clock.ms = 5000;
    expect(Math.round(rack.board(3).steps / 10)).toBe(end === "switch" ? 50 : 30);
    expect(rack.answer("?PARPOS 3")).toBe("?PARPOS ERROR Axis is out of the parametric position");
    expect(rack.answer("#PMOVE 0 3")).toBe("PMOVE ERROR Axis is out of the parametric position");
  }
});

test.each([
  ["no second point", { parameter: [0], position: [0] }],
  ["a parameter that turns back", { parameter: [0, 1, 0.5], position: [0, 1, 2] }],
  ["a position missing", { parameter: [0, 1], position: [0] }],
])("refused: %s", (_name, columns) => {
  const { answer, rack } = loaded("SPLINE", columns);
  expect(answer).toBe("3:*PARDAT ERROR Wrong parameter(s)");
  expect(rack.answer("#MOVEP 0 3")).toBe("MOVEP ERROR Not initialised parametric data");
});

test("beyond its ends, and from elsewhere, it does not go", () => {
  const { rack, clock } = loaded("SPLINE", cubic);
  rack.answer("POS 3 7");
  expect(rack.answer("#MOVEP 4 3")).toBe("MOVEP ERROR Out of range parameter(s)");
  expect(rack.answer("#PMOVE 1 3")).toMatch(/ERROR Out of range/);
  rack.answer("PARVEL 1 3");
  expect(rack.answer("#PMOVE 1 3")).toMatch(/ERROR Axis is out of the parametric position/);
  for (const command of ["MOVEP 0 3", "MOVE 3 7"]) {
    rack.answer(command);
    clock.ms += 1000;
  }
  expect(rack.answer("#PMOVE 1 3")).toMatch(/ERROR Axis is out of the parametric position/);
});
