// SPDX-License-Identifier: MIT
// A step scan with every access over Tango: our motors and diode, and an attribute of the C++ TangoTest, all found in a
// database; into a file that h5py judges.
import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openAxis, openCounters } from "../../devices/index.ts";
import {
  ascan,
  ascanct,
  basicPolicy,
  lookupscanct,
  loopscan,
  memorySink,
  Session,
  sinksTogether,
} from "../../scanning/index.ts";
import { connect, controlSystem } from "../../tango/index.ts";
import { nexusSink } from "../../writers/index.ts";
import { embeddedDatabase } from "../world/embedded-database.ts";
import { describeWith, python } from "../world/peers.ts";
import { run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");
const ready = /Ready to accept request/;
const judge = `import sys, json, h5py
with h5py.File(sys.argv[1]) as f:
    m = f["1.1/measurement"]
    print(json.dumps({k: {"data": m[k][()].tolist(), "dtype": str(m[k].dtype), "units": m[k].attrs.get("units")} for k in m}))`;

describeWith(["PyTango 10.3", "TangoTest", "tango_admin", "h5py"], "a scan over Tango", () => {
  test("moves, counts our diode and a C++ device, and is saved as asked", async () => {
    await using database = await embeddedDatabase();
    const { env } = database;
    const folder = mkdtempSync(join(tmpdir(), "scan-over-tango-"));
    try {
      const admin = (...args: string[]) => execFileSync("tango_admin", args, { env });
      admin("--add-server", "SimulatedMotor/s", "SimulatedMotor", "id00/motor/robx");
      admin("--add-server", "SimulatedCounter/s", "SimulatedCounter", "id00/counter/diode");
      admin("--add-property", "id00/counter/diode", "Motors", "id00/motor/robx");
      admin("--add-property", "id00/counter/diode", "Centers", "0.5");
      admin("--add-property", "id00/motor/robx", "Velocity", "100");
      admin("--add-property", "id00/motor/robx", "Acceleration", "5000");
      await using _test = await run("/usr/lib/tango/TangoTest", ["test"], { env, ready });
      await using _motor = await run(join(root, "bin/SimulatedMotor"), ["s"], { env, ready });
      await using _counter = await run(join(root, "bin/SimulatedCounter"), ["s"], { env, ready });

      await using system = controlSystem({ host: database.host });
      await using robx = await openAxis("robx", "id00/motor/robx", { system });
      await using ours = await openCounters("id00/counter/diode", { diode: "Diode", current: "Current" }, { system });
      await using theirs = await openCounters("sys/tg_test/1", { dbl: "double_scalar" }, { system });
      await using writer = await nexusSink();
      const memory = memorySink();
      await using session = new Session({
        name: "test",
        policy: basicPolicy("test", { base_path: folder }),
        sink: sinksTogether(memory, writer),
        objects: [robx, ours.diode, ours.current, theirs.dbl],
      });
      // Elements of a spectrum: the attribute is read once for both.
      const elements = { tenth: { attribute: "double_spectrum", index: 10 }, beyond: { attribute: "double_spectrum", index: 9999 } }; // biome-ignore format: one glance
      const spectrum = Float64Array.from({ length: 12 }, (_, i) => i / 2);
      await (await connect("sys/tg_test/1", { system })).write("double_spectrum", spectrum);
      await using parts = await openCounters("sys/tg_test/1", elements, { system });
      const count = session.start(loopscan(2, 0.001, parts.tenth));
      await count.done();
      expect([...count.data("tenth")]).toEqual([5, 5]);
      await expect(session.start(loopscan(1, 0, parts.beyond)).done()).rejects.toThrow(
        /double_spectrum has 12 elements: there is none with index 9999/,
      );
      const whole = openCounters("sys/tg_test/1", { all: "double_spectrum" }, { system });
      await expect(whole).rejects.toThrow(
        /is a SPECTRUM DevDouble: a counter needs a number \(or a spectrum, and an index\)/,
      );
      await session.resetScanNumber(1);
      rmSync(join(folder, "test"), { recursive: true });

      const scan = session.start(ascan(robx, 0, 1, 20, 0.001, ours.diode, ours.current, theirs.dbl));
      const { reason, points } = await scan.done();
      expect([reason, points]).toEqual(["SUCCESS", 21]);

      const { stdout } = await promisify(execFile)(python, ["-c", judge, join(folder, "test/data.h5")]);
      const file = JSON.parse(stdout);
      const positions = Array.from({ length: 21 }, (_, i) => i / 20);
      expect(file.robx.data.map((x: number) => Math.round(x * 1e6) / 1e6)).toEqual(positions);
      expect(file.robx).toMatchObject({ dtype: "float64", units: "mm" });
      expect(file.diode).toMatchObject({ dtype: "float64", units: "cts/s" });
      expect(file.diode.data).toHaveLength(21);
      expect(Math.max(...file.diode.data)).toBeGreaterThan(700);
      expect(file.dbl.data).toHaveLength(21);
      expect(file.current.units).toBe("mA");
      // The motor is where the scan left it, by a client of its own.
      await using motor = await connect("id00/motor/robx", { system });
      expect(await motor.read("Position")).toBeCloseTo(1, 6);

      const velocity = await motor.read("Velocity");
      await using measured = await openAxis("robx", "id00/motor/robx", { system, encoder: "Measured_Position" });
      const both = session.start(ascan(measured, 0, 0.2, 2, 0.001, ours.diode, { save: false }));
      await both.done();
      for (const [i, at] of [...both.data("encoder:robx_enc")].entries()) expect(at).toBeCloseTo(i / 10, 2);
      const moving = session.start(ascanct(robx, 0, 10, 20, 0.02, ours.diode, theirs.dbl, { save: false }));
      expect(await moving.done()).toMatchObject({ reason: "SUCCESS", points: 21 });
      const passed = [...moving.data("robx")];
      for (const [i, at] of passed.entries()) expect(at).toBeGreaterThan(i / 2 - 0.5);
      expect(await motor.read("Velocity")).toBe(velocity);

      // Not a line: the controller follows the positions by itself.
      const path = Array.from({ length: 21 }, (_, i) => Math.sin(i / 4));
      const curve = session.start(lookupscanct([[robx, path]], 0.03, ours.diode, { save: false }));
      expect(await curve.done()).toMatchObject({ reason: "SUCCESS", points: 21 });
      for (const at of curve.data("robx")) expect(Math.abs(at)).toBeLessThan(1.3);
      expect(Math.max(...curve.data("robx"))).toBeGreaterThan(0.5);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
