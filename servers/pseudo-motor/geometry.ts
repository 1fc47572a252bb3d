// SPDX-License-Identifier: MIT
// How calculated axes follow from real ones, and back. Pure: positions in, positions out.
import { energy } from "./energy.ts";
import { formulas } from "./formulas.ts";
import { table } from "./table.ts";

export interface Geometry {
  /** Names of the calculated axes. */
  readonly axes: readonly string[];
  /** Roles of the real axes, in the order of their positions. */
  readonly reals: readonly string[];
  readonly units?: Readonly<Record<string, string>>;
  /** Positions of the calculated axes. */
  toPseudo(reals: readonly number[]): readonly number[];
  /** Positions of the real axes; NaN where there is none. */
  toReal(axes: readonly number[]): readonly number[];
}

/** name -> numbers. */
export type Parameters = ReadonlyMap<string, readonly number[]>;

/** Reads "name=value" and "name=v,v,v". @throws RangeError naming the line. */
export const parseParameters = (lines: readonly string[]): Parameters =>
  new Map(
    lines.map((line) => {
      const [, name, text] = /^\s*(\w+)\s*=\s*(.+?)\s*$/.exec(line) ?? [];
      const values = (text ?? "").split(",").map((each) => (each.trim() === "" ? Number.NaN : Number(each)));
      if (!name || values.some(Number.isNaN)) throw new RangeError(`property Parameters: "${line}" is not name=number`);
      return [name, values];
    }),
  );

/** Blades that open outwards: gap = front + back, offset = (back - front) / 2. */
export const slits = (): Geometry => ({
  axes: ["gap", "offset"],
  reals: ["front", "back"],
  toPseudo: ([front = 0, back = 0]) => [front + back, (back - front) / 2],
  toReal: ([gap = 0, offset = 0]) => [gap / 2 - offset, gap / 2 + offset],
});

const geometries: Readonly<Record<string, (parameters: Parameters, lines: readonly string[]) => Geometry>> = {
  slits,
  energy: (parameters) => energy(parameters),
  table: (parameters) => table(parameters),
  formulas: (parameters, lines) => formulas(lines.join("\n"), parameters),
};

/** @throws RangeError saying which property is wrong and what it may be. */
export function geometryOf(name: string, parameters: readonly string[], lines: readonly string[]): Geometry {
  const make = Object.hasOwn(geometries, name) ? geometries[name] : undefined;
  if (!make) throw new RangeError(`property Geometry is "${name}"; there are ${Object.keys(geometries).join(", ")}`);
  return make(parseParameters(parameters), lines);
}
