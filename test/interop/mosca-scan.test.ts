// SPDX-License-Identifier: MIT
// Scans with a spectrometer: a step scan saved to a file that h5py judges, and a gated run.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openSpectrometer } from "../../devices/spectrum.ts";
import { ascan, basicPolicy, memorySink, Session, sinksTogether, softAxis } from "../../scanning/index.ts";
import { nexusSink } from "../../writers/index.ts";
import { moscaWorld } from "../world/mosca.ts";
import { describeWith, python } from "../world/peers.ts";

const judge = `import sys, json, h5py
with h5py.File(sys.argv[1]) as f:
    i = f["1.1/instrument"]
    dets = [i["xrf_det%d" % d] for d in range(3)]
    spectra = [d["spectrum"][()] for d in dets]
    print(json.dumps({
        "shape": [list(s.shape) for s in spectra], "dtype": [str(s.dtype) for s in spectra],
        "sums": [s.sum(axis=1).tolist() for s in spectra],
        "events": [d["events"][()].tolist() for d in dets],
        "units": [dets[0]["elapsed_time"].attrs["units"], dets[0]["trigger_count_rate"].attrs["units"]],
        "iron": [(s[:, 600:681].sum(axis=1)).tolist() for s in spectra],
        "rois": [d["iron"][()].tolist() for d in dets],
        "all": i["xrf_sum_all/all"][()].tolist(), "two": i["xrf_sum_0_2/two"][()].tolist(), "zero": dets[0]["zero"][()].tolist(),
        "half": i["xrf_sum_0_2/half"][()].tolist(),
        "measured": [k for k in f["1.1/measurement"] if k in ("xrf_det0", "xrf_det0_iron")],
    }))`;

describeWith(["h5py"], "a scan with a spectrometer", () => {
  test("spectra, statistics and ROIs of each point are in the file and agree", async () => {
    await using world = await moscaWorld({ Detectors: ["3"] });
    const folder = mkdtempSync(join(tmpdir(), "mosca-scan-"));
    try {
      await using xrf = await openSpectrometer("xrf", world.trl("a/mosca/1"), {
        rois: {
          iron: { start: 600, stop: 680 },
          all: { start: 0, stop: 4095, sum: true },
          two: { start: 600, stop: 680, detectors: [0, 2], sum: true },
          zero: { start: 600, stop: 680, detectors: [0] },
          half: { start: 600, stop: 680, detectors: [0, 2], sum: true, weights: { 0: 0.5 } },
        },
      });
      await using writer = await nexusSink();
      const memory = memorySink();
      const axis = softAxis("sx");
      const policy = basicPolicy("mosca", { base_path: folder });
      const objects = [axis, xrf];
      await using session = new Session({ name: "mosca", policy, sink: sinksTogether(memory, writer), objects });
      const { reason, points } = await session.start(ascan(axis, 0, 1, 10, 0.02, xrf)).done();
      expect([reason, points]).toEqual(["SUCCESS", 11]);

      const { stdout } = await promisify(execFile)(python, ["-c", judge, join(folder, "mosca/data.h5")]);
      const file = JSON.parse(stdout);
      expect(file.shape).toEqual(Array(3).fill([11, 4096]));
      expect(file.units).toEqual(["s", "hertz"]);
      expect(file.measured).toEqual(["xrf_det0", "xrf_det0_iron"]);
      expect(file.dtype).toEqual(Array(3).fill("uint32"));
      expect(file.events).toEqual(file.sums);
      expect(file.rois).toEqual(file.iron);
      const [one, , three] = file.iron as number[][];
      expect(file.half).toEqual(one?.map((count, point) => Math.round(0.5 * count + (three?.[point] ?? 0))));
      const summed = (rows: number[][]) =>
        rows[0]?.map((_, point) => rows.reduce((sum, row) => sum + (row[point] ?? 0), 0));
      expect(file.all).toEqual(summed(file.sums));
      expect(file.two).toEqual(summed([file.iron[0], file.iron[2]]));
      expect(file.zero).toEqual(file.iron[0]);
      // 50,000 photons a second, 20 ms: each point has its own.
      for (const counts of file.sums) {
        expect(new Set(counts).size).toBeGreaterThan(5);
        for (const count of counts) expect(Math.abs(count - 900)).toBeLessThan(200);
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("a gated acquisition gives every point once, in order, and no more", async () => {
    await using world = await moscaWorld({ Detectors: ["2"] });
    await using xrf = await openSpectrometer("xrf", world.trl("a/mosca/1"), { rois: { r: { start: 0, stop: 9 } } });
    const { counters } = xrf;
    expect(xrf.triggers).toEqual(["software", "external", "gate"]);
    expect(counters.map(({ part, name }) => `${part}:${name}`)).toContain("roi:r_det01");
    const prepared = await xrf.prepare({ counters, points: 25, exposure: 0.01, trigger: "gate" }, {});
    expect(Object.keys(prepared.channels)).toEqual(counters.map(({ part, name }) => `${part}:${name}`));
    await xrf.start?.({});
    const firsts: number[] = [];
    let points = 0;
    for await (const block of xrf.data({})) {
      firsts.push(block.first);
      expect(block.first).toBe(points);
      expect(Object.keys(block.values).sort()).toEqual(Object.keys(prepared.channels).sort());
      points += block.points;
    }
    expect(points).toBe(25);
    expect(firsts.length).toBeGreaterThan(1);
    await xrf.stop();
  });
});
