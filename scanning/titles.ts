// SPDX-License-Identifier: MIT
// The title of a scan: the command as users know it, with absolute positions.
import type { Trajectory } from "./trajectory.ts";

/** `ascan robx 1.00000 8.00000 7 0` */
export function lineTitle(verb: string, { paths, points }: Trajectory, countTime: number): string {
  const ranges = paths.flatMap(({ axis, range }) => [
    axis.name,
    fixed(range?.start, axis.decimals),
    fixed(range?.stop, axis.decimals),
  ]);
  return [verb, ...ranges, points - 1, plain(countTime)].join(" ");
}

/** `amesh robx 0.00000 2.00000 2 roby 10.00000 13.00000 3 0` */
export function gridTitle(verb: string, { paths }: Trajectory, countTime: number): string {
  const ranges = paths.flatMap(({ axis, range }) => [
    axis.name,
    fixed(range?.start, axis.decimals),
    fixed(range?.stop, axis.decimals),
    range?.intervals,
  ]);
  return [verb, ...ranges, plain(countTime)].join(" ");
}

/** `lookupscan 0.000000 on motors (robx,roby)` */
export const listTitle = ({ paths }: Trajectory, countTime: number): string =>
  `lookupscan ${countTime.toFixed(6)} on motors (${paths.map(({ axis }) => axis.name).join(",")})`;

const odd = (value: number) => (Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf");

export const fixed = (value = Number.NaN, digits = 5): string =>
  Number.isFinite(value) ? value.toFixed(digits) : odd(value);

/** As given, in the spelling of the readers' other programs: 0.1, 5, 1e-05. */
export function plain(value: number): string {
  if (!Number.isFinite(value)) return odd(value);
  const size = Math.abs(value);
  if (size !== 0 && size < 1e-4) return value.toExponential().replace(/e-(\d)$/, "e-0$1");
  return String(value);
}
