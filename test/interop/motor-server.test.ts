// SPDX-License-Identifier: MIT
// The simulated motor as a facility runs it: a process registered in the real database, started by its launcher, used from
// PyTango of both generations; and without any database.
import { execFile, execFileSync } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { debianPython, describeWith, python } from "../world/peers.ts";
import { freePort } from "../world/ports.ts";
import { run } from "../world/process.ts";
import { tangoStack } from "../world/tango-stack.ts";

const root = join(import.meta.dirname, "../..");
const launcher = join(root, "bin/SimulatedMotor");
const script = join(root, "test/world/motor.py");
const ready = /Ready to accept request/;
const interpreters = { "PyTango 10.3": python, "PyTango 9.3": debianPython };

/** Moves it by 0.25 from a Python client. */
async function drive(interpreter: string, device: string, env: NodeJS.ProcessEnv): Promise<unknown> {
  const { stdout } = await promisify(execFile)(interpreter, [script, device, "0.25"], { env, timeout: 40_000 });
  return JSON.parse(stdout);
}
const moved = {
  states: ["ON", "MOVING", "ON"],
  moved: expect.closeTo(0.25, 6),
  events: ["ON", "MOVING", "ON"],
  class: "SimulatedMotor",
  unit: "mm",
};

describeWith(["DataBaseds on MariaDB", "PyTango 10.3", "PyTango 9.3", "tango_admin"], "on the real database", () => {
  test("comes up under its registered name, moves, says so in events, refuses a second start, unexports at the end", async () => {
    await using stack = await tangoStack({ tangoTest: false });
    const admin = (...args: string[]) => execFileSync("tango_admin", args, { env: stack.env, encoding: "utf8" });
    admin("--add-server", "SimulatedMotor/r1", "SimulatedMotor", "id00/motor/roby");

    await using server = await run(launcher, ["r1"], { env: stack.env, ready });
    for (const interpreter of Object.values(interpreters))
      expect(await drive(interpreter, "id00/motor/roby", stack.env)).toEqual(moved);

    await using second = await run(launcher, ["r1"], { env: stack.env });
    expect(await second.exited).toBe(255);
    expect(second.output()).toContain("This server is already running, exiting!");
    await using unknown = await run(launcher, ["nobody"], { env: stack.env });
    expect(await unknown.exited).toBe(255);
    expect(unknown.output()).toContain("The device server SimulatedMotor/nobody is not defined in database. Exiting!");

    expect(await server.stop()).toBe(0);
    const exported = "import tango; print(tango.Database().get_device_info('id00/motor/roby').exported)";
    expect(execFileSync(python, ["-c", exported], { env: stack.env, encoding: "utf8" }).trim()).toBe("0");
  });
});

describeWith(["PyTango 10.3", "PyTango 9.3"], "without a database", () => {
  test.each(Object.entries(interpreters))("%s drives it by its address", async (_name, interpreter) => {
    const port = await freePort();
    const args = ["t", "-nodb", "-dlist", "a/motor/1", "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
    await using _server = await run(launcher, args, { ready });
    expect(await drive(interpreter, `tango://127.0.0.1:${port}/a/motor/1#dbase=no`, process.env)).toEqual(moved);
  });

  test("a wrong command line ends with status 255 and says what was expected", async () => {
    for (const [args, message] of [
      [[], /usage : {2}SimulatedMotor instance_name/],
      [["t", "-nodb"], /Missing ORB endPoint specification/],
      [
        ["t", "-nodb", "-dlist", "a/b", "-ORBendPoint", "giop:tcp:127.0.0.1:0"],
        /Device name a\/b does not have the correct syntax/,
      ],
      [["t", "-nodb", "-ORBendPoint", "tcp:1"], /giop:tcp:<host>:<port> expected/],
      [["t", "-bogus"], /-bogus is no option of a device server/],
    ] as const) {
      await using server = await run(launcher, args);
      expect(await server.exited).toBe(255);
      expect(server.output()).toMatch(message);
    }
  });
});
