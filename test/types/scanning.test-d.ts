// SPDX-License-Identifier: MIT
// What the types of scans promise. The type checker is the test: nothing here runs.
import {
  type Axis, a2scan, amesh, ascan, type Beamline, continuous, line, loopscan, type Scan, sequence, softAxis, softCounters, step,
} from "../../scanning/index.ts"; // biome-ignore format: a list

type Is<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
const holds = <_Claim extends true>() => {};

const robx = softAxis("robx");
const { diode, monitor } = softCounters("det", { diode: () => 1, monitor: () => 2 });

/** Rows of a scan made by `step` have the names of what was given. */
export async function rows(): Promise<void> {
  await using run = step({ along: line(robx, 0, 10, 20), read: [diode], exposure: 0.1 }).start();
  for await (const row of run) {
    holds<Is<typeof row.robx, number>>();
    holds<Is<typeof row.diode, number>>();
    holds<Is<typeof row.elapsed_time, number>>();
    // @ts-expect-error what was not read is not known to be a number
    const other: number = row.monitor;
    void other;
  }
  const moving = continuous({ along: line(robx, 0, 1, 10), read: [monitor], exposure: 0.01 });
  holds<typeof moving extends Scan<"robx" | "monitor" | "elapsed_time" | "epoch"> ? true : false>();
}

/** Counters know their names; axes are no counters, counters no axes, and neither is a text. */
export function arguments_(): void {
  holds<Is<typeof diode.name, "diode">>();
  holds<typeof robx extends Axis ? true : false>();
  ascan(robx, 0, 1, 10, 0.1, diode, monitor, { sleepTime: 1 });
  // @ts-expect-error a counter cannot be moved
  ascan(diode, 0, 1, 10, 0.1);
  // @ts-expect-error an axis cannot be read
  ascan(robx, 0, 1, 10, 0.1, robx);
  // @ts-expect-error the count time is missing
  ascan(robx, 0, 1, 10);
  // @ts-expect-error names are not objects
  ascan("robx", 0, 1, 10, 0.1);
  // @ts-expect-error two axes want two ranges
  a2scan(robx, 0, 1, robx, 0, 10, 0.1);
  amesh(robx, 0, 1, 1, robx, 0, 1, 1, 0.1, diode, { backnforth: true });
  // @ts-expect-error points are a number
  loopscan("3", 0.1);
  // @ts-expect-error unknown option
  loopscan(3, 0.1, { sleeptime: 1 });
}

/** A script's verbs resolve with the finished scan; a sequence's function is given what it needs. */
export async function script({ ascan: run, plan, umv }: Beamline): Promise<void> {
  const done = await run(robx, 0, 1, 10, 0.1);
  holds<Is<ReturnType<typeof done.data>, Float64Array>>();
  await umv(robx, 1);
  // @ts-expect-error a position is missing
  await umv(robx);
  sequence("two", async ({ run: part, emit, signal }) => {
    holds<Is<typeof signal, AbortSignal>>();
    emit("k", 1);
    // @ts-expect-error numbers only
    emit("k", "1");
    await part(plan.loopscan(2, 0.1, diode));
  });
}

/** Every verb takes what a person types, and gives what a script goes on with. */
export async function verbs(beamline: Beamline): Promise<void> {
  const { ct, sct, timescan, lineup, dmesh, anmesh, hscan, hklscan, plan, run } = beamline;
  const { mv, mvd, umvr, cen, goto_peak, align, comment, note, plotinit, lscnt, start_monitoring } = beamline;
  await ct();
  await ct(0.1, diode);
  await ct(diode, monitor);
  await sct(1, diode, { title: "once" });
  const scan = await timescan(0.1, diode, { npoints: 3 });
  holds<Is<typeof scan.points, number>>();
  await lineup(robx, -1, 1, 10, 0.1, diode);
  await dmesh(robx, 0, 1, 3, robx, 0, 1, 3, 0.1, diode, { backnforth: true });
  await anmesh([[robx, 0, 1, 3]], 0.1, diode);
  await hscan(0, 1, 10, 0.1, diode);
  await hklscan(0, 1, 0, 1, 0, 1, 10, 0.1, diode);
  await run(plan.ascan(robx, 0, 1, 10, 0.1, diode));
  await mv(robx, 1, robx, 2);
  await mvd(robx, 1);
  await umvr(robx, 0.1);
  holds<Is<ReturnType<typeof cen>, Awaited<ReturnType<typeof goto_peak>>>>();
  cen(diode, "robx", scan);
  await align(robx, -1, 1, 10, 0.1, diode, { to: "gaussian" });
  comment("beam lost");
  await note("new crystal");
  plotinit(diode, "det:monitor");
  lscnt();
  await start_monitoring("oven", 1, diode, { sleepTime: 5 });
  // @ts-expect-error a place nobody knows
  await align(robx, -1, 1, 10, 0.1, diode, { to: "middle" });
  // @ts-expect-error a distance without its axis
  await mv(1);
  // @ts-expect-error a run is no scan that can be run
  await run(scan);
}
