// SPDX-License-Identifier: MIT
// The standard scans, with the names, argument order and meaning beamline users know. Each makes a Scan; `intervals`
// count steps, so there is one point more. After the counters may come one object of options.
import { peak } from "./analysis/peaks.ts";
import { fullnameOf } from "./chain/calc.ts";
import { nearest, ScanArgumentError } from "./errors.ts";
import type { ScanOptions } from "./plan.ts";
import type { Axis, Counter, Readable } from "./protocols.ts";
import type { ScanRun } from "./run.ts";
import { Scan, timePlan, trajectoryPlan } from "./scan.ts";
import { usages } from "./standard-table.ts";
import { checkIntervals, checkNumber, describe, type GridOptions, grid, line, list, together } from "./trajectory.ts";

/** Counters, or anything that has counters; last, if at all, the options. */
export type ScanArguments<Options = ScanOptions> = readonly (Readable | Options)[];
export type CountArguments = [countTimeOrFirst?: number | Readable | ScanOptions, ...more: ScanArguments];
export type MeshOptions = ScanOptions & GridOptions;
/** Start and stop of one axis. */
export type Range = readonly [motor: Axis, start: number, stop: number];
export type MeshRange = readonly [motor: Axis, start: number, stop: number, intervals: number];

// ---- nothing moves -------------------------------------------------------------------------------------------------

/** Counts once, unsaved. The time may be left out: 1 s. */
export const ct = (...args: CountArguments): Scan => counted("ct", args, { save: false });
/** Counts once, saved. */
export const sct = (...args: CountArguments): Scan => counted("sct", args, {});

/** `npoints` times; 0 or less: until stopped. */
export const loopscan = (npoints: number, countTime: number, ...args: ScanArguments): Scan =>
  checked("loopscan", () => {
    if (!Number.isInteger(npoints)) throw new ScanArgumentError(`npoints ${describe(npoints)} is not a whole number`);
    return timed("loopscan", npoints, countTime, args);
  });

/** Until stopped, or `npoints` times. */
export const timescan = (countTime: number, ...args: ScanArguments<ScanOptions & { npoints?: number }>): Scan =>
  checked("timescan", () => timed("timescan", split<{ npoints?: number }>(args).options.npoints ?? 0, countTime, args));

// ---- lines ---------------------------------------------------------------------------------------------------------

export const ascan = (
  motor: Axis,
  start: number,
  stop: number,
  intervals: number,
  countTime: number,
  ...args: ScanArguments
): Scan => checked("ascan", () => lines([[motor, start, stop]], intervals, countTime, args, false));
/** Relative to where the axis was last sent; it returns there, whatever happens. */
export const dscan = (
  motor: Axis,
  start: number,
  stop: number,
  intervals: number,
  countTime: number,
  ...args: ScanArguments
): Scan => checked("dscan", () => lines([[motor, start, stop]], intervals, countTime, args, true));

/** A dscan over one counter, then to its peak. */
export const lineup = (
  motor: Axis,
  start: number,
  stop: number,
  intervals: number,
  countTime: number,
  counter: Counter,
  options: ScanOptions = {},
  ...rest: never[]
): Scan =>
  checked("lineup", () => {
    const more = split([counter, options]).read.length > 1 || rest.length > 0;
    if (more) throw new ScanArgumentError("lineup takes one counter");
    const { plan } = lines([[motor, start, stop]], intervals, countTime, [counter, options], true);
    const afterwards = async (run: ScanRun) => {
      const { position } = peak(run.data(`axis:${motor.name}`), run.data(fullnameOf(counter)));
      if (Number.isNaN(position))
        throw new RangeError(`lineup: no finite value of ${counter.name}; ${motor.name} stays`);
      await motor.move(position);
    };
    return new Scan({ ...plan, name: options.name ?? "lineup", afterwards });
  });

/** Any number of axes together. */
export const anscan = (ranges: readonly Range[], intervals: number, countTime: number, ...args: ScanArguments): Scan =>
  checked("anscan", () => lines(ranges, intervals, countTime, args, false));
export const dnscan = (ranges: readonly Range[], intervals: number, countTime: number, ...args: ScanArguments): Scan =>
  checked("dnscan", () => lines(ranges, intervals, countTime, args, true));

type Two = [...Range, ...Range];
type Three = [...Two, ...Range];
type Four = [...Three, ...Range];
type Five = [...Four, ...Range];
/** Axis, start, stop of each axis; then intervals, count time, counters. */
type Lines<Ranges extends readonly unknown[]> = (
  ...args: [...Ranges, intervals: number, countTime: number, ...ScanArguments]
) => Scan;

const flatLines =
  (verb: string, axes: number, relative: boolean) =>
  (...args: readonly unknown[]): Scan =>
    checked(verb, () => {
      const ranges = Array.from({ length: axes }, (_, i) => args.slice(3 * i, 3 * i + 3) as unknown as Range);
      const [intervals, countTime, ...rest] = args.slice(3 * axes) as [number, number, ...ScanArguments];
      return lines(ranges, intervals, countTime, rest, relative);
    });
export const a2scan: Lines<Two> = flatLines("a2scan", 2, false);
export const a3scan: Lines<Three> = flatLines("a3scan", 3, false);
export const a4scan: Lines<Four> = flatLines("a4scan", 4, false);
export const a5scan: Lines<Five> = flatLines("a5scan", 5, false);
export const d2scan: Lines<Two> = flatLines("d2scan", 2, true);
export const d3scan: Lines<Three> = flatLines("d3scan", 3, true);
export const d4scan: Lines<Four> = flatLines("d4scan", 4, true);
export const d5scan: Lines<Five> = flatLines("d5scan", 5, true);

/** The positions given. */
export const pointscan = (motor: Axis, positions: Iterable<number>, countTime: number, ...args: ScanArguments): Scan =>
  checked("pointscan", () => lists([[motor, positions]], countTime, args, "pointscan"));
/** The positions given, one list an axis, of equal length. */
export const lookupscan = (
  lists_: readonly (readonly [motor: Axis, positions: Iterable<number>])[],
  countTime: number,
  ...args: ScanArguments
): Scan => checked("lookupscan", () => lists(lists_, countTime, args, "lookupscan"));

// ---- meshes --------------------------------------------------------------------------------------------------------

/** Any number of axes; the first is the fastest. */
export const anmesh = (ranges: readonly MeshRange[], countTime: number, ...args: ScanArguments<MeshOptions>): Scan =>
  checked("anmesh", () => meshes(ranges, countTime, args, { type: "anmesh" }));

type MeshTwo = [...MeshRange, ...MeshRange];
type MeshThree = [...MeshTwo, ...MeshRange];
type Mesh<Ranges extends readonly unknown[]> = (
  ...args: [...Ranges, countTime: number, ...ScanArguments<MeshOptions>]
) => Scan;

const flatMesh =
  (verb: string, axes: number, relative: boolean) =>
  (...args: readonly unknown[]): Scan =>
    checked(verb, () => {
      const ranges = Array.from({ length: axes }, (_, i) => args.slice(4 * i, 4 * i + 4) as unknown as MeshRange);
      const [countTime, ...rest] = args.slice(4 * axes) as [number, ...ScanArguments<MeshOptions>];
      return meshes(ranges, countTime, rest, { relative });
    });
export const amesh: Mesh<MeshTwo> = flatMesh("amesh", 2, false);
export const dmesh: Mesh<MeshTwo> = flatMesh("dmesh", 2, true);
export const a3mesh: Mesh<MeshThree> = flatMesh("a3mesh", 3, false);
export const d3mesh: Mesh<MeshThree> = flatMesh("d3mesh", 3, true);

// ---- from arguments to plans ---------------------------------------------------------------------------------------

function lines(
  ranges: readonly Range[],
  intervals: number,
  countTime: number,
  args: ScanArguments,
  relative: boolean,
): Scan {
  const { read, options } = split(args);
  checkIntervals("scan", intervals);
  checkNumber("count_time", countTime);
  const trajectory = together(...ranges.map(([motor, start, stop]) => line(motor, start, stop, intervals)));
  return new Scan(trajectoryPlan(trajectory, countTime, read, options, { relative }));
}

function lists(
  all: readonly (readonly [Axis, Iterable<number>])[],
  countTime: number,
  args: ScanArguments,
  type: string,
): Scan {
  const { read, options } = split(args);
  checkNumber("count_time", countTime);
  const trajectory = together(...all.map(([motor, positions]) => list(motor, positions)));
  return new Scan(trajectoryPlan(trajectory, countTime, read, options, { type }));
}

function meshes(
  ranges: readonly MeshRange[],
  countTime: number,
  args: ScanArguments<MeshOptions>,
  how: { relative?: boolean; type?: string },
) {
  const { read, options } = split<MeshOptions>(args);
  const { backnforth, ...rest } = options;
  checkNumber("count_time", countTime);
  const trajectory = grid(
    ranges.map((range) => line(...range)),
    backnforth === undefined ? {} : { backnforth },
  );
  return new Scan(trajectoryPlan(trajectory, countTime, read, rest, how));
}

function counted(verb: "ct" | "sct", args: readonly unknown[], options: ScanOptions): Scan {
  return checked(verb, () => {
    const [first] = args;
    const timeFirst = first === undefined || typeof first !== "object" || first === null;
    const countTime = timeFirst ? (first ?? 1) : 1;
    const rest = (timeFirst ? args.slice(1) : args) as ScanArguments;
    return timed("ct", 1, countTime as number, rest, options);
  });
}

function timed(
  type: string,
  npoints: number,
  countTime: number,
  args: ScanArguments<object>,
  preset: ScanOptions = {},
): Scan {
  checkNumber("count_time", countTime);
  const { read, options } = split<ScanOptions & { npoints?: number }>(args);
  const { npoints: _, ...rest } = options;
  return new Scan(timePlan(type, npoints, countTime, read, { ...preset, ...rest }));
}

const optionNames = [
  "title", "name", "save", "saveImages", "sleepTime", "stabTime", "scanInfo", "npoints", "backnforth",
  "latency", "undershoot",
]; // biome-ignore format: one glance

/** As fingers know them. */
const spellings: Readonly<Record<string, string>> = {
  save_images: "saveImages",
  sleep_time: "sleepTime",
  stab_time: "stabTime",
  scan_info: "scanInfo",
};

/** Counters and the options after them. @throws ScanArgumentError for an unknown option */
export function split<Options extends object = ScanOptions>(
  args: readonly unknown[],
): { read: Readable[]; options: Options & ScanOptions } {
  const last = args.at(-1);
  const plainObject =
    typeof last === "object" && last !== null && !("kind" in last) && !("counters" in last) && !Array.isArray(last);
  if (!plainObject) return { read: args as Readable[], options: {} as Options & ScanOptions };
  const options = Object.fromEntries(Object.entries(last).map(([key, value]) => [spellings[key] ?? key, value]));
  const unknown = Object.keys(options).find((key) => !optionNames.includes(key));
  if (unknown === "run")
    throw new ScanArgumentError("run is no option: plan.ascan(...) makes a scan that does not run, run(scan) runs it");
  if (unknown !== undefined) {
    const near = nearest(unknown, [...optionNames, ...Object.keys(spellings)]);
    throw new ScanArgumentError(
      `unknown option ${unknown}${near ? `; did you mean ${near}?` : ""}; options are ${optionNames.join(", ")}`,
    );
  }
  return { read: args.slice(0, -1) as Readable[], options: options as Options & ScanOptions };
}

/** Adds how the verb is used to what is wrong with its arguments. */
export function checked(verb: string, make: () => Scan): Scan {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof ScanArgumentError)) throw error;
    throw new ScanArgumentError(`${error.message}. Usage: ${verb}(${usages[verb]})`);
  }
}
