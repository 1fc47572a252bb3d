// SPDX-License-Identifier: MIT
// Servers without a database and with a property file: what was recorded on cppTango servers, asked of ours. What ours writes
// into such a file a C++ server reads, and the other way round.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { recordedCases } from "../world/behaviour/records.ts";
import { describeWith, python } from "../world/peers.ts";
import { freePort } from "../world/ports.ts";
import { run } from "../world/process.ts";
import { type PyTangoClient, pyTangoClient } from "../world/pytango.ts";

const ours = join(import.meta.dirname, "../../bin/TangoTest");
const ready = /Ready to accept request/;
const observed = (line: number) => recordedCases()[line - 1]?.observed;
const endpoint = (port: number) => ["-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];

describeWith(["PyTango 10.3"], "recorded without a database", () => {
  const folder = mkdtempSync(join(tmpdir(), "recorded-nodb-"));
  let client: PyTangoClient;
  beforeAll(async () => {
    client = await pyTangoClient("PyTango 10.3");
  });
  afterAll(async () => {
    await client?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test.each([1325, 1338])("line %d: the devices of -dlist, and the admin device", async (line) => {
    const [devices] = observed(line) as [readonly (readonly string[])[], unknown];
    const port = await freePort();
    await using _server = await run(ours, ["nd", "-nodb", "-dlist", "a/b/c,d/e/f", ...endpoint(port)], { ready });
    const seen = await client.py(`
      devices = [tango.DeviceProxy(f"tango://127.0.0.1:${port}/{name}#dbase=no") for name in ("a/b/c", "d/e/f")]
      [[d.adm_name(), d.name()] for d in devices]
    `);
    // The state is that of the recording's class; the server's name is its program's.
    const expected = devices.map(([, admin = "", name]) => [
      admin.replace(/:\d+\/dserver\/\w+/, `:${port}/dserver/TangoTest`),
      name,
    ]);
    expect(seen).toEqual(expected);
  });

  // There it has a device NoName, which nobody can name; here it has none.
  test("line 1326: without -dlist there is the admin device", async () => {
    const [[refused, admin]] = observed(1326) as [[{ exc: [[string]] }, [string, string, string]]];
    const port = await freePort();
    await using _server = await run(ours, ["nd", "-nodb", ...endpoint(port)], { ready });
    const place = `tango://127.0.0.1:${port}`;
    expect(await client.py(`errors_of(lambda: tango.DeviceProxy("${place}/NoName#dbase=no"))[0][0]`)).toBe(
      refused.exc[0][0],
    );
    const seen = await client.py(`
      a = tango.DeviceProxy("${place}/dserver/TangoTest/nd#dbase=no")
      [str(a.state()), a.name(), list(a.QueryDevice())]
    `);
    expect(seen).toEqual([admin[0], admin[2].replace("BhC", "TangoTest"), []]);
  });

  /** The recorded file under the names of this test, with what it sets. */
  const recordedFile = String(observed(1345))
    .replaceAll("BhDev", "TangoTest")
    .replace("bh10/fl", "TangoTest/fl")
    .replace(/^ +(?="bh)/m, " ".repeat("TangoTest/fl/DEVICE/TangoTest: ".length))
    .replaceAll("/p->", "/double_scalar->")
    .replace("polled_attr: p,", "polled_attr: double_scalar,")
    .replace("unit: V\n", "unit: mV\nbh/file/1/double_scalar->min_value: -5\n");
  const before = `TangoTest/fl/DEVICE/TangoTest: "bh/file/1",\\
 "bh/file/2"
CLASS/TangoTest->clsprop: "from class"
bh/file/1->devprop: "hello, world"
bh/file/1->devarr: 4,\\
5
bh/file/1->polled_attr: double_scalar,\\
1000
bh/file/1/double_scalar->label: "File Label"
bh/file/1/double_scalar->unit: V
`;
  const set = `
    def configure(port, unit, minimum):
        d = tango.DeviceProxy(f"tango://127.0.0.1:{port}/bh/file/1#dbase=no")
        until(lambda: d.ping() > 0)
        c = d.get_attribute_config("double_scalar")
        told = [c.label, c.unit, c.min_value, d.get_attribute_poll_period("double_scalar")]
        c.unit, c.min_value = unit, minimum
        d.set_attribute_config(c)
        return told
  `;

  test("line 1345: the file is laid out as a C++ server does it; each reads what the other has written", async () => {
    const file = join(folder, "properties");
    writeFileSync(file, before);
    await client.py(set);
    const told: unknown[] = [];
    // C++ TangoTest has pipes, for which it cannot read a file: PyTango's server, which is cppTango 10, stands for it.
    const peer = [python, join(import.meta.dirname, "../world/everything.py")] as const;
    const turn = async ([program, ...args]: readonly string[], unit: string, minimum: string) => {
      const port = await freePort();
      const name = program === ours ? "TangoTest" : "Everything";
      writeFileSync(file, readFileSync(file, "utf8").replaceAll(/\b(TangoTest|Everything)\b/g, name));
      await using _server = await run(program ?? "", [...args, "fl", `-file=${file}`, ...endpoint(port)], { ready });
      told.push(await client.py(`configure(${port}, "${unit}", "${minimum}")`));
    };
    await turn([ours], "mV", "-5");
    expect(readFileSync(file, "utf8")).toBe(recordedFile);
    await turn(peer, "V", "1");
    await turn([ours], "a,b/c", "-1e-3");
    await turn(peer, "-", "1");
    expect(told).toEqual([
      ["File Label", "V", "Not specified", 1000],
      ["File Label", "mV", "-5", 1000],
      ["File Label", "V", "1", 1000],
      ["File Label", "a,b/c", "-1e-3", 1000],
    ]);
  });

  test.each([1346])("line %d: a file that is not there", async (line) => {
    const [, [said = ""]] = observed(line) as [string, string[]];
    await using server = await run(ours, ["fl", `-file=${join(folder, "missing")}`, ...endpoint(await freePort())]);
    expect(await server.exited).toBe(255);
    expect(server.output().replaceAll(join(folder, "missing"), "<path>")).toContain(said);
  });
});
