// SPDX-License-Identifier: MIT
// Geometries against closed forms, formulas against arithmetic, limits against what the real axes allow.
import { describe, expect, test } from "vitest";
import { parseExpression } from "../../../servers/pseudo-motor/expression.ts";
import { geometryOf } from "../../../servers/pseudo-motor/geometry.ts";
import { obstacle, reach } from "../../../servers/pseudo-motor/reach.ts";

const everywhere = Number.POSITIVE_INFINITY;

describe("formulas", () => {
  test.each([
    ["1 + 2 * 3", 7],
    ["-2 ^ 2", -4],
    ["2 ^ -1", 0.5],
    ["2 ^ 3 ^ 2", 512],
    ["(1 + 2) * -3 / 2", -4.5],
    ["deg(asin(sqrt(0.25)))", 30],
    ["atan2(1, 1) * 4 - pi", 0],
    ["1.5e2 + .5", 150.5],
    ["max(a, 2, min(b, 1))", 3],
    ["8 - 4 - 2", 2],
  ])("%s = %d", (text, value) => {
    expect(parseExpression(text).evaluate({ a: 3, b: -1 })).toBeCloseTo(value, 12);
  });
  test.each([
    ["1 +", /a value expected, not its end/],
    ["(1", /"\)" expected/],
    ["1 2", /an operator expected, not "2"/],
    ["constructor(1)", /no function "constructor"; there are sin/],
    ["a; b", /an operator expected, not ";"/],
    ["", /a value expected/],
  ])("%j is refused, saying where", (text, why) => {
    expect(() => parseExpression(text)).toThrow(why);
  });
});

describe("geometries", () => {
  test("slits", () => {
    const slits = geometryOf("slits", [], []);
    expect(slits.toReal([4, 1])).toEqual([1, 3]);
    expect(slits.toPseudo([1, 3])).toEqual([4, 1]);
  });

  test("energy: Si 111 at 12.398419843 keV meets a wavelength of 1 angstrom", () => {
    const mono = geometryOf("energy", ["d=3.1356"], []);
    const [theta = 0] = mono.toReal([12.398419843320026]);
    expect(theta).toBeCloseTo((Math.asin(1 / (2 * 3.1356)) * 180) / Math.PI, 10);
    expect(mono.toPseudo([theta])[0]).toBeCloseTo(12.398419843320026, 10);
    expect(mono.toReal([1])).toEqual([Number.NaN]);
  });

  test.each([
    ["one leg", ["x=0"], ["height"], [3]],
    ["two legs", ["x=-500,500"], ["height", "pitch"], [2, 0.1]],
    ["three legs", ["x=-500,500,500", "z=0,-200,200"], ["height", "pitch", "roll"], [2, 0.1, -0.2]],
    ["five legs", ["x=-500,500,0,200,100", "z=0,-200,200,10,-50"], ["height", "pitch", "roll"], [2, 0.1, -0.2]],
    ["far from the origin", ["x=10000,10500,10500", "z=0,-200,200"], ["height", "pitch", "roll"], [2, 0.1, -0.2]],
  ])("a table on %s", (_name, parameters, axes, positions) => {
    const legs = geometryOf("table", parameters, []);
    expect(legs.axes).toEqual(axes);
    const places = legs.toReal(positions);
    legs.toPseudo(places).forEach((value, i) => void expect(value).toBeCloseTo(positions[i] ?? Number.NaN, 6));
  });

  test("a leg's height is height + x tan(pitch) + z tan(roll)", () => {
    const legs = geometryOf("table", ["x=-500,500,500", "z=0,-200,200"], []);
    const [first] = legs.toReal([10, 45, 0]);
    expect(first).toBeCloseTo(10 - 500, 9);
  });

  const yaml = [
    "reals: [a, b]",
    "parameters: { zero: 0.5 }",
    "to_pseudo: { mean: (a + b) / 2 - zero, half: (b - a) / 2 }",
    "to_real: { a: mean + zero - half, b: mean + zero + half }",
    "units: { mean: mm }",
  ];
  test("formulas in YAML, parameters of the property first", () => {
    const own = geometryOf("formulas", [], yaml);
    expect(own.toReal([1, 2])).toEqual([-0.5, 3.5]);
    expect(own.toPseudo([-0.5, 3.5])).toEqual([1, 2]);
    expect(geometryOf("formulas", ["zero=0"], yaml).toReal([1, 2])).toEqual([-1, 3]);
    expect(own.units).toEqual({ mean: "mm" });
  });

  test.each([
    ["orbit", [], [], /there are slits, energy, table, formulas/],
    ["energy", [], [], /needs the parameter d/],
    ["energy", ["d=blue"], [], /"d=blue" is not name=number/],
    ["table", ["x=0,1", "z=0"], [], /x has 2 numbers and z 1/],
    ["table", ["x=0,1,2", "z=0,1,2"], [], /legs in one line/],
    [
      "formulas",
      [],
      ["reals: [a]", "to_pseudo: { p: a + c }", "to_real: { a: p }"],
      /to_pseudo of p uses "c"; known are a/,
    ],
    ["formulas", [], ["reals: [a, b]", "to_pseudo: { p: a }", "to_real: { a: p }"], /no formula for b/],
    ["formulas", [], ["colour: blue"], /colour/],
  ])("%s %j %j is refused, saying why", (name, parameters, lines, why) => {
    expect(() => geometryOf(name, parameters, lines)).toThrow(why);
  });
});

describe("limits of calculated axes", () => {
  const slits = geometryOf("slits", [], []);
  test("a gap goes as far as its blades", () => {
    const limits = [[-1, 10], [-1, 10]] as const; // biome-ignore format: pairs
    const [low, high] = reach(slits, limits, [4, 1], 0);
    expect(low).toBeCloseTo(0, 9);
    expect(high).toBeCloseTo(18, 9);
    expect(reach(slits, [[-everywhere, everywhere], [-1, everywhere]], [4, 1], 0)).toEqual([-4, everywhere]); // biome-ignore format: pairs
    expect(obstacle(slits, limits, [30, 0])).toBe("gap 30, offset 0 needs front at 15, beyond its limits [-1, 10]");
  });
  test("an energy ends where the crystal has no angle", () => {
    const mono = geometryOf("energy", ["d=3.1356"], []);
    const [low] = reach(mono, [[0, 90]], [10], 0);
    expect(low).toBeCloseTo(12.398419843320026 / (2 * 3.1356), 9);
    expect(obstacle(mono, [[0, 90]], [1])).toBe("there is no position of theta for energy 1");
  });
});
