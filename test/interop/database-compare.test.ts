// SPDX-License-Identifier: MIT
// The real DataBaseds with MariaDB and the embedded database side by side: one session of calls on both, what a client
// sees of the device, and contents moved from one to the other and back.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { type DatabaseCall, differences, playCalls, recordedCalls } from "../world/database-calls.ts";
import { embeddedDatabase } from "../world/embedded-database.ts";
import { debianPython, describeWith, python } from "../world/peers.ts";
import { tangoStack } from "../world/tango-stack.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");
const peers = ["PyTango 10.3", "PyTango 9.3", "DataBaseds on MariaDB"] as const;

/** A small facility: every kind of content, and values that are hard to write down. */
const facility: readonly DatabaseCall[] = [
  ["DbAddServer", ["Motor/one", "id00/motor/a", "Motor", "id00/motor/b", "Motor", "id00/group/g", "MotorGroup"]],
  ["DbAddServer", ["Motor/Two", "id00/motor/C", "Motor"]],
  ["DbPutDeviceAlias", ["id00/motor/a", "roby"]],
  ["DbPutServerInfo", ["Motor/one", "hosta", "1", "3"]],
  ["DbPutDeviceProperty", ["id00/motor/a", "4", "Axes", "3", "x", "y y", "", "Text", "1", "a: #b, 'c' \"d\"\n\tz \\",
    "Number", "1", "007", "Flag", "1", "yes"]],
  ["DbPutDeviceProperty", ["dserver/Motor/one", "1", "polling_threads_pool_conf", "1", "id00/motor/a"]],
  ["DbPutDeviceAttributeProperty2", ["id00/motor/a", "2", "Position", "2", "unit", "1", "mm", "values", "2", "1", "2",
    "Velocity", "1", "min_value", "1", "-1e-3"]],
  ["DbPutDevicePipeProperty", ["id00/motor/b", "1", "Trace", "1", "label", "1", "a pipe"]],
  ["DbPutClassProperty", ["Motor", "2", "doc", "2", "first line", "- second", "empty", "1", " "]],
  ["DbPutClassAttributeProperty2", ["Motor", "1", "Position", "1", "format", "1", "%8.4f"]],
  ["DbPutClassPipeProperty", ["Motor", "1", "Trace", "1", "description", "1", "null"]],
  ["DbPutProperty", ["Astor", "2", "KnownTangoHosts", "2", "a:10000", "b:10000", "RloginCmd", "1", "ssh -t"]],
]; // biome-ignore format: one call a line

describeWith(peers, "the real database and the embedded one", () => {
  test.each([python, debianPython])("answer alike to %s", async (interpreter) => {
    await using real = await tangoStack({ tangoTest: false });
    await using embedded = await embeddedDatabase();
    const all = recordedCalls("database").map(({ call }) => call);
    const [theirs = [], ours = []] = await Promise.all(
      [real, embedded].map(({ host }) => playCalls(host, all, { interpreter })),
    );
    expect(ours.length).toBeGreaterThan(600);
    // The first removes a server only Debian's installation has.
    expect(differences(all.slice(1), ours.slice(1), theirs.slice(1))).toEqual([]);
    const device = async ({ env }: { readonly env: NodeJS.ProcessEnv }) =>
      JSON.parse((await run(interpreter, [join(root, "test/world/database-device.py")], { env })).stdout);
    expect(await device(embedded)).toEqual(await device(real));
  });

  test("hold the same after contents went from one to the other and back", async () => {
    await using real = await tangoStack({ tangoTest: false });
    await using embedded = await embeddedDatabase();
    using folder = temporary();
    const database = async (host: string, ...args: string[]) =>
      (await run(join(root, "bin/bandoneon"), ["database", ...args, "--tango-host", host])).stdout;
    const exported = async (host: string, name: string) => {
      const file = join(folder.path, name);
      await database(host, "export", file);
      return { file, text: readFileSync(file, "utf8") };
    };
    expect((await playCalls(real.host, facility)).filter(({ error }) => error)).toEqual([]);

    const before = await exported(real.host, "real.yml");
    expect(before.text).toContain("roby");
    const shown = await database(embedded.host, "import", before.file, "--prune", "--dry-run");
    expect(shown).toContain("id00/motor/a");
    expect((await exported(embedded.host, "dry.yml")).text).not.toContain("roby");
    await database(embedded.host, "import", before.file, "--prune");
    expect((await exported(embedded.host, "embedded.yml")).text).toBe(before.text);
    expect(await database(embedded.host, "import", before.file, "--prune")).toBe("The database holds that already.\n");

    const more: readonly DatabaseCall[] = [
      ["DbDeleteDevice", "id00/motor/b"],
      ["DbAddServer", ["New/x", "id00/new/1", "New"]],
      ["DbPutDeviceProperty", ["id00/new/1", "1", "Host", "1", "icepap"]],
      ["DbPutDeviceProperty", ["id00/motor/a", "1", "Axes", "1", "z"]],
      ["DbDeleteProperty", ["Astor", "1", "RloginCmd"]],
    ];
    expect((await playCalls(embedded.host, more)).filter(({ error }) => error)).toEqual([]);
    const changed = await exported(embedded.host, "changed.yml");
    await database(real.host, "import", changed.file, "--prune");
    expect((await exported(real.host, "back.yml")).text).toBe(changed.text);
    expect(changed.text).not.toBe(before.text);
  });
});

function temporary(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "database-compare-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
