// SPDX-License-Identifier: MIT
// The embedded database as the only one of a control system: C++ and TypeScript servers register on it, PyTango of both
// generations and tango_admin use it, and what it acknowledged survives kill -9.
import { execFile, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type EmbeddedDatabase, embeddedDatabase } from "../world/embedded-database.ts";
import { debianPython, describeWith, python } from "../world/peers.ts";
import { delay, run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");
const ready = /Ready to accept request/;
const ask = async (interpreter: string, script: string, { env }: EmbeddedDatabase) =>
  JSON.parse((await promisify(execFile)(interpreter, ["-c", script], { env, timeout: 30_000 })).stdout);

test.each(["DataBaseds", "TangoAccessControl"])("%s says in one line what it cannot open", async (name) => {
  const launcher = join(root, "bin", name);
  for (const [args, said] of [
    [["2", "--file"], "--file needs a value\n"],
    [["2", "--file", root], `cannot open the database file ${root}: unable to open database file\n`],
  ] as const)
    await expect(promisify(execFile)(launcher, args)).rejects.toMatchObject({ code: 255, stderr: said });
});

describeWith(["PyTango 10.3", "PyTango 9.3", "TangoTest", "tango_admin"], "the embedded database", () => {
  test("serves C++ and TypeScript servers to clients of both generations", async () => {
    await using database = await embeddedDatabase();
    const { env } = database;
    execFileSync("tango_admin", ["--ping-database", "5"], { env });
    execFileSync("tango_admin", ["--add-server", "SimulatedMotor/m", "SimulatedMotor", "id00/motor/roby"], { env });
    await using _test = await run("/usr/lib/tango/TangoTest", ["test"], { env, ready });
    await using _motor = await run(join(root, "bin/SimulatedMotor"), ["m"], { env, ready });
    for (const interpreter of [python, debianPython]) {
      const answer = await ask(
        interpreter,
        `import json, tango
db = tango.Database()
db.put_device_property("id00/motor/roby", {"Names": ["a", "b c"]})
test = tango.DeviceProxy("sys/tg_test/1"); motor = tango.DeviceProxy("id00/motor/roby"); own = tango.DeviceProxy("sys/database/2")
test.write_attribute("long_scalar_w", 42)
print(json.dumps({
  "exported": sorted(db.get_device_exported("*")), "property": list(db.get_device_property("id00/motor/roby", "Names")["Names"]),
  "written": test.read_attribute("long_scalar_w").w_value, "position": motor.read_attribute("Position").value,
  "own": [str(own.state()), own.status(), own.info().dev_class, own.read_attribute("StoredProcedureRelease").value],
  "missing": list(tango.Database().get_device_property("no/such/device", "x")["x"]),
}))`,
        database,
      );
      expect(answer).toEqual({
        exported: [
          "dserver/DataBaseds/2", "dserver/SimulatedMotor/m", "dserver/TangoTest/test",
          "id00/motor/roby", "sys/database/2", "sys/tg_test/1",
        ], // biome-ignore format: a list
        property: ["a", "b c"],
        written: 42,
        position: 0,
        own: ["ON", "Device is OK", "DataBase", "release 1.13"],
        missing: [],
      });
    }
  });

  test.each([python, debianPython])("keeps what servers of %s memorise, over restarts of both", async (interpreter) => {
    await using database = await embeddedDatabase();
    const { env } = database;
    execFileSync("tango_admin", ["--add-server", "Memorizing/m", "Memorizing", "a/b/1"], { env });
    const server = () => run(interpreter, [join(root, "test/world/memorizing.py"), "m"], { env, ready });
    const told = `import json, tango
device = tango.DeviceProxy("a/b/1")
print(json.dumps([device.read_attribute("threshold").value, device.command_inout("Recall"),
  sorted(tango.Database().get_device_exported("a/b/*")),
  list(tango.Database().get_device_attribute_property("a/b/1", "threshold")["threshold"]["__value"])]))`;
    {
      await using _first = await server();
      await ask(
        interpreter,
        `import tango
device = tango.DeviceProxy("a/b/1")
device.write_attribute("threshold", 2.5)
device.command_inout("Remember", "icepap")
device.command_inout("Make", "a/b/2")
tango.DeviceProxy("a/b/2").write_attribute("threshold", 7)
device.command_inout("Make", "a/b/3")
device.command_inout("Unmake", "a/b/3")
device.init()
print(0)`,
        database,
      );
      expect(await ask(interpreter, told, database)).toEqual([2.5, "icepap", ["a/b/1", "a/b/2"], ["2.5"]]);
    }
    await database.crash();
    await using _second = await server();
    expect(await ask(interpreter, told, database)).toEqual([2.5, "icepap", ["a/b/1", "a/b/2"], ["2.5"]]);
    const other = `import tango; print(tango.DeviceProxy("a/b/2").read_attribute("threshold").value)`;
    expect(await ask(interpreter, other, database)).toBe(7);
  });

  test("keeps every acknowledged write over kill -9 in the middle of writes", async () => {
    await using database = await embeddedDatabase();
    const writer = `import sys, tango
db = tango.Database()
for i in range(int(sys.argv[1]), 100000):
    db.put_property("crash", {"p%d" % i: [str(i)]})
    print(i, flush=True)`;
    let next = 0;
    for (const wait of [150, 40, 90]) {
      const child = spawn(python, ["-c", writer, String(next)], {
        env: database.env,
        stdio: ["ignore", "pipe", "ignore"],
      });
      const closed = once(child, "close");
      let acknowledged = next - 1;
      child.stdout.setEncoding("utf8").on("data", (text: string) => {
        const last = text.trimEnd().split("\n").at(-1);
        if (last) acknowledged = Number(last);
      });
      await once(child.stdout, "data");
      await delay(wait);
      await database.crash();
      child.kill("SIGKILL");
      await closed;
      const found = await ask(
        python,
        `import json, tango
db = tango.Database(); names = ["p%d" % i for i in range(${acknowledged + 1})]
got = db.get_property("crash", names)
print(json.dumps([name for name in names if list(got[name]) != [name[1:]]]))`,
        database,
      );
      expect(found).toEqual([]);
      expect(acknowledged).toBeGreaterThanOrEqual(next);
      next = acknowledged + 1;
    }
  });
});
