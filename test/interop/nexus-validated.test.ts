// SPDX-License-Identifier: MIT
// Programs that know NeXus on our files: nxvalidate and punx check them against the definitions, nexusformat and silx find
// what to plot. What they object to in BLISS's layout, which others read by path, is listed here.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { nexusSink } from "../../writers/index.ts";
import { describeWith, nexusPython } from "../world/peers.ts";
import { recordedScans, replayScans } from "../world/recorded-scans.ts";

type Plot = readonly [signal: string, shape: readonly number[], axes: readonly string[]] | null;
interface Verdict {
  readonly errors: readonly (readonly [who: string, path: string, text: string])[];
  readonly plots: Readonly<Record<string, { readonly nexusformat: Plot; readonly silx: Plot }>>;
}

/** Recordings with everything a file may have, and what is to be plotted of their first entry. */
const scans: Readonly<Record<string, Plot>> = {
  ascan: null,
  ascan_options: null,
  timescan: null,
  comment: null,
  lima_ascan_roi: null,
  mca: null,
  plotselect: ["diodec", [3], ["robx"]],
  plotselect_two: ["det2", [3], ["robx"]],
  plotselect_loopscan: ["det1", [3], ["elapsed_time"]],
  plotselect_amesh: ["det1", [4, 3], ["roby", "robx"]],
  plotselect_amesh_backnforth: ["det1", [4, 3], ["roby", "robx"]],
};

/** Objections to what BLISS writes, and we as well. */
const layoutOfBliss: readonly RegExp[] = [
  // An entry is called 1.1; names that begin with a digit are allowed since NeXus 2022, which punx does not know yet.
  /^punx \/\d+\.1 validItemName: valid HDF5 item name, not valid with NeXus$/,
  /^nxvalidate \S+ NXslit is an invalid class in NXinstrument$/,
  /^nxvalidate \S+ notes should have a class of NXnote, not NXcollection$/,
];
/** nexusformat takes each source of a virtual dataset for one row; a line that ran back has one for each point. */
const countsSources = "plotselect_amesh_backnforth";

describeWith(["NeXus"], "programs that know NeXus", () => {
  const folder = mkdtempSync(join(tmpdir(), "bandoneon-nexus-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const files = new Map<string, string>();
  let verdicts: Record<string, Verdict>;

  beforeAll(async () => {
    {
      await using sink = await nexusSink({ room: { reserve: 0, period: 100 } });
      for (const name of Object.keys(scans)) {
        const recorded = recordedScans(name, join(folder, name));
        await replayScans(sink, recorded);
        files.set(name, String(recorded[0]?.created.identity.path));
      }
    }
    const program = join(import.meta.dirname, "../world/nexus-check.py");
    const { stdout } = await promisify(execFile)(nexusPython, [program, ...files.values()], { maxBuffer: 16 << 20 });
    verdicts = JSON.parse(stdout);
  }, 120_000);

  describe.each(Object.entries(scans))("%s", (name, plot) => {
    const verdict = () => verdicts[files.get(name) ?? ""] ?? expect.fail(`nothing was said of ${name}`);
    test("breaks no rule", () => {
      const said = verdict().errors.map((error) => error.join(" "));
      const others = said.filter((line) => !layoutOfBliss.some((known) => known.test(line)));
      const expected = name === countsSources ? [expect.stringMatching(/^nxvalidate .* Axis "roby" size/)] : [];
      expect(others).toEqual(expected);
    });
    test("is plotted", () => {
      const { nexusformat, silx } = Object.values(verdict().plots)[0] ?? expect.fail(`${name} has no entry`);
      expect(silx).toEqual(plot);
      if (name !== countsSources) expect(nexusformat).toEqual(plot);
    });
  });
});
