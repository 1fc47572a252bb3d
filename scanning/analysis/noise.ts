// SPDX-License-Identifier: MIT
// How noisy a piece of a curve is, and which of its points are out of line.

/** Standard deviation of what local cubic fits leave over; 0 where there are too few points to tell. */
export function noiseOf(y: Float64Array): number {
  if (y.length < 9) return 0;
  const rest = y.map((value, i) => value - smooth(y, i));
  const mean = rest.reduce((sum, value) => sum + value, 0) / rest.length;
  return Math.sqrt(rest.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rest.length);
}

/** Value at `i` of the polynomial that fits a quarter of the points around it best (Savitzky and Golay). */
function smooth(y: Float64Array, i: number): number {
  const quarter = y.length >> 2;
  const width = quarter + (quarter % 2 === 0 ? 1 : 0);
  const order = Math.min(width - 1, 3);
  if (order === 0) return y[i]!;
  const first = Math.min(Math.max(0, i - (width >> 1)), y.length - width);
  // Around the point itself, scaled to -1..1: its value is the constant term.
  const scale = width - 1;
  const rows = Array.from({ length: width }, (_, k) => Array.from({ length: order + 1 }, (_, power) => ((first + k - i) / scale) ** power)); // biome-ignore format: one glance
  return leastSquares(rows, y.subarray(first, first + width))[0]!;
}

/** Solves the normal equations by elimination with pivots. */
export function leastSquares(rows: readonly (readonly number[])[], wanted: ArrayLike<number>): number[] {
  const size = rows[0]?.length ?? 0;
  const matrix = Array.from({ length: size }, (_, r) => [
    ...Array.from({ length: size }, (_, c) => rows.reduce((sum, row) => sum + row[r]! * row[c]!, 0)),
    rows.reduce((sum, row, k) => sum + row[r]! * wanted[k]!, 0),
  ]);
  return solve(matrix);
}

/** `matrix` has the right-hand side as its last column, and is used up. */
export function solve(matrix: number[][]): number[] {
  const size = matrix.length;
  for (let c = 0; c < size; c++) {
    let pivot = c;
    for (let r = c + 1; r < size; r++) if (Math.abs(matrix[r]![c]!) > Math.abs(matrix[pivot]![c]!)) pivot = r;
    [matrix[c], matrix[pivot]] = [matrix[pivot]!, matrix[c]!];
    for (let r = 0; r < size; r++) {
      if (r === c) continue;
      const factor = matrix[r]![c]! / matrix[c]![c]!;
      for (let k = c; k <= size; k++) matrix[r]![k]! -= factor * matrix[c]![k]!;
    }
  }
  return matrix.map((row, r) => row[size]! / row[r]!);
}

/** Within three sigma of the median, sigma from the median deviation as of a normal distribution. */
export function inliers(values: readonly number[]): boolean[] {
  if (values.length === 0) return [];
  const middle = median(values);
  const far = values.map((value) => Math.abs(value - middle));
  const most = median(far) * 3 * 1.4826;
  return far.map((distance) => most === 0 || distance <= most);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
}
