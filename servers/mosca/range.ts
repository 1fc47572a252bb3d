// SPDX-License-Identifier: MIT
// Which points a read command means: [] all, [from], [from, to); negative numbers count from the end.
import { refusal } from "./refusal.ts";

/** Points `first` up to and without `end` can be read; earlier ones have been dropped. */
export interface Available {
  readonly first: number;
  readonly end: number;
}

/** @throws DevFailed naming the first point of the range that cannot be read. */
export function pointRange(bounds: readonly bigint[] | BigInt64Array, { first, end }: Available): [number, number] {
  if (bounds.length > 2) throw refusal(`[from, to] was expected, ${bounds.length} numbers were given`, "TypeError");
  if (end === 0) throw refusal("Buffer contains no point yet.");
  const fromEnd = (bound: bigint | undefined, missing: number) =>
    bound === undefined ? missing : Number(bound) < 0 ? end + Number(bound) : Number(bound);
  const from = fromEnd(bounds[0], first);
  const to = fromEnd(bounds[1], end);
  if (bounds[1] === 0n || from === to) {
    if (bounds.length === 2) return [0, 0];
  }
  if (bounds.length === 2 && from > to && from >= 0)
    throw refusal(`Slicing on the buffer only supports start <= stop (${from} > ${to}).`, "ValueError");
  if (from < first) throw refusal(`point ${from} has already been discarded.`);
  if (from >= end) throw refusal(`point ${from} is not available yet.`);
  if (to > end) throw refusal(`point ${to - 1} is not available yet.`);
  return [from, to];
}

/** `[first, last]`, both included, as [first, end). */
export function inclusive(bounds: BigInt64Array): bigint[] {
  const [first, last] = pair(bounds);
  return [first, last + 1n];
}

/** Exactly two numbers. @throws DevFailed */
export function pair(bounds: BigInt64Array): readonly [bigint, bigint] {
  const [first, last] = bounds;
  if (first !== undefined && last !== undefined && bounds.length === 2) return [first, last];
  if (bounds.length > 2) throw refusal("too many values to unpack (expected 2)", "ValueError");
  throw refusal(`not enough values to unpack (expected 2, got ${bounds.length})`, "ValueError");
}
