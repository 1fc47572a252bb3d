// SPDX-License-Identifier: MIT
// All axes, all points, their real axes too: inside the limits before anything moves.
import { withReals } from "./chain/move.ts";
import { LimitError, ScanArgumentError } from "./errors.ts";
import type { Axis, AxisGroup, CallOptions, Limits } from "./protocols.ts";
import type { AxisPath, Trajectory } from "./trajectory.ts";

export interface Violation {
  readonly axis: Axis;
  readonly position: number;
  readonly side: "low" | "high";
  readonly limit: number;
}

/** The first violation of each axis, the given axes before their real ones. @throws RangeError for NaN and infinities */
export async function violations({ paths }: Trajectory, options: CallOptions = {}): Promise<Violation[]> {
  checkReals(paths);
  for (const { axis, positions } of paths) {
    const odd = positions.find((position) => !Number.isFinite(position));
    if (odd !== undefined) throw new RangeError(`axis ${axis.name} cannot be moved to position: ${odd}`);
  }
  const asked = await allPositions(paths, options);
  const limits = await Promise.all([...asked.keys()].map((axis) => axis.limits(options)));
  return [...asked].flatMap(([axis, positions], i) => violation(axis, positions, limits[i]!) ?? []);
}

/** Where the axes go, and the real ones of pseudo axes. */
export async function allPositions(
  paths: readonly Pick<AxisPath, "axis" | "positions">[],
  options: CallOptions,
): Promise<Map<Axis, Float64Array>> {
  const asked = new Map<Axis, Float64Array>(paths.map(({ axis, positions }) => [axis, positions]));
  for (const [group, members] of Map.groupBy(paths, ({ axis }) => axis.group))
    for (const [real, positions] of (await realPositions(group, members, options)) ?? []) asked.set(real, positions);
  return asked;
}

const realPositions = (
  group: AxisGroup | undefined,
  members: readonly Pick<AxisPath, "axis" | "positions">[],
  options: CallOptions,
) =>
  group?.realPositions?.(
    members.map(({ axis }) => axis),
    members.map(({ positions }) => positions),
    options,
  );

function violation(axis: Axis, positions: Float64Array, [low, high]: Limits): Violation | undefined {
  const [least, most] = [positions.reduce((a, b) => Math.min(a, b)), positions.reduce((a, b) => Math.max(a, b))];
  // A position computed from others may miss its limit by the last bits.
  const slack = (limit: number) => 1e-9 * Math.max(1, Math.abs(limit));
  if (least < low - slack(low)) return { axis, position: least, side: "low", limit: low };
  return most > high + slack(high) ? { axis, position: most, side: "high", limit: high } : undefined;
}

/** @throws LimitError for the first violation, in the words users know. */
export async function checkLimits(trajectory: Trajectory, options: CallOptions = {}): Promise<void> {
  const [first] = await violations(trajectory, options);
  if (first) throw new LimitError(words(first));
}

export function words({ axis, position, side, limit }: Violation): string {
  return `${axis.name}: move to \`${decimal(position)}' would exceed ${side} limit (${decimal(limit)})`;
}
const decimal = (value: number) => (Number.isInteger(value) ? value.toFixed(1) : String(value));

function checkReals(paths: readonly AxisPath[]): void {
  const given = paths.map(({ axis }) => axis);
  for (const axis of given) {
    const own = withReals([axis]).slice(1);
    const both = given.filter((other) => own.includes(other)).map(({ name }) => name);
    if (both.length > 0)
      throw new ScanArgumentError(
        `pseudo axis ${axis.name} cannot move together with its own real axes: ${both.join(", ")}`,
      );
  }
}
