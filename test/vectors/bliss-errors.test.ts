// SPDX-License-Identifier: MIT
// Wrong and odd calls recorded from BLISS 2.4.0, made on our engine: what is accepted does the same, what is refused is
// refused before anything moves and before a scan number is used. Where ours differs the table says how.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as s from "../../scanning/index.ts";
import { type Bench, bench, constant } from "./bliss-world.ts";

interface Recorded {
  readonly call: string;
  readonly raised?: string;
  readonly text?: string;
  readonly scans_created: number;
  readonly scan_number_used: number;
  readonly moves_started?: readonly [string, number][];
  readonly positions_changed?: Readonly<Record<string, number>>;
  readonly end_reason?: string;
  readonly title?: string;
  readonly npoints?: number;
  readonly streams?: Readonly<Record<string, readonly number[] | string>>;
}
const recorded: readonly Recorded[] = JSON.parse(
  readFileSync(join(import.meta.dirname, "bliss/errors.json"), "utf8"),
).cases;

type Axes = Record<"robx" | "roby" | "s1vg" | "s1vo" | "s1u", s.Axis>;
interface World extends Axes {
  readonly det1: s.Counter;
  readonly world: Bench;
  readonly verbs: s.Verbs;
}
interface Case {
  readonly call: (world: World) => unknown;
  /** What it says when it is refused. */
  readonly says?: RegExp;
  /** BLISS accepts it, and should not: why. */
  readonly refused?: string;
  readonly title?: string;
}
// biome-ignore lint/suspicious/noExplicitAny: wrong arguments on purpose
const wrong = (value: unknown) => value as any;
/** Started and, as it is endless, aborted after some points. */
const endless = (scan: (world: World) => s.Scan): Case => ({
  call: async (world) => {
    const run = world.world.session.start(scan(world));
    for await (const _ of run) if (run.points > 3) break;
    run.abort(new RangeError("time is over"));
    await run.done();
  },
  says: /time is over/,
});
const step = /intervals -\d is negative; a scan has intervals \+ 1 points.*Usage: /;
const high = (name: string, to: string, limit: string) => new RegExp(`^${name}: move to \`${to}' would exceed high limit \\(${limit}\\)$`); // biome-ignore format: one glance

const cases: Readonly<Record<string, Case>> = {
  "ascan(robx,0,1,0,0,det1)": { call: ({ robx, det1 }) => s.ascan(robx, 0, 1, 0, 0, det1) },
  "ascan(robx,0,1,-1,0,det1)": { call: ({ robx, det1 }) => s.ascan(robx, 0, 1, -1, 0, det1), says: step },
  "ascan(robx,0,1,-2,0,det1)": { call: ({ robx, det1 }) => s.ascan(robx, 0, 1, -2, 0, det1), says: step },
  "ascan(robx,2,2,3,0,det1)": { call: ({ robx, det1 }) => s.ascan(robx, 2, 2, 3, 0, det1) },
  "dscan(robx,0,1,0,0,det1)": { call: ({ robx, det1 }) => s.dscan(robx, 0, 1, 0, 0, det1) },
  "amesh(robx,0,1,0,roby,0,1,2,0,det1)": {
    call: ({ robx, roby, det1 }) => s.amesh(robx, 0, 1, 0, roby, 0, 1, 2, 0, det1),
  },
  "amesh(robx,0,1,-1,roby,0,1,2,0,det1)": {
    call: ({ robx, roby, det1 }) => s.amesh(robx, 0, 1, -1, roby, 0, 1, 2, 0, det1),
    says: step,
  },
  "loopscan(1,0,det1)": { call: ({ det1 }) => s.loopscan(1, 0, det1) },
  "loopscan(0,0,det1) stopped after 1 s": endless(({ det1 }) => s.loopscan(0, 0, det1)),
  "loopscan(-1,0,det1)": endless(({ det1 }) => s.loopscan(-1, 0, det1)),
  "timescan(0,det1,npoints=-3)": endless(({ det1 }) => s.timescan(0, det1, { npoints: -3 })),
  "pointscan(robx,[],0,det1)": { call: ({ robx, det1 }) => s.pointscan(robx, [], 0, det1), says: /positions is empty/ },
  "lookupscan([],0,det1)": { call: ({ det1 }) => s.lookupscan([], 0, det1), says: /no axis to move/ },
  "lookupscan unequal lengths": {
    call: ({ robx, roby, det1 }) => s.lookupscan([[robx, [0, 1]], [roby, [0]]], 0, det1),
    says: /differ in length: robx has 2, roby has 1 points/,
  }, // biome-ignore format: as the call
  "anscan([],2,0,det1)": { call: ({ det1 }) => s.anscan([], 2, 0, det1), says: /no axis to move/ },
  "ascan(robx,0,1,2)": {
    call: ({ robx }) => wrong(s.ascan)(robx, 0, 1, 2),
    says: /count_time is undefined.*Usage: ascan\(/,
  },
  "ascan(robx,0,1,2.5,0,det1)": {
    call: ({ robx, det1 }) => s.ascan(robx, 0, 1, 2.5, 0, det1),
    says: /2.5 is not a whole/,
  },
  // JavaScript has one kind of number: 2.0 is 2.
  "ascan(robx,0,1,2.0,0,det1)": { call: () => s.ascan(wrong("robx"), 0, 1, 2, 0), says: /"robx" is not an axis/ },
  "ascan(robx,'a',1,2,0,det1)": {
    call: ({ robx, det1 }) => s.ascan(robx, wrong("a"), 1, 2, 0, det1),
    says: /start is "a", not a number/,
  },
  "ascan('robx',0,1,2,0,det1)": {
    call: ({ det1 }) => s.ascan(wrong("robx"), 0, 1, 2, 0, det1),
    says: /"robx" is not an axis/,
  },
  "ascan(diodec,0,1,2,0,det1)": {
    call: ({ det1 }) => s.ascan(wrong(det1), 0, 1, 2, 0, det1),
    says: /det1 is not an axis/,
  },
  "ascan(robx,0,1,2,0,robx) axis as counter": {
    call: ({ robx }) => s.ascan(robx, 0, 1, 2, 0, wrong(robx)),
    says: /axis robx is not a counter/,
  },
  "ascan(robx,0,1,2,0,roby) other axis as counter": {
    call: ({ robx, roby }) => s.ascan(robx, 0, 1, 2, 0, wrong(roby)),
    says: /axis roby is not a counter/,
  },
  "ascan(robx,0,1,2,0,'det1') text as counter": {
    call: ({ robx }) => s.ascan(robx, 0, 1, 2, 0, wrong("det1")),
    says: /"det1" is not a counter/,
  },
  "ascan(robx,0,1,2,0,5) number as counter": {
    call: ({ robx }) => s.ascan(robx, 0, 1, 2, 0, wrong(5)),
    says: /5 is not a counter/,
  },
  "ascan(robx,0,1,2,-0.1,det1) negative count time": { call: ({ robx, det1 }) => s.ascan(robx, 0, 1, 2, -0.1, det1) },
  "ascan(robx,0,1,2,'x',det1)": {
    call: ({ robx, det1 }) => s.ascan(robx, 0, 1, 2, wrong("x"), det1),
    says: /count_time is "x", not a number/,
  },
  "ascan(robx,0,1,2,True,det1,save=False) bool count time": {
    call: ({ robx, det1 }) => s.ascan(robx, 0, 1, 2, wrong(true), det1, { save: false }),
    refused: "count_time is true, not a number",
  },
  "ascan(robx,0,1,True,0,det1) bool intervals": {
    call: ({ robx, det1 }) => s.ascan(robx, 0, 1, wrong(true), 0, det1),
    refused: "intervals true is not a whole number",
  },
  "ascan(robx,0,1,2,0,det1,unknown=1)": {
    call: ({ robx, det1 }) => s.ascan(robx, 0, 1, 2, 0, det1, wrong({ unknown: 1 })),
    says: /unknown option unknown; options are title, name,/,
  },
  // Refused while building there only in "prepare": with a document and a number that is used up for nothing.
  "ascan(robx,nan,1,2,0,det1)": {
    call: ({ robx, det1 }) => s.ascan(robx, Number.NaN, 1, 2, 0, det1),
    refused: "axis robx cannot be moved to position: NaN",
  },
  "ascan(robx,0,inf,2,0,det1)": {
    call: ({ robx, det1 }) => s.ascan(robx, 0, Number.POSITIVE_INFINITY, 2, 0, det1),
    refused: "axis robx cannot be moved to position",
  },
  "loopscan(2.5,0,det1)": { call: ({ det1 }) => s.loopscan(2.5, 0, det1), says: /npoints 2.5 is not a whole number/ },
  "ct('a')": { call: () => s.ct(wrong("a")), says: /count_time is "a", not a number.*Usage: ct\(/ },
  "ct(-1,det1)": { call: ({ det1 }) => s.ct(-1, det1) },
  "ct(0,det1)": { call: ({ det1 }) => s.ct(0, det1) },
  "ct(det1) counter first": { call: ({ det1 }) => s.ct(det1), title: "ct 1 1" },
  "timescan(det1)": { call: ({ det1 }) => s.timescan(wrong(det1)), says: /count_time is counter det1, not a number/ },
  "lineup(robx,-1,1,2,0) no counter": { call: ({ robx }) => wrong(s.lineup)(robx, -1, 1, 2, 0), says: /not a counter/ },
  "lineup(robx,-1,1,2,0,simf,diodec) two counters": {
    call: ({ robx, det1 }) => s.lineup(robx, -1, 1, 2, 0, det1, wrong(constant("b", "b", 1))),
    says: /lineup takes one counter/,
  },
  "loopscan(2,0) with every counter of the active group disabled": {
    call: async ({ world, det1 }) => {
      await world.session.group("MG1", [det1]).disable("det1");
      return s.loopscan(2, 0);
    },
    says: /no counters for the scan: name some, or enable some in the active measurement group/,
  },
  "loopscan(2,0) active group": {
    call: ({ world }) => {
      const values = [0.004795122332071642, 38.85527869976752];
      const simg = constant("simulation_counter_controller", "simg", () => values.shift()!);
      world.session.group("MG1", [simg, constant("simulation_diode_sampling_controller", "diodec", 7.5)]);
      return s.loopscan(2, 0);
    },
  },
  "a2scan(robx,0,1,robx,0,1,2,0,det1)": {
    call: ({ robx, det1 }) => s.a2scan(robx, 0, 1, robx, 0, 1, 2, 0, det1),
    says: /duplicated axis robx/,
  },
  "amesh(robx,0,1,1,robx,0,1,1,0,det1)": {
    call: ({ robx, det1 }) => s.amesh(robx, 0, 1, 1, robx, 0, 1, 1, 0, det1),
    says: /duplicated axis robx/,
  },
  "lookupscan([(robx,[0,1]),(robx,[0,1])],0,det1)": {
    call: ({ robx, det1 }) => s.lookupscan([[robx, [0, 1]], [robx, [0, 1]]], 0, det1),
    says: /duplicated axis robx/,
  }, // biome-ignore format: as the call
  "a2scan(s1vg,1,2,s1u,0,1,2,0,det1) calc axis and one of its reals": {
    call: ({ s1vg, s1u, det1 }) => s.a2scan(s1vg, 1, 2, s1u, 0, 1, 2, 0, det1),
    says: /pseudo axis s1vg cannot move together with its own real axes: s1u/,
  },
  "a2scan(s1vg,1,2,s1vo,0,1,1,0,det1) two calc axes of one controller": {
    call: ({ s1vg, s1vo, det1 }) => s.a2scan(s1vg, 1, 2, s1vo, 0, 1, 1, 0, det1),
  },
  "ascan(robx,0,1,1,0,det1,det1) same counter twice": {
    call: ({ robx, det1 }) => s.ascan(robx, 0, 1, 1, 0, det1, det1),
  },
  "ascan(robx,0,1,1,0,det1,other 'det1' of another controller with the same name)": {
    call: ({ robx, det1 }) => s.ascan(robx, 0, 1, 1, 0, det1, constant("det", "det1", 9)),
    refused: "two different counters are named det:det1; rename one of them",
  },
  "two counters 'same' on controllers ca and cb": {
    call: ({ robx }) => {
      let [a, b] = [0, 0];
      return s.ascan(robx, 0, 1, 1, 0, constant("ca", "same", () => a++), constant("cb", "same", () => b++));
    },
  }, // biome-ignore format: as the call
  "ascan(robx,0,1,1,0,counter named robx)": {
    call: ({ robx }) => s.ascan(robx, 0, 1, 1, 0, constant("axis", "robx", 0)),
    says: /a device is named axis like the scan's own axis; rename it/,
  },
  "ascan(robx,0,101,10,0,det1) limits -100..100": {
    call: ({ robx, det1 }) => s.ascan(robx, 0, 101, 10, 0, det1),
    says: high("robx", "101.0", "100.0"),
  },
  "ascan(robx,-101,0,10,0,det1)": {
    call: ({ robx, det1 }) => s.ascan(robx, -101, 0, 10, 0, det1),
    says: /^robx: move to `-101.0' would exceed low limit \(-100.0\)$/,
  },
  "dscan(robx,-1,200,4,0,det1)": {
    call: ({ robx, det1 }) => s.dscan(robx, -1, 200, 4, 0, det1),
    says: high("robx", "200.0", "100.0"),
  },
  "a2scan(robx,0,1,roby,0,60,2,0,det1) second beyond -50..50": {
    call: ({ robx, roby, det1 }) => s.a2scan(robx, 0, 1, roby, 0, 60, 2, 0, det1),
    says: high("roby", "60.0", "50.0"),
  },
  "amesh(robx,0,1,1,roby,0,60,2,0,det1)": {
    call: ({ robx, roby, det1 }) => s.amesh(robx, 0, 1, 1, roby, 0, 60, 2, 0, det1),
    says: high("roby", "60.0", "50.0"),
  },
  "pointscan(robx,[0,5,200],0,det1)": {
    call: ({ robx, det1 }) => s.pointscan(robx, [0, 5, 200], 0, det1),
    says: high("robx", "200.0", "100.0"),
  },
  "ascan(s1vg,0,30,3,0,det1) calc axis limits -20..20": {
    call: ({ s1vg, det1 }) => s.ascan(s1vg, 0, 30, 3, 0, det1),
    says: high("s1vg", "30.0", "20.0"),
  },
  "ascan(s1vg,0,10,2,0,det1) real axis s1u limited to -2..2": {
    call: async ({ s1vg, s1u, det1 }) => {
      await s1u.softLimits?.write([-2, 2]);
      return s.ascan(s1vg, 0, 10, 2, 0, det1);
    },
    says: high("s1u", "5.0", "2.0"),
  },
  "mv(robx,101)": { call: ({ verbs, robx }) => verbs.mv(robx, 101), says: high("robx", "101.0", "100.0") },
  "mv(robx,1,roby,60)": {
    call: ({ verbs, robx, roby }) => verbs.mv(robx, 1, roby, 60),
    says: high("roby", "60.0", "50.0"),
  },
  "mv(robx,1,robx,2)": { call: ({ verbs, robx }) => verbs.mv(robx, 1, robx, 2) },
  "mv(robx)": {
    call: ({ verbs, robx }) => wrong(verbs.mv)(robx),
    says: /Usage: mv\(motor1, position1, motor2, position2, \.\.\.\)/,
  },
  "mv('robx',1)": { call: ({ verbs }) => verbs.mv(wrong("robx"), 1), says: /"robx" is not an axis.*Usage: mv\(/ },
  "mvr(robx,0.5)": { call: ({ verbs, robx }) => verbs.mvr(robx, 0.5) },
  "mv(robx,nan)": {
    call: ({ verbs, robx }) => verbs.mv(robx, Number.NaN),
    says: /axis robx cannot be moved to position: NaN/,
  },
  "ascan(robx,0,0.0052,2,0,det1) not a multiple of the motor step": {
    call: ({ robx, det1 }) => s.ascan(robx, 0, 0.0052, 2, 0, det1),
  },
  "loopscan(2,0,det1,save=False)": { call: ({ det1 }) => s.loopscan(2, 0, det1, { save: false }) },
  "loopscan(2,0,det1,run=False)": { call: ({ verbs, det1 }) => void verbs.plan.loopscan(2, 0, det1) },
  "abort() before run()": {
    call: async ({ world, det1 }) => {
      const run = world.session.start(s.loopscan(2, 0, det1));
      run.abort();
      await run.done();
    },
    says: /Abort on request/,
  },
  "stop() before run()": {
    call: async ({ world, det1 }) => {
      const run = world.session.start(s.loopscan(3, 0, det1));
      run.stop();
      await run.done();
    },
  },
};
/**
 * Of the motor, not of the scan (offset, sign, how it rounds half a step); and a run that is started twice: ours begin by
 * starting a scan, as often as one likes.
 */
const elsewhere = /^(robx\.position=10|robx\.sign=-1|ascan\(robx,0,0\.001,|scan\.run\(\) a second time)/;

test("every recorded call is in the table", () => {
  const calls = recorded.map(({ call }) => call).filter((call) => !elsewhere.test(call));
  expect(Object.keys(cases).toSorted()).toEqual(calls.toSorted());
});

test.each(recorded.filter(({ call }) => cases[call]))("$call", async (wanted) => {
  const { call, says, refused, title = wanted.title } = cases[wanted.call]!;
  const world = bench();
  const [det1] = world.pair("det", "det1", "det2");
  const { verbs, text } = verbsOf(world);
  let scan: unknown;
  const made = async () => {
    scan = await call({ ...(world.axes as unknown as Axes), det1: det1!, world, verbs });
    if (scan instanceof s.Scan) await world.session.start(scan).done();
  };
  const refusal = refused ?? says;
  if (refusal !== undefined) await expect(made()).rejects.toThrow(refusal);
  else await made();
  const [ours] = world.sink.scans;
  if (refused !== undefined || (wanted.raised && wanted.scans_created === 0)) {
    expect([world.sink.scans, world.moves]).toEqual([[], []]);
    return;
  }
  expect(world.moves.map(([axis, to]) => [axis, near(to)])).toEqual((wanted.moves_started ?? []).map(([a, to]) => [a, near(to)])); // biome-ignore format: one glance
  for (const [name, to] of Object.entries(wanted.positions_changed ?? {}))
    expect(await world.axes[name]!.position()).toBeCloseTo(to, 9);
  expect(world.sink.scans.length).toBe(wanted.scans_created);
  if (!ours) return;
  expect([ours.created.info.title, ours.created.info.npoints]).toEqual([title, wanted.npoints]);
  expect(ours.created.info.save === false ? 0 : ours.created.identity.number).toBe(wanted.scan_number_used);
  expect(ours.reason).toBe(wanted.end_reason);
  for (const [name, values] of Object.entries(wanted.streams ?? {}))
    if (Array.isArray(values)) expect((ours.values(name) as number[]).map(near), name).toEqual(values.map(near));
  expect(text()).not.toContain("undefined");
});
const near = (value: number) => Math.round(value * 1e9) / 1e9 + 0;

function verbsOf({ session }: Bench) {
  let shown = "";
  const screen = { write: (text: string) => Boolean((shown += text)) };
  return { verbs: s.beamline(session, screen), text: () => shown };
}
