// SPDX-License-Identifier: MIT
// Every scan recorded from BLISS 2.4.0, run again on our engine: moves, positions, channels, documents, values, ends.
// What is tolerated is said where it is, and why in docs/decisions/0009-scans-as-bliss.md.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as s from "../../scanning/index.ts";
import { recordedDetector } from "./bliss-detectors.ts";
import { compareMoves, compareScan, recording, type Tolerated } from "./bliss-recording.ts";
import { type Bench, bench, constant, inMode, meanOf } from "./bliss-world.ts";

type Axes = Record<"robx" | "roby" | "robz" | "robe" | "s1vg" | "s1vo", s.Axis>;
interface Case extends Tolerated {
  /** Before the recorded command; its moves do not count. */
  readonly before?: (axes: Axes, bench: Bench) => Promise<unknown> | unknown;
  readonly scan: (axes: Axes, bench: Bench) => s.Scan;
  readonly start?: (bench: Bench) => s.StartOptions;
  /** While it runs. */
  readonly during?: (run: s.ScanRun) => Promise<unknown> | unknown;
  readonly throws?: string;
  readonly after?: () => void;
}

const det = (bench: Bench) => bench.pair("det", "det1", "det2");
const diode = () => constant("simulation_diode_sampling_controller", "diodec", 7.5);
const simf = () => constant("simulation_counter_controller", "simf", 3);
const gaussian = [0.09580215998415814, 1.253523673022745, 7.867129196923549, 23.68244447438578, 34.19505260583709];
function simg(values: readonly number[] = [...gaussian, ...gaussian.slice(0, 4).reverse()]): s.SamplingCounter {
  let next = 0;
  return constant("simulation_counter_controller", "simg", () => values[next++ % values.length]!);
}
const failing = (at: number) => (bench: Bench) =>
  bench.pair("bad", "bad1", "bad2", (reading) => {
    if (reading === at) throw new Error("simulated read failure");
  });
/** Presets that note their calls, and the comparison with those recorded. */
function presets(name: string): Pick<Case, "start" | "after"> {
  const calls: string[] = [];
  const note = (call: string) => () => void calls.push(call);
  const perPoint = (call: string) => (point: number) => void calls.push(`iteration ${point}.${call}`);
  const preset: s.Preset = {
    prepare: note("ScanPreset.prepare"),
    start: note("ScanPreset.start"),
    stop: note("ScanPreset.stop"),
    data: {
      channels: ["pd:pd1", "pd:pd2"],
      received: (channel, value) => void calls.push(`data ${channel} ${(value as number).toFixed(1)}`),
    },
  };
  const chainPreset: s.ChainPreset = {
    prepare: note("ChainPreset.prepare"),
    start: note("ChainPreset.start"),
    beforeStop: note("ChainPreset.before_stop"),
    stop: note("ChainPreset.stop"),
    iteration: { prepare: perPoint("prepare"), start: perPoint("start"), stop: perPoint("stop") },
  };
  return {
    start: () => ({ presets: [preset], chainPresets: [chainPreset] }),
    after: () => expect(calls).toEqual(recording(name).preset_calls),
  };
}

/** The reading numbered `at` never comes: only an abort ends the scan. */
const blocking = (device: string, at: number) => (bench: Bench) => {
  const [first, second] = bench.pair(device, `${device}1`, `${device}2`) as [s.SamplingCounter, s.SamplingCounter];
  let reading = 0;
  const reader: s.SamplingDevice["reader"] = (counters) => {
    const read = first.device.reader(counters);
    return ({ signal }) => {
      if (reading++ < at) return read({});
      return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
    };
  };
  const blocked = { name: device, reader };
  return [first, second].map((counter) => ({ ...counter, device: blocked }));
};
/** Once `points` points are complete and the next one is under way. */
async function abortAt(run: s.ScanRun, points: number, abort: () => void): Promise<void> {
  await run.opened();
  while (run.data("timer:epoch").length < points) await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setImmediate(resolve));
  abort();
}
const move = (axis: s.Axis, to: number) => axis.move(to);

const cases: Readonly<Record<string, Case>> = {
  ascan: { scan: ({ robx }, b) => s.ascan(robx, 1, 8, 7, 0, ...det(b), simg()) },
  ascan_nosave: { scan: ({ robx }, b) => s.ascan(robx, 0, 1, 2, 0, ...det(b), { save: false }) },
  ascan_options: {
    scan: ({ robx }) =>
      s.ascan(robx, 0, 1, 2, 0.02, diode(), {
        name: "myname", title: "my title", sleepTime: 0.01, stabTime: 0.01,
        scanInfo: { user_key: { a: [1, 2] }, instrument: { extra: 3 } },
      }), // biome-ignore format: as the call
  },
  a2scan: { scan: ({ robx, roby }, b) => s.a2scan(robx, 0, 3, roby, 10, 4, 3, 0, ...det(b)) },
  anscan: { scan: ({ robx, roby }, b) => s.anscan([[robx, 0, 1], [roby, 1, 3]], 2, 0, ...det(b)) }, // biome-ignore format: as the call
  dscan: { before: ({ robx }) => move(robx, 3), scan: ({ robx }, b) => s.dscan(robx, -1, 1, 4, 0, ...det(b)) },
  dnscan: {
    before: ({ robx }) => move(robx, 1),
    scan: ({ robx, roby }, b) => s.dnscan([[robx, 0, 1], [roby, 1, 3]], 2, 0, ...det(b)),
  }, // biome-ignore format: as the call
  amesh: { scan: ({ robx, roby }, b) => s.amesh(robx, 0, 2, 2, roby, 10, 13, 3, 0, ...det(b)) },
  amesh_backnforth: {
    scan: ({ robx, roby }, b) => s.amesh(robx, 0, 2, 2, roby, 10, 13, 3, 0, ...det(b), { backnforth: true }),
  },
  anmesh_backnforth3: {
    scan: ({ robx, roby, robz }, b) =>
      s.anmesh([[robx, 0, 1, 1], [roby, 0, 2, 2], [robz, 0, 1, 1]], 0, ...det(b), { backnforth: true }),
  }, // biome-ignore format: as the call
  lookupscan: { scan: ({ robx, roby }, b) => s.lookupscan([[robx, [0, 1, 4, 9]], [roby, [3, 2, 2, 5.5]]], 0, ...det(b)) }, // biome-ignore format: as the call
  pointscan: { scan: ({ robx }, b) => s.pointscan(robx, [0, 0.5, -2, 7, 7], 0, ...det(b)) },
  lineup: {
    before: ({ robx }) => move(robx, 1),
    scan: ({ robx }) =>
      s.lineup(robx, -2, 2, 8, 0, simg(recordedValues("lineup", "simulation_counter_controller:simg"))),
  },
  loopscan: { scan: (_, b) => s.loopscan(5, 0, ...det(b)) },
  timescan: { scan: (_, b) => s.timescan(0, ...det(b), { npoints: 5 }) },
  ct: { scan: () => s.ct(0.01, diode(), simf()) },
  ct_det: { scan: (_, b) => s.ct(0, ...det(b)) },
  sct: { scan: () => s.sct(0.01, diode(), simf()) },
  calc_motor_slits: { scan: ({ s1vg }, b) => s.ascan(s1vg, 1, 2, 2, 0, ...det(b)) },
  calc_motor_slits_d: { scan: ({ s1vo }, b) => s.dscan(s1vo, -0.5, 0.5, 2, 0, ...det(b)) },
  calc_counter: {
    scan: ({ robx }) => {
      const device = s.softCounters("simulation_diode_sampling_controller", { diodec: () => 7.5, diodec2: () => 2.5 });
      return s.ascan(robx, 0, 2, 2, 0.01, meanOf("calcctrl", "calcmean", [device.diodec, device.diodec2]));
    },
  },
  encoder: { scan: ({ robe }, b) => s.ascan(robe, 0, 2, 2, 0, ...det(b)) },
  encoder_counter: { before: ({ robe }) => move(robe, 1.5), scan: ({ robe }) => s.loopscan(2, 0.01, robe.encoder!) },
  conversion: {
    scan: () => {
      let reading = 0;
      const cv = s.softCounters("cv", { cv1: () => reading++, cv2: () => reading - 1 + 100 });
      return s.loopscan(3, 0, { ...cv.cv1, convert: (v) => v * 2 + 0.5 }, cv.cv2);
    },
  },
  measurement_group: {
    before: (_, { session }) =>
      session.group("MG1", [simg(recordedValues("measurement_group", "simulation_counter_controller:simg")), diode()]),
    scan: () => s.loopscan(2, 0.01),
    // A simulated counter that is read once a point there; our counters loop within the count time.
    values: ["simulation_counter_controller:simg"],
  },
  plotselect: {
    before: (_, { session }) => session.selectForPlots("simulation_diode_sampling_controller:diodec"),
    scan: ({ robx }) => s.ascan(robx, 0, 2, 2, 0.01, diode(), simf()),
  },
  plotselect_two: {
    before: (_, { session }) => session.selectForPlots("det:det2", "det:det1"),
    scan: ({ robx }, b) => s.ascan(robx, 0, 2, 2, 0, ...det(b)),
  },
  plotselect_loopscan: {
    before: (_, { session }) => session.selectForPlots("det:det1"),
    scan: (_, b) => s.loopscan(3, 0, ...det(b)),
  },
  plotselect_a2scan: {
    before: (_, { session }) => session.selectForPlots("det:det1"),
    scan: ({ robx, roby }, b) => s.a2scan(robx, 0, 2, roby, 0, 4, 2, 0, ...det(b)),
  },
  plotselect_amesh: {
    before: (_, { session }) => session.selectForPlots("det:det1"),
    scan: ({ robx, roby }, b) => s.amesh(robx, 0, 2, 2, roby, 10, 13, 3, 0, ...det(b)),
  },
  plotselect_amesh_backnforth: {
    before: (_, { session }) => session.selectForPlots("det:det1"),
    scan: ({ robx, roby }, b) => s.amesh(robx, 0, 2, 2, roby, 10, 13, 3, 0, ...det(b), { backnforth: true }),
  },
  plotinit: {
    before: (_, { session }) => session.displayNext("simulation_counter_controller:simf"),
    scan: ({ robx }) => s.ascan(robx, 0, 2, 2, 0.01, diode(), simf()),
  },
  same_name_counters: {
    scan: ({ robx }) => {
      const counting = (device: string, name: string, reading: number) => {
        return constant(device, name, () => reading++);
      };
      return s.ascan(
        robx,
        0,
        1,
        1,
        0,
        counting("ca", "same", 0),
        counting("cb", "same", 50),
        counting("cc", "robx", 90),
      );
    },
  },
  sibling_order: {
    scan: () =>
      s.loopscan(
        1,
        0,
        constant("zz", "z1", 0),
        constant("mm", "m1", 0),
        constant("aa", "a1", 0),
        constant("BB", "B1", 0),
      ),
  },
  failing_counter: {
    scan: ({ robx }, b) => s.ascan(robx, 0, 5, 5, 0, ...failing(2)(b)),
    throws: "simulated read failure",
    masterPoints: true,
  },
  failing_counter_dscan: {
    before: ({ robx }) => move(robx, 1),
    scan: ({ robx }, b) => s.dscan(robx, 0, 5, 5, 0, ...failing(2)(b)),
    throws: "simulated read failure",
    masterPoints: true,
  },
  failing_counter_mesh: {
    before: ({ robx }) => move(robx, 1),
    scan: ({ robx, roby }, b) => s.dmesh(robx, 0, 2, 2, roby, 0, 2, 2, 0, ...failing(4)(b)),
    throws: "simulated read failure",
    masterPoints: true,
  },
  failing_noncritical: {
    scan: () => {
      let reading = 0;
      const fail = () => {
        if (reading++ === 1) throw new Error("simulated read failure");
        return reading - 1;
      };
      return s.loopscan(3, 0, s.softCounters("nc", { nc1: fail }, { critical: false }).nc1);
    },
  },
  sequence: {
    scan: ({ robx }, b) =>
      s.sequence(
        "my sequence",
        async ({ run, emit }) => {
          emit("mychan", 1);
          await run(s.loopscan(3, 0, ...b.pair("sa", "sa1", "sa2")));
          emit("mychan", 2, 3);
          await run(s.ascan(robx, 0, 1, 2, 0, ...b.pair("sb", "sb1", "sb2")));
        },
        { channels: { mychan: {} } },
      ),
  },
  sequence_failing: {
    scan: (_, b) =>
      s.sequence("bad sequence", async ({ run }) => {
        await run(s.loopscan(2, 0, ...b.pair("sa", "sa1", "sa2")));
        throw new TypeError("runner failed");
      }),
    throws: "runner failed",
  },
  comment: {
    scan: ({ robx }, b) => s.ascan(robx, 0, 1, 1, 0, ...det(b)),
    during: async (run) => {
      run.addComment("before the run");
      await run.opened();
      run.addComment("during the run");
      await run.done();
      expect(() => run.addComment("too late")).toThrow("comments can only be added to scans that have not ended");
      expect((run.info.comments as { message: string }[]).map(({ message }) => message)).toEqual(
        ["before the run", "during the run"],
      ); // biome-ignore format: a list
    },
  },
  abort_ctrl_c: {
    scan: ({ robx }, b) => s.ascan(robx, 0, 9, 9, 0, ...blocking("blk", 3)(b)),
    during: (run) => abortAt(run, 3, () => run.abort(new s.ScanAbort(""))),
    throws: "",
    masterPoints: true,
  },
  abort_method: {
    scan: ({ robx }, b) => s.ascan(robx, 0, 9, 9, 0, ...blocking("blk", 3)(b)),
    during: (run) => abortAt(run, 3, () => run.abort()),
    throws: "Abort on request",
    masterPoints: true,
  },
  // A greenlet killed there is here a signal aborted for a reason that is not the person's: the scan has failed.
  abort_greenlet_kill: {
    scan: ({ robx }, b) => s.ascan(robx, 0, 9, 9, 0, ...blocking("blk", 3)(b)),
    during: (run) => abortAt(run, 3, () => run.abort(new RangeError("killed"))),
    throws: "killed",
    masterPoints: true,
  },
  timescan_endless_ctrl_c: {
    scan: (_, b) => s.timescan(0, ...blocking("en", 5)(b)),
    during: (run) => abortAt(run, 5, () => run.abort()),
    throws: "Abort on request",
    masterPoints: true,
  },
  stop_method: {
    scan: ({ robx }, b) => s.ascan(robx, 0, 9, 9, 0, ...b.pair("sl", "sl1", "sl2")),
    start: () => ({
      watchdogs: [{ onScanData: (run) => void (run.points === 3 && run.stop()) }],
    }),
  },
  presets: { scan: ({ robx }, b) => s.ascan(robx, 0, 2, 2, 0, ...b.pair("pd", "pd1", "pd2")), ...presets("presets") },
  presets_failing: {
    scan: ({ robx }, b) =>
      s.ascan(robx, 0, 2, 2, 0, ...b.pair("pd", "pd1", "pd2", (reading) => {
        if (reading === 1) throw new Error("simulated read failure");
      })),
    ...presets("presets_failing"),
    throws: "simulated read failure",
    masterPoints: true,
  }, // biome-ignore format: as the call
  tango_attr: {
    scan: () => {
      const { tgampli, tgdbl } = s.softCounters("generic_tg_controller", { tgampli: () => 0, tgdbl: () => 1 });
      return s.loopscan(3, 0.01, tgampli, { ...tgdbl, unit: "V" });
    },
  },
  integrating: { scan: () => s.loopscan(4, 0.05, recordedDetector(recording("integrating"), "intctrl")) },
  mca: { scan: () => s.loopscan(2, 0.1, recordedDetector(recording("mca"), "simmca")) },
  lima: { scan: () => s.loopscan(3, 0.05, recordedDetector(recording("lima"), "cam")) },
  lima_collection: { scan: () => s.loopscan(2, 0.05, recordedDetector(recording("lima_collection"), "cam")) },
  lima_ascan_roi: {
    scan: ({ robx }) => s.ascan(robx, 0, 1, 2, 0.05, recordedDetector(recording("lima_ascan_roi"), "cam"), diode()),
  },
};

const recordedValues = (name: string, stream: string) => recording(name).scans[0]!.streams[stream]!.values as number[];

test.each(Object.entries(cases))("%s", async (name, test) => {
  const recorded = recording(name);
  const world = bench();
  const axes = world.axes as unknown as Axes;
  await test.before?.(axes, world);
  world.moves.length = 0;
  const run = world.session.start(test.scan(axes, world), test.start?.(world));
  await test.during?.(run);
  if (test.throws !== undefined) await expect(run.done()).rejects.toThrow(test.throws);
  else await run.done();
  test.after?.();
  await compareMoves(recorded, world);
  expect(world.sink.scans.length).toBe(recorded.scans.length);
  recorded.scans.forEach((scan, i) => {
    compareScan(scan, world.sink.scans[i]!, name, test);
  });
});

// The recording counts for 0.1 s: where the machine stops us for half of that, there are fewer readings.
const ofRealTime = { retry: 5 };
test("sampling modes: every mode in one device, 3 readings a point", ofRealTime, async () => {
  const recorded = recording("sampling_modes");
  const world = bench();
  const modes = {
    cmean: "MEAN",
    cstats: "STATS",
    csamples: "SAMPLES",
    clast: "LAST",
    cintegrate: "INTEGRATE",
    csingle: "SINGLE",
  } as const;
  let reading = -1;
  const value = () => Math.floor(reading / 3) * 10 + [0, 1, 4][reading % 3]!;
  const names = Object.keys(modes);
  const device: s.SamplingDevice = {
    name: "tri",
    // Two readings that take no time and a third that outlasts the count time: three a point on any machine.
    reader: (counters) => async () => {
      reading++;
      await new Promise((resolve) => setTimeout(resolve, reading % 3 === 2 ? 150 : 0));
      return counters.map(value);
    },
  };
  const counters = names.map((name) => ({
    kind: "sampling" as const,
    name,
    unit: "V",
    device,
    mode: modes[name as "cmean"],
  }));
  await world.session.start(s.loopscan(3, 0.1, ...counters)).done();
  compareScan(recorded.scans[0]!, world.sink.scans[0]!, "sampling_modes");
});

test(
  "INTEGRATE_STATS has seven channels of its own and leaves its neighbours alone (BLISS 2.4.0 does not)",
  ofRealTime,
  async () => {
    let reading = -1;
    // Two readings that take no time and a third that outlasts the count time: three a point on any machine.
    const device: s.SamplingDevice = {
      name: "sis",
      reader: () => async () => {
        reading++;
        await new Promise((resolve) => setTimeout(resolve, reading % 3 === 2 ? 150 : 0));
        return [reading, 7];
      },
    };
    const [a, c] = ["a", "c"].map((name): s.SamplingCounter => ({ kind: "sampling", name, device })) as [s.SamplingCounter, s.SamplingCounter]; // biome-ignore format: one glance
    const sink = s.memorySink();
    await s.loopscan(2, 0.1, inMode(a, "INTEGRATE_STATS"), inMode(c, "MEAN")).start({ sink }).done();
    const [scan] = sink.scans;
    expect(scan!.channels.map(({ name }) => name)).toEqual(
    ["elapsed_time", "epoch", "a", "a_N", "a_std", "a_var", "a_min", "a_max", "a_p2v", "c"],
  ); // biome-ignore format: a list
    expect(scan!.values("sis:c")).toEqual([7, 7]);
    expect(scan!.values("sis:a")[0]).toBeCloseTo(0.1, 12); // mean 1 of 0, 1, 2
    expect(scan!.values("sis:a_N")[0]).toBe(3);
    expect(scan!.values("sis:a_max")[0]).toBeCloseTo(0.2, 12);
  },
);

test("single mode: one reading a point, no loop", async () => {
  const recorded = recording("single_mode");
  const world = bench();
  let reading = 0;
  const { sa, sb } = s.softCounters("sgl", { sa: () => reading++, sb: () => reading - 1 + 100 });
  const counters = [inMode(sa, "SINGLE"), inMode(sb, "SINGLE")];
  await world.session.start(s.loopscan(3, 0.1, ...counters)).done();
  compareScan(recorded.scans[0]!, world.sink.scans[0]!, "single_mode");
});

/**
 * There the first move, to NaN, is refused in preparation; here a scan to NaN is refused before it has a number
 * (docs/decisions/0009-scans-as-bliss.md). What fails in preparation here is a device: the document is the same.
 */
test("failing in preparation: no streams, a number is used, the reason is there", async () => {
  const { scans, moves_started, positions_after, raised } = recording("failing_prepare");
  const world = bench();
  const reason = raised!.text;
  const counters = world.pair("det", "det1", "det2") as s.SamplingCounter[];
  const device = { ...counters[0]!.device, prepare: () => Promise.reject(new RangeError(reason)) };
  const refusing = counters.map((counter) => ({ ...counter, device }));
  const scan = s.ascan(world.axes.robx!, 0, 1, 2, 0, ...refusing);
  await expect(world.session.start(scan).done()).rejects.toThrow(reason);
  await compareMoves({ moves_started, positions_after }, world);
  const finite = JSON.stringify(scans[0])
    .replaceAll('"start":[null]', '"start":[0]')
    .replaceAll('"start":null', '"start":0')
    .replace("ascan robx nan", "ascan robx 0.00000");
  compareScan(JSON.parse(finite), world.sink.scans[0]!, "failing_prepare");
});

test("every scan that was recorded is run again here, every other file by its own test", () => {
  const files = readdirSync(join(import.meta.dirname, "bliss")).filter((file) => !file.endsWith(".h5.json"));
  const elsewhere = ["README.md", "errors.json", "peaks.json", "shell.txt", "listener.txt"];
  const names = files.filter((file) => !elsewhere.includes(file)).map((file) => file.replace(/\.json$/, ""));
  expect(files).toEqual(expect.arrayContaining(elsewhere));
  const byThemselves = ["failing_prepare", "sampling_modes", "single_mode", "sampling_integrate_stats"];
  expect([...Object.keys(cases), ...byThemselves].toSorted()).toEqual(names.toSorted());
});
