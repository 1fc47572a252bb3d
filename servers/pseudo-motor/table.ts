// SPDX-License-Identifier: MIT
// A table on legs: height above the origin and, with enough legs, its tilts. Leg i stands at (x[i], z[i]) and is as high
// as the plane there: height + x tan(pitch) + z tan(roll). More legs than tilts need: the plane that fits them best.
import type { Geometry, Parameters } from "./geometry.ts";

const radians = Math.PI / 180;

/**
 * Parameters `x` (along the beam) and `z` (across it), one number a leg, in the unit of the legs. All z equal: height
 * and pitch; all x equal too: height alone. Tilts are in degrees.
 */
export function table(parameters: Parameters): Geometry {
  const x = parameters.get("x") ?? [];
  const z = parameters.get("z") ?? x.map(() => 0);
  if (x.length === 0 || x.length !== z.length)
    throw new RangeError(`geometry table needs the places of its legs: x has ${x.length} numbers and z ${z.length}`);
  const varied = (places: readonly number[]) => places.some((place) => place !== places[0]);
  const columns = [x.map(() => 1), ...(varied(x) ? [x] : []), ...(varied(z) ? [z] : [])];
  const axes = ["height", ...(varied(x) ? ["pitch"] : []), ...(varied(z) ? ["roll"] : [])];
  const solve = leastSquares(columns);
  if (!solve) throw new RangeError("geometry table: legs in one line cannot hold pitch and roll; move one aside");
  return {
    axes,
    reals: x.map((_, i) => `leg${i + 1}`),
    units: { pitch: "deg", roll: "deg" },
    toPseudo: (legs) => solve(legs).map((value, i) => (i === 0 ? value : Math.atan(value) / radians)),
    toReal: ([height = 0, ...tilts]) =>
      x.map((_, leg) =>
        tilts.reduce((sum, tilt, i) => sum + (columns[i + 1]?.[leg] ?? 0) * Math.tan(tilt * radians), height),
      ),
  };
}

/** Coefficients of the columns that fit values best; `undefined` when the columns depend on each other. */
function leastSquares(columns: readonly (readonly number[])[]): ((values: readonly number[]) => number[]) | undefined {
  const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
  // Gram-Schmidt: no normal equations, no loss of digits where legs are far from the origin.
  const basis: { readonly vector: number[]; readonly factors: number[] }[] = [];
  for (const column of columns) {
    const factors = basis.map(({ vector }) => dot(vector, column) / dot(vector, vector));
    const vector = column.map((value, leg) =>
      basis.reduce((rest, each, i) => rest - (factors[i] ?? 0) * (each.vector[leg] ?? 0), value),
    );
    if (dot(vector, vector) <= 1e-18 * dot(column, column)) return undefined;
    basis.push({ vector, factors });
  }
  return (values) => {
    const results = basis.map(({ vector }) => dot(vector, values) / dot(vector, vector));
    for (let i = basis.length - 1; i >= 0; i -= 1)
      for (let j = i + 1; j < basis.length; j += 1)
        results[i] = (results[i] ?? 0) - (basis[j]?.factors[i] ?? 0) * (results[j] ?? 0);
    return results;
  };
}
