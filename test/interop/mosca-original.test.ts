// SPDX-License-Identifier: MIT
// Our handle on the server of MOSCA's authors, registered in our database: a step scan, a gated acquisition.
import { describe, expect, test } from "vitest";
import { openSpectrometer } from "../../devices/spectrum.ts";
import { ascan, memorySink, softAxis } from "../../scanning/index.ts";
import { originalMosca, originalMoscaMissing } from "../world/original-mosca.ts";
import { describeWith } from "../world/peers.ts";

if (originalMoscaMissing && process.env.CI) throw new Error(`the original MOSCA ${originalMoscaMissing}`);
if (originalMoscaMissing) console.log(`skipped: the original MOSCA ${originalMoscaMissing}`);

(originalMoscaMissing ? describe.skip : describe)("the original MOSCA", () => {
  describeWith(["tango_admin"], "in our database", () => {
    test("is scanned point by point, and gated", { timeout: 60_000 }, async () => {
      await using server = await originalMosca();
      const rois = {
        each: { start: 10, stop: 19 },
        zero: { start: 10, stop: 19, detectors: [0] },
        all: { start: 10, stop: 19, sum: true },
      };
      await using xrf = await openSpectrometer("xrf", server.device, { host: server.host, rois });
      const memory = memorySink();
      await using run = ascan(softAxis("sx"), 0, 1, 4, 0.02, xrf).start({ sink: memory });
      expect(await run.done()).toMatchObject({ reason: "SUCCESS", points: 5 });

      const { counters } = xrf;
      await xrf.prepare({ counters, points: 20, exposure: 0.01, trigger: "gate" }, {});
      await xrf.start?.({});
      let points = 0;
      for await (const { values, points: more, first } of xrf.data({})) {
        expect(first).toBe(points);
        points += more;
        const number = (key: string) => Array.from(values[key] as BigInt64Array, Number);
        const each = Array.from({ length: 8 }, (_, id) => number(`roi:each_det0${id}`));
        // Its simulator counts 1 to 99 in every channel.
        for (const sums of each) for (const sum of sums) expect(sum).toBeGreaterThanOrEqual(10);
        expect(number("roi:zero_det00")).toEqual(each[0]);
        expect(number("roi:all_sum_all")).toEqual(
          each[0]?.map((_, point) => each.reduce((sum, row) => sum + (row[point] ?? 0), 0)),
        );
      }
      expect(points).toBe(20);
      await xrf.stop();
    });
  });
});
