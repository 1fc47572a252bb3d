// SPDX-License-Identifier: MIT
// The BlissWriter device, used as BLISS uses it: the real blissdata publishes, PyTango does the handshake, h5py reads the
// file. Killed in the middle of a scan it goes on where it was.
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openScanWriter } from "../../devices/index.ts";
import { controlSystem } from "../../tango/index.ts";
import { numeric, openDataStore, savedBy, streamSink } from "../../writers/index.ts";
import { type EmbeddedDatabase, embeddedDatabase } from "../world/embedded-database.ts";
import { embeddedStore } from "../world/embedded-store.ts";
import { describeWith, python } from "../world/peers.ts";
import { delay, run } from "../world/process.ts";
import { recordedScans } from "../world/recorded-scans.ts";

const root = join(import.meta.dirname, "../..");
const script = (name: string) => join(root, `test/world/${name}.py`);
const device = "id00/blisswriter/demo";
const ready = /Ready to accept request/;
const launch = (database: EmbeddedDatabase) =>
  run(join(root, "bin/BlissWriter"), ["demo"], { env: database.env, ready });

/** A database that knows the device, a data stream, a folder for files. */
async function world(adapter: string) {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "bandoneon-writer-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const database = stack.use(await embeddedDatabase());
  const server = stack.use(await embeddedStore());
  const store = stack.use(await openDataStore(server.url, { init: true }));
  const admin = (...args: string[]) => execFileSync("tango_admin", args, { env: database.env });
  admin("--add-server", "BlissWriter/demo", "BlissWriter", device);
  admin("--add-property", device, "redis_url", server.url);
  admin("--add-property", device, "hdf5", adapter);
  const owned = stack.move();
  return { folder, database, server, store, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const dump = `import sys, json, h5py
with h5py.File(sys.argv[1]) as f:
    m = f["1.1/measurement"]
    print(json.dumps({
        "values": {k: m[k][()].view(float).tolist() if m[k].dtype.kind == "c" else m[k][()].tolist() for k in m},
        "dtypes": {k: m[k].dtype.str for k in m}, "units": m["diode"].attrs.get("units"),
        "entry": sorted(f["1.1"]), "end": f["1.1"]["end_reason"][()].decode() if "end_reason" in f["1.1"] else None}))`;
const fileOf = async (path: string) =>
  JSON.parse((await promisify(execFile)(python, ["-c", dump, path], { maxBuffer: 16 << 20 })).stdout);

describeWith(["blissdata", "PyTango 10.3", "h5py", "tango_admin"], "BlissWriter", () => {
  test.each(["libhdf5", "h5wasm"])("with %s writes what BLISS asks for", async (adapter) => {
    await using here = await world(adapter);
    await using _server = await launch(here.database);
    const file = join(here.folder, "new/data.h5");
    const { stdout } = await promisify(execFile)(
      python,
      [script("blissdata-saved"), `${here.server.url}?protocol=2`, file, device, "50", "0.005"],
      { env: here.database.env, timeout: 60_000 },
    );
    const answers = JSON.parse(stdout);
    expect(answers).toEqual({
      ...{ state: "ON", unknown: "UNKNOWN", wrong: false, asked: true, again: true, running: "ON", ended: "OFF" },
      ...{ reason: "Complete", warnings: 0, points: 50, key: answers.key, active: [answers.key] },
    });
    const points = Array.from({ length: 50 }, (_, index) => index);
    const { values, dtypes, ...rest } = await fileOf(file);
    expect(rest).toEqual({ units: "V", entry: ["end_reason", "measurement", "title"], end: "SUCCESS" });
    expect(values.diode).toEqual(points.map((i) => i / 8));
    expect(values.link).toEqual(values.diode);
    expect(values.mca).toEqual(points.map((i) => Array.from({ length: 16 }, () => i)));
    expect(values.flag.map(Number)).toEqual(points.map((i) => i % 2));
    expect(values.wave.flat()).toEqual(points.flatMap((i) => [i, 0 - i]));
    expect(values.ragged).toEqual(points.map((i) => [0, 1, 2, 3].map((j) => (j <= i % 4 ? j : 0))));
    expect(dtypes).toMatchObject({ diode: "<f8", mca: "<u2", wave: "<c16", ragged: "<i4" });
  });

  test("is who our scans wait for: their file is complete when they end, and they are refused when it is stopped", async () => {
    await using here = await world("libhdf5");
    await using _server = await launch(here.database);
    await using system = controlSystem({ host: String(here.database.env.TANGO_HOST) });
    await using writer = await openScanWriter(device, { system });
    const warnings: string[] = [];
    const sink = savedBy(writer, streamSink(here.store), { warn: (message) => warnings.push(message) });
    const [recorded] = recordedScans("ascan", here.folder);
    if (!recorded) throw new Error("no recording");
    const { created, events } = recorded;
    {
      await using scan = await sink.open(created);
      await scan.write(events);
    }
    const look = "import sys, h5py; print(h5py.File(sys.argv[1])[sys.argv[2]][()].decode())";
    const status = [String(created.identity.path), `${created.identity.number}.1/writer/status`];
    const { stdout } = await promisify(execFile)(python, ["-c", look, ...status]);
    expect([stdout.trim(), warnings]).toEqual(["SUCCEEDED", []]);

    execFileSync(python, ["-c", "import tango, sys; tango.DeviceProxy(sys.argv[1]).Stop()", device], {
      env: here.database.env,
    });
    await expect(sink.open(created)).rejects.toThrow(/id00\/blisswriter\/demo is OFF: Stopped.*Call its Start/);
  });

  test.each(["libhdf5", "h5wasm"])(
    "with %s killed in a scan, goes on without losing or doubling a point",
    async (adapter) => {
      await using here = await world(adapter);
      const file = join(here.folder, "data.h5");
      const { store, database } = here;
      const stream = (name: string) => ({ type: "stream", stream: name });
      const maps = (more: object) => ({
        [file]: {
          type: "group",
          children: {
            "1.1": {
              type: "group",
              children: {
                title: "ascan",
                ...more,
                measurement: { type: "group", children: { diode: stream("diode"), mca: stream("mca") } },
              },
            },
          },
        },
      });
      const status = (text: string) => ({ writer: { type: "group", children: { status: text } } });
      let server = await launch(database);
      const identity = { name: "ascan", number: 1, data_policy: "None", path: file };
      await using scan = await store.createScan(identity, { save: true, title: "ascan" });
      const diode = scan.createStream("diode", numeric("float64"));
      const mca = scan.createStream("mca", numeric("uint32", { shape: [8] }));
      await scan.prepare({ save: true, title: "ascan", h5maps: maps(status("RUNNING")) });
      execFileSync("tango_admin", ["--ping-device", device], { env: database.env });
      const ask = "import tango, sys; print(tango.DeviceProxy(sys.argv[1]).SaveScan(sys.argv[2]))";
      execFileSync(python, ["-c", ask, device, scan.key], { env: database.env });
      await scan.start();
      let points = 0;
      const publish = async (more: number) => {
        for (const end = points + more; points < end; points++) {
          diode.send(points);
          mca.send(new Uint32Array(8).fill(points));
          if (points % 10 === 0) await delay(10);
        }
        await scan.flush();
      };
      // Three kills at moments that differ from run to run.
      for (let kill = 0; kill < 3; kill++) {
        await publish(300 + Math.floor(400 * Math.random()));
        await server.stop("SIGKILL");
        await publish(50);
        server = await launch(database);
      }
      await using _last = server;
      await publish(100);
      await scan.stop();
      await scan.close({ save: true, title: "ascan", h5maps: maps({ ...status("SUCCEEDED"), end_reason: "SUCCESS" }) });
      const wait = `import tango, sys, time
w = tango.DeviceProxy(sys.argv[1])
end = time.time() + 20
while time.time() < end and str(w.scan_state(sys.argv[2])) in ("ON", "INIT"): time.sleep(0.05)
print(w.scan_state(sys.argv[2]), w.scan_state_reason(sys.argv[2]), list(w.Warnings))`;
      const said = execFileSync(python, ["-c", wait, device, scan.key], { env: database.env, encoding: "utf8" });
      expect(said.trim()).toBe("OFF Complete []");
      const { values, end } = await fileOf(file);
      const all = Array.from({ length: points }, (_, index) => index);
      expect(values.diode).toEqual(all);
      expect(values.mca).toEqual(all.map((i) => Array.from({ length: 8 }, () => i)));
      expect(end).toBe("SUCCESS");
    },
  );
});
