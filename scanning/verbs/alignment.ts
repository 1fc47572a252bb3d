// SPDX-License-Identifier: MIT
// cen, com, peak, trough, fwhm and goto_*: of the last scan and the selected counter, or of those named.
import { cen } from "../analysis/cen.ts";
import { type Fit, fitCurve, type Shape, shapes } from "../analysis/fit.ts";
import { com, peak, trough } from "../analysis/peaks.ts";
import { fullnameOf } from "../chain/calc.ts";
import { isCounted } from "../display/live-peak.ts";
import { ScanArgumentError } from "../errors.ts";
import type { Axis, Counter } from "../protocols.ts";
import type { ScanRun } from "../run.ts";
import { isAxis, type Session } from "../session/session.ts";
import { aligned } from "./block.ts";
import type { Desk } from "./desk.ts";
import type { MoveVerbs } from "./moves.ts";

/** A position, or one an axis when several were scanned. */
export type Positions = number | Readonly<Record<string, number>>;
export type Analysis = (x: Float64Array, y: Float64Array) => number;
/** Each may be left out: the selected counter, all scanned axes, the last scan. */
type Of<Result> = (counter?: Counter | string, axis?: Axis | string, scan?: ScanRun) => Result;

export interface AlignmentVerbs {
  /** Counters for `cen` and the others, and for plots. Without any: what is selected. */
  plotselect(...counters: (Counter | string)[]): void;
  /** Counters displayed with the next scan only. */
  plotinit(...counters: (Counter | string)[]): void;
  readonly cen: Of<Positions>;
  readonly com: Of<Positions>;
  readonly peak: Of<Positions>;
  readonly trough: Of<Positions>;
  readonly fwhm: Of<Positions>;
  /** With a function of your own: `find_position((x, y) => ...)`. */
  find_position(analysis: Analysis, counter?: Counter | string, axis?: Axis | string, scan?: ScanRun): Positions;
  readonly goto_cen: Of<Promise<Positions>>;
  readonly goto_com: Of<Promise<Positions>>;
  readonly goto_peak: Of<Promise<Positions>>;
  readonly goto_min: Of<Promise<Positions>>;
  goto_custom(analysis: Analysis, counter?: Counter | string, axis?: Axis | string, scan?: ScanRun): Promise<Positions>;
  /** Fits "gaussian", "lorentzian", "pseudovoigt" or "edge" over the (first) axis: centre, width, height, background. */
  fit(shape?: Shape, counter?: Counter | string, axis?: Axis | string, scan?: ScanRun): Fit;
  /** Moves the axis to the centre of a fit. */
  goto_fit(shape?: Shape, counter?: Counter | string, axis?: Axis | string, scan?: ScanRun): Promise<Positions>;
}

const analyses = {
  cen: (x, y) => cen(x, y).position,
  com,
  peak: (x, y) => peak(x, y).position,
  trough: (x, y) => trough(x, y).position,
  fwhm: (x, y) => cen(x, y).fwhm,
} satisfies Readonly<Record<string, Analysis>>;

export function alignmentVerbs(desk: Desk, { umv }: Pick<MoveVerbs, "umv">): AlignmentVerbs {
  const { session } = desk;
  const find: AlignmentVerbs["find_position"] = (analysis, counter, axis, scan = session.lastScan) => {
    const y = counterOf(session, scan, counter);
    if (counter === undefined) desk.print(`Counter used: ${y}`);
    const found = abscissae(session, scan, axis).map((x) => [x, analysis(scan.data(x), scan.data(y))] as const);
    const named = found.map(([x, position]) => [x.slice(x.lastIndexOf(":") + 1), position] as const);
    return named.length === 1 ? named[0]![1] : Object.fromEntries(named);
  };
  const goto: AlignmentVerbs["goto_custom"] = async (analysis, counter, axis, scan = session.lastScan) => {
    const names = abscissae(session, scan, axis);
    if (names[0] === "timer:elapsed_time")
      throw new ScanArgumentError(`${scan.title} moved no axis: there is nowhere to go`);
    const found = find(analysis, counter, axis, scan);
    const byName = typeof found === "number" ? { [names[0]!.slice("axis:".length)]: found } : found;
    const moves = Object.entries(byName).flatMap(([name, position]) => [session.axis(name), position]);
    if (Object.values(byName).some(Number.isNaN)) throw new RangeError("no finite value in the scan: nothing moves");
    await umv(...(moves as unknown as [Axis, number]));
    return found;
  };
  const finder =
    (analysis: Analysis): Of<Positions> =>
    (counter, axis, scan) =>
      find(analysis, counter, axis, scan);
  const goer = (analysis: Analysis): Of<Promise<Positions>> => (counter, axis, scan) => goto(analysis, counter, axis, scan); // biome-ignore format: one glance
  return {
    plotselect: (...counters) => {
      if (counters.length > 0) session.selectForPlots(...counters.map(nameOf));
      desk.print(`Selected: ${session.plotselect.join(", ") || "nothing"}`);
    },
    plotinit: (...counters) => session.displayNext(...counters.map(nameOf)),
    cen: finder(analyses.cen),
    com: finder(analyses.com),
    peak: finder(analyses.peak),
    trough: finder(analyses.trough),
    fwhm: finder(analyses.fwhm),
    find_position: find,
    goto_cen: goer(analyses.cen),
    goto_com: goer(analyses.com),
    goto_peak: goer(analyses.peak),
    goto_min: goer(analyses.trough),
    goto_custom: goto,
    fit: (shape = "gaussian", counter, axis, scan = session.lastScan) => {
      const y = counterOf(session, scan, counter);
      const [x = ""] = abscissae(session, scan, axis);
      const found = fitCurve(checkedShape(shape), scan.data(x), scan.data(y));
      desk.print(...fitLines(found, x, y));
      return found;
    },
    goto_fit: (shape = "gaussian", counter, axis, scan) => {
      const within = (x: Float64Array, y: Float64Array) => {
        const { center } = fitCurve(checkedShape(shape), x, y);
        const [low, high] = [Math.min(...x), Math.max(...x)];
        if (center >= low && center <= high) return center;
        throw new RangeError(`the centre of the ${shape}, ${center}, is outside of what was scanned: nothing moves`);
      };
      return goto(within, counter, axis, scan);
    },
  };
}

function checkedShape(shape: string): Shape {
  const found = shapes.find((one) => one === shape);
  if (found) return found;
  throw new ScanArgumentError(`no shape ${shape}; there are ${shapes.join(", ")}`);
}

/** `gaussian of det:diode over axis:robx`, then a line a parameter. */
function fitLines({ shape, errors, rms, ...parameters }: Fit, x: string, y: string): string[] {
  const rows = Object.entries(parameters).map(([name, value]) => [
    `  ${name}`,
    value.toPrecision(7),
    "+-",
    errors[name as keyof typeof errors].toPrecision(2),
  ]);
  return [`${shape} of ${y} over ${x}, rms ${rms.toPrecision(3)}`, ...aligned(rows)];
}

const nameOf = (counter: Counter | string): string => (typeof counter === "string" ? counter : fullnameOf(counter));

/** Fullnames of what was scanned; real axes that only moved with a pseudo axis are left out. */
export function abscissae(session: Session, scan: ScanRun, axis: Axis | string | undefined): string[] {
  const moved = scan.channels.map(({ fullname }) => fullname).filter((name) => name.startsWith("axis:"));
  if (axis) {
    const name = typeof axis === "string" ? axis : axis.name;
    if (moved.includes(`axis:${name}`)) return [`axis:${name}`];
    throw new ScanArgumentError(`axis ${name} is not in ${scan.title}`);
  }
  const objects = moved.map((name) => session.objects.get(name.slice("axis:".length))).filter(isAxis);
  const reals = new Set(objects.flatMap((object) => (object.reals ?? []).map(({ name }) => `axis:${name}`)));
  const scanned = moved.filter((name) => !reals.has(name));
  return scanned.length > 0 ? scanned : ["timer:elapsed_time"];
}

/** Fullname of the counter given, selected, or the only one. @throws with what there is */
export function counterOf(session: Session, scan: ScanRun, counter: Counter | string | undefined): string {
  const numbers = scan.channels.filter(({ fullname, dim }) => dim === 0 && !/^(axis|timer):/.test(fullname));
  const counters = numbers.filter(isCounted);
  const named = (name: string) => numbers.find((channel) => channel.fullname === name || channel.name === name);
  if (counter !== undefined) {
    const name = nameOf(counter);
    scan.data(name); // a name that is not there: the scan says so, with the nearest one
    return named(name)?.fullname ?? name;
  }
  const selected = session.plotselect.map(named).find((channel) => channel !== undefined);
  const only = [counters, numbers].find(({ length }) => length === 1)?.[0];
  const chosen = selected ?? only;
  if (chosen) return chosen.fullname;
  const choice = numbers.map(({ name }) => name).join(", ");
  throw new ScanArgumentError(`no counter selected: name one, or use plotselect. The scan has ${choice || "none"}`);
}
