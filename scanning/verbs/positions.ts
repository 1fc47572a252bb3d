// SPDX-License-Identifier: MIT
// Where axes are: wa, wu, wm, sta, stm, lsmot.
import { widthOf } from "../display/screen.ts";
import { ScanArgumentError } from "../errors.ts";
import type { Axis } from "../protocols.ts";
import { isAxis } from "../session/session.ts";
import { fixed } from "../titles.ts";
import { describe } from "../trajectory.ts";
import { folded } from "./block.ts";
import type { Desk } from "./desk.ts";
import { dialOf, headOf, signOf } from "./moves.ts";

export interface PositionVerbs {
  /** All axes of the session: user and dial positions. */
  wa(): Promise<void>;
  /** User positions only. */
  wu(): Promise<void>;
  /** Positions and limits of some axes. */
  wm(...axes: Axis[]): Promise<void>;
  /** States of all axes, or of some. */
  sta(): Promise<void>;
  stm(...axes: Axis[]): Promise<void>;
  /** Names of the axes of the session. */
  lsmot(): void;
}

const patience = { timeout: 3000 };

export function positionVerbs(desk: Desk): PositionVerbs {
  const all = () => desk.session.axes.toSorted((a, b) => a.name.localeCompare(b.name));
  const table = async (axes: readonly Axis[], rows: readonly (readonly [string, Read])[]) => {
    const cells = await Promise.all(
      rows.map(async ([name, read]) => [name, ...(await Promise.all(axes.map((axis) => told(axis, read))))]),
    );
    if (axes.length === 0) desk.print("no axes in this session");
    else desk.print(...folded([["", ...axes.map(headOf)], ...cells], widthOf(desk.screen)));
  };
  const states = async (axes: readonly Axis[]) => {
    const rows = axes.map(async (axis) => [axis.name, await told(axis, ({ state }) => state?.call(axis, patience))]);
    const longest = Math.max(4, ...axes.map(({ name }) => name.length));
    for (const [name, state] of [["Axis", "State"], ...(await Promise.all(rows))])
      desk.print(`${name!.padEnd(longest)}  ${state}`);
  };
  const user = ["user", (axis: Axis) => axis.position(patience)] as const;
  return {
    wa: () => table(all(), [user, ["dial", dial]]),
    wu: () => table(all(), [user]),
    wm: async (...axes) => {
      checkAxes("wm", axes);
      await table(axes, limitRows);
    },
    sta: () => states(all()),
    stm: async (...axes) => {
      checkAxes("stm", axes);
      await states(axes);
    },
    lsmot: () =>
      desk.print(
        all()
          .map(({ name }) => name)
          .join("  "),
      ),
  };
}

type Read = (axis: Axis) => Promise<number | string | undefined> | string | undefined;
const dial: Read = (axis) => dialOf(axis, patience);
const limit = (side: 0 | 1) => async (axis: Axis) => (await axis.limits(patience))[side];
/** User = sign x dial + offset: a sign of -1 exchanges the limits. */
const dialLimit = (side: 0 | 1) => async (axis: Axis) => {
  const [sign, at, dialAt] = [
    await signOf(axis, patience),
    await axis.position(patience),
    await dialOf(axis, patience),
  ];
  const there = await limit(sign < 0 ? (side === 0 ? 1 : 0) : side)(axis);
  return dialAt + sign * (there - at);
};
const offset: Read = async (axis) =>
  (await axis.offset?.read(patience)) ??
  (await axis.position(patience)) - (await signOf(axis, patience)) * (await dialOf(axis, patience));
const limitRows: readonly (readonly [string, Read])[] = [
  ["User", () => ""],
  [" High", limit(1)],
  [" Current", (axis) => axis.position(patience)],
  [" Low", limit(0)],
  ["Offset", offset],
  ["Dial", () => ""],
  [" High", dialLimit(1)],
  [" Current", dial],
  [" Low", dialLimit(0)],
];

/** "ERR" for an axis that does not answer: the others are shown all the same. */
async function told(axis: Axis, read: Read): Promise<string> {
  try {
    const value = await read(axis);
    return typeof value === "number" ? fixed(value, axis.decimals) : (value ?? "-");
  } catch {
    return "ERR";
  }
}

export function checkAxes(verb: string, axes: readonly unknown[]): void {
  const wrong = axes.find((axis) => !isAxis(axis));
  if (axes.length > 0 && wrong === undefined) return;
  const what = axes.length === 0 ? `${verb} needs at least one axis` : `${describe(wrong)} is not an axis`;
  throw new ScanArgumentError(`${what}. Usage: ${verb}(motor1, motor2, ...)`);
}
