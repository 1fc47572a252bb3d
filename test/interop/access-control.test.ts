// SPDX-License-Identifier: MIT
// Access control on the embedded database: the same calls as on the original, and PyTango clients that are refused and
// let through by it.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { differences, playCalls, recordedCalls } from "../world/database-calls.ts";
import { embeddedDatabase } from "../world/embedded-database.ts";
import { debianPython, describeWith, python } from "../world/peers.ts";
import { run } from "../world/process.ts";

const launcher = join(import.meta.dirname, "../../bin/TangoAccessControl");
const ready = /Ready to accept request/;
const device = "sys/access_control/1";

/** What a client of `interpreter` may do with the test device: its right, and the reason of the first refusal of each kind. */
const client = `import json, tango
test = tango.DeviceProxy("sys/tg_test/1")
def reason(deed):
    try:
        deed()
        return "done"
    except tango.DevFailed as failure:
        return failure.args[0].reason
print(json.dumps({
    "right": str(test.get_access_control()),
    "write": reason(lambda: test.write_attribute("double_scalar_w", 2.5)),
    "command": reason(lambda: test.command_inout("DevLong", 1)),
    "allowed": reason(lambda: test.command_inout("DevVoid")),
    "read": reason(lambda: test.read_attribute("double_scalar")),
}))`;

describeWith(["PyTango 10.3", "PyTango 9.3", "TangoTest"], "TangoAccessControl on the embedded database", () => {
  test("answers as the original did, and survives the database", async () => {
    await using database = await embeddedDatabase();
    await using _control = await run(launcher, ["1", "--file", database.file], { env: database.env, ready });
    const recorded = recordedCalls("access-control");
    const calls = recorded.map(({ call }) => call);
    expect(differences(calls, await playCalls(database.host, calls, { device }), recorded)).toEqual([]);
    const standard = await playCalls(
      database.host,
      [
        ["State", null],
        ["Status", null],
      ],
      { device },
    );
    expect(standard).toEqual([{ reply: expect.anything() }, { reply: "Device is OK" }]);
    await database.crash();
    const after = await playCalls(database.host, [["GetUsers", null]], { device, interpreter: debianPython });
    expect(after).toEqual([{ reply: ["*"] }]);
  });

  test("decides what PyTango clients may do", async () => {
    await using database = await embeddedDatabase();
    const { env } = database;
    await using _control = await run(launcher, ["1", "--file", database.file], { env, ready });
    await using _test = await run("/usr/lib/tango/TangoTest", ["test"], { env, ready });
    const rules = (...calls: Parameters<typeof playCalls>[1]) => playCalls(database.host, calls, { device });
    const ask = async (interpreter: string) =>
      JSON.parse((await promisify(execFile)(interpreter, ["-c", client], { env, timeout: 30_000 })).stdout);
    const everything = { write: "done", command: "done", allowed: "done", read: "done" };
    // The rules of the installation, then one that makes the test device read-only, all but one command.
    await playCalls(database.host, [["DbPutClassProperty", ["TangoTest", "1", "AllowedAccessCmd", "1", "DevVoid"]]]);
    await rules(["RegisterService", null]);
    for (const interpreter of [python, debianPython])
      expect(await ask(interpreter)).toEqual({ ...everything, right: expect.stringMatching(/WRITE/) });
    await rules(
      ["AddDeviceForUser", ["*", "sys/access_control/*", "write"]],
      ["AddDeviceForUser", ["*", "sys/tg_*/*", "read"]],
      ["RemoveDeviceForUser", ["*", "*/*/*", "write"]],
    );
    for (const interpreter of [python, debianPython]) {
      const refused = await ask(interpreter);
      expect(refused).toEqual({
        ...everything,
        right: expect.stringMatching(/READ/),
        write: "API_ReadOnlyMode",
        command: "API_ReadOnlyMode",
      });
    }
    const user = await promisify(execFile)("id", ["-un"]);
    const name = user.stdout.trim().toLowerCase();
    await rules(["AddDeviceForUser", [name, "sys/*/*", "write"]]);
    for (const interpreter of [python, debianPython])
      expect(await ask(interpreter)).toMatchObject({ write: "done", command: "done" });
  });

  test("refuses a database in memory, which it cannot share", async () => {
    const refused = promisify(execFile)(launcher, ["1", "--file", ":memory:"]);
    await expect(refused).rejects.toMatchObject({ code: 255, stderr: expect.stringContaining("give both --file") });
  });
});
