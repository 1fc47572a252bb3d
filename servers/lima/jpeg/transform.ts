// SPDX-License-Identifier: MIT
// The cosine transform of a block of 8 x 8, in place, after Arai, Agui and Nakajima: five multiplications a line, and factors
// that are left to the quantisation.

/** What each line and each column of the result is too large by. */
const factors = [1, 1.387039845, 1.306562965, 1.175875602, 1, 0.785694958, 0.5411961, 0.275899379];

/** By what the coefficients have to be multiplied to become the numbers that are written, row by row. */
export const divisors = (steps: ArrayLike<number>): Float32Array =>
  Float32Array.from(
    { length: 64 },
    (_, i) => 1 / ((steps[i] as number) * (factors[i >> 3] as number) * (factors[i & 7] as number) * 8),
  );

export function transform(block: Float32Array): void {
  for (let row = 0; row < 64; row += 8) line(block, row, 1);
  for (let column = 0; column < 8; column++) line(block, column, 8);
}

function line(b: Float32Array, at: number, step: number): void {
  const v = (i: number) => b[at + i * step] as number;
  const [s0, s1, s2, s3] = [v(0) + v(7), v(1) + v(6), v(2) + v(5), v(3) + v(4)];
  const [d0, d1, d2, d3] = [v(0) - v(7), v(1) - v(6), v(2) - v(5), v(3) - v(4)];

  const [e0, e1, e2, e3] = [s0 + s3, s1 + s2, s1 - s2, s0 - s3];
  const turned = (e2 + e3) * Math.SQRT1_2;
  b[at] = e0 + e1;
  b[at + 4 * step] = e0 - e1;
  b[at + 2 * step] = e3 + turned;
  b[at + 6 * step] = e3 - turned;

  const [o0, o1, o2] = [d3 + d2, d2 + d1, d1 + d0];
  const shared = (o0 - o2) * 0.382683433;
  const [low, high] = [o0 * 0.5411961 + shared, o2 * 1.306562965 + shared];
  const middle = o1 * Math.SQRT1_2;
  const [plus, minus] = [d0 + middle, d0 - middle];
  b[at + 5 * step] = minus + low;
  b[at + 3 * step] = minus - low;
  b[at + step] = plus + high;
  b[at + 7 * step] = plus - high;
}
