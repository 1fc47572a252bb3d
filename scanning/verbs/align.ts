// SPDX-License-Identifier: MIT
// align: a dscan over one counter, then to where its curve says.
import type { Shape } from "../analysis/fit.ts";
import { ScanArgumentError } from "../errors.ts";
import type { ScanOptions } from "../plan.ts";
import type { Axis, Counter } from "../protocols.ts";
import type { ScanRun } from "../run.ts";
import { dscan } from "../standard.ts";
import type { AlignmentVerbs, Positions } from "./alignment.ts";
import type { Desk } from "./desk.ts";

export interface AlignOptions extends ScanOptions {
  /** Where to go: default "cen"; a shape: the centre of its fit. */
  readonly to?: "cen" | "peak" | "com" | "trough" | Shape;
}
export interface AlignVerbs {
  /** Relative to where the axis is. Nothing moves after the scan when the place is outside of it. */
  align(
    motor: Axis,
    start: number,
    stop: number,
    intervals: number,
    countTime: number,
    counter: Counter,
    options?: AlignOptions,
  ): Promise<Positions>;
}

type Goto = Pick<AlignmentVerbs, "goto_cen" | "goto_peak" | "goto_com" | "goto_min" | "goto_fit">;
type Go = (verbs: Goto, counter: Counter, axis: Axis, run: ScanRun) => Promise<Positions>;
const places: Readonly<Record<NonNullable<AlignOptions["to"]>, Go>> = {
  cen: (verbs, ...of) => verbs.goto_cen(...of),
  peak: (verbs, ...of) => verbs.goto_peak(...of),
  com: (verbs, ...of) => verbs.goto_com(...of),
  trough: (verbs, ...of) => verbs.goto_min(...of),
  gaussian: (verbs, ...of) => verbs.goto_fit("gaussian", ...of),
  lorentzian: (verbs, ...of) => verbs.goto_fit("lorentzian", ...of),
  pseudovoigt: (verbs, ...of) => verbs.goto_fit("pseudovoigt", ...of),
  edge: (verbs, ...of) => verbs.goto_fit("edge", ...of),
};

export const alignVerbs = (desk: Desk, verbs: Goto): AlignVerbs => ({
  async align(motor, start, stop, intervals, countTime, counter, { to = "cen", ...options } = {}) {
    if (!Object.hasOwn(places, to))
      throw new ScanArgumentError(`no place ${to} to align to; there are ${Object.keys(places).join(", ")}`);
    const run = await desk.run(dscan(motor, start, stop, intervals, countTime, counter, options));
    return places[to](verbs, counter, motor, run);
  },
});
