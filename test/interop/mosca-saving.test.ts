// SPDX-License-Identifier: MIT
// The files of the saving device before h5py: layout, compression, and readers that follow while points are taken.
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { mosca } from "../../devices/mosca/mosca.ts";
import { saving } from "../../devices/mosca/saving.ts";
import { gateModes, triggerModes } from "../../devices/mosca/words.ts";
import { moscaClasses } from "../../servers/mosca/classes.ts";
import { connect, type DeviceProxy, startServer } from "../../tango/index.ts";
import { describeWith, python } from "../world/peers.ts";

const tree = `import sys, json, glob, h5py
out = {}
for name in sorted(glob.glob(sys.argv[1] + "/*.h5")):
    with h5py.File(name) as f:
        found = {}
        f.visititems(lambda path, d: found.update({path: [list(d.shape), list(d.maxshape), list(d.chunks), str(d.dtype), d.compression, d[()].sum(axis=1).tolist()]}) if isinstance(d, h5py.Dataset) else None)
        out[name.rsplit("/", 1)[1]] = found
print(json.dumps(out))`;
/** Says how many points there are, each time there are more, until there are as many as wanted. */
const follower = `import sys, time, h5py
path, wanted, deadline = sys.argv[1], int(sys.argv[2]), time.time() + 20
while time.time() < deadline:
    try:
        f = h5py.File(path, "r", libver="latest", swmr=True)
        break
    except OSError:
        time.sleep(0.01)
d, seen = f["spectra_00"], 0
while seen < wanted and time.time() < deadline:
    d.refresh()
    if d.shape[0] > seen:
        seen = d.shape[0]
        print(seen, int((d[:seen].sum(axis=1) > 0).all()), flush=True)
    time.sleep(0.01)`;

interface World extends AsyncDisposable {
  readonly main: DeviceProxy<typeof mosca>;
  readonly files: DeviceProxy<typeof saving>;
  readonly folder: string;
}
async function world(properties: Record<string, unknown> = {}): Promise<World> {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "mosca-saving-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const server = stack.use(
    await startServer({
      server: "Mosca/saving",
      classes: moscaClasses(),
      devices: {
        SimFalconX: { "a/simfalconx/1": { Detectors: 2 } },
        Saving: { "a/saving/1": properties as never },
        Mosca: { "a/mosca/1": {} },
      },
    }),
  );
  const main = stack.use(await connect(mosca, server.trl("a/mosca/1")));
  const files = stack.use(await connect(saving, server.trl("a/saving/1")));
  await files.write("hdf5_directory", folder);
  await files.write("enabled", true);
  const owned = stack.move();
  return { main, files, folder, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}
async function prepare({ main }: World, points: number): Promise<void> {
  await main.write("trigger_mode", triggerModes.indexOf("GATE"));
  await main.write("gate_mode", gateModes.indexOf("HIGH"));
  await main.write("spectrum_size", 512n);
  await main.write("acq_nb_points", BigInt(points));
  await main.write("acq_realtime", 0.005);
  await main.call("prepare_acq");
}
async function ended({ main }: World): Promise<void> {
  for (let turn = 0; turn < 1000; turn++) {
    if ((await main.read("State")) !== "RUNNING") return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error("it did not end within 10 s");
}
async function look(folder: string): Promise<Record<string, Record<string, unknown[]>>> {
  const { stdout } = await promisify(execFile)(python, ["-c", tree, folder]);
  return JSON.parse(stdout);
}
const sums = (spectra: Uint32Array, row: number, from: number, to: number, points: number) =>
  Array.from({ length: to - from }, (_, at) =>
    spectra.subarray((row * points + from + at) * 512, (row * points + from + at + 1) * 512).reduce((a, b) => a + b, 0),
  );

describeWith(["h5py"], "saved files", () => {
  test.each([{}, { Gzip: 3 }, { UseSwmr: true }])(
    "%j: the layout of MOSCA, every point in its place; a resume goes on in the last file",
    async (properties) => {
      await using there = await world(properties);
      const { main, files, folder } = there;
      await files.write("hdf5_file_prefix", "x_");
      await files.write("hdf5_group_path", "entry/mosca");
      await files.write("hdf5_points_per_file", 3n);
      await prepare(there, 4);
      await main.call("start_acq");
      await ended(there);
      await main.call("resume_acq");
      await ended(there);
      const spectra = await main.call("read_spectra", []);
      const dataset = (row: number, from: number, to: number) => [
        ...[[to - from, 512], expect.anything(), [1, 512], "uint32", "Gzip" in properties ? "gzip" : null],
        sums(spectra, row, from, to, 8),
      ];
      const file = (from: number, to: number) => ({
        "entry/mosca/spectra_00": dataset(0, from, to),
        "entry/mosca/spectra_01": dataset(1, from, to),
      });
      expect(await look(folder)).toEqual({
        "x_spectra_0000.h5": file(0, 3),
        "x_spectra_0001.h5": file(3, 6),
        "x_spectra_0002.h5": file(6, 8),
      });
      expect(await main.read("n_saved_points")).toBe(8n);
      await prepare(there, 1);
      await main.call("start_acq");
      await ended(there);
      expect(Object.keys(await look(folder))).toHaveLength(3);
      expect(Object.values((await look(folder))["x_spectra_0000.h5"] ?? {})[0]?.[0]).toEqual([1, 512]);
    },
  );

  test("a reader follows with SWMR while points are taken", async () => {
    await using there = await world({ UseSwmr: true });
    const { main, files, folder } = there;
    expect(await files.read("hdf5_use_swmr")).toBe(true);
    await files.write("hdf5_points_per_file", 1000n);
    await prepare(there, 400);
    await using reader = following(join(folder, "spectra_0000.h5"), 400);
    await main.call("start_acq");
    await ended(there);
    const seen = await reader.lines();
    expect(seen.at(-1)).toBe("400 1");
    expect(seen.length).toBeGreaterThan(2);
    for (const line of seen) expect(line).toMatch(/ 1$/);
  });
});

function following(path: string, points: number) {
  const child = spawn(python, ["-c", follower, path, String(points)], { stdio: ["ignore", "pipe", "inherit"] });
  const text = (async () => {
    let all = "";
    for await (const piece of child.stdout.setEncoding("utf8")) all += piece;
    return all;
  })();
  return {
    lines: async () => (await text).trim().split("\n"),
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.kill()) await once(child, "exit");
    },
  };
}

test.each([-1, 10])("Gzip %i is refused", async (Gzip) => {
  await expect(
    startServer({ server: "Mosca/t", classes: moscaClasses(), devices: { Saving: { "a/saving/1": { Gzip } } } }).then(
      async (server) => {
        await using _server = server;
        await using files = await connect(saving, server.trl("a/saving/1"));
        throw new Error(await files.read("Status"));
      },
    ),
  ).rejects.toThrow(`Gzip must be 0 to 9 (was: ${Gzip})`);
});
