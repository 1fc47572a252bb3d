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
import { pyTangoClient } from "../world/pytango.ts";
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

describeWith(["DataBaseds on MariaDB", "PyTango 10.3", "tango_admin"], "told to PyTango", () => {
  test("each change is an event, limits are the attribute's configuration, and what was set is there after a restart", async () => {
    await using stack = await tangoStack({ tangoTest: false });
    execFileSync("tango_admin", ["--add-server", "SimulatedMotor/r2", "SimulatedMotor", "id00/motor/robz"], {
      env: stack.env,
    });
    await using client = await pyTangoClient("PyTango 10.3", stack.env);
    {
      await using server = await run(launcher, ["r2"], { env: stack.env, ready });
      await client.py(`
        import time, tango
        m = tango.DeviceProxy("id00/motor/robz")
        heard = {}
        def seen(event):
            if event.err: return
            conf = getattr(event, "attr_conf", None)
            name = "conf" if conf is not None else event.attr_value.name.lower()
            value = [conf.min_value, conf.max_value] if conf is not None else event.attr_value.value
            heard.setdefault(name, []).append(list(value) if hasattr(value, "__len__") else value)
        change, conf = tango.EventType.CHANGE_EVENT, tango.EventType.ATTR_CONF_EVENT
        names = ["Position", "DialPosition", "Measured_Position", "State", "Velocity", "Limits", "Offset", "Target"]
        kept = [m.subscribe_event(name, change, seen) for name in names]
        kept.append(m.subscribe_event("Position", conf, seen))
        def until(holds, seconds=10):
            end = time.time() + seconds
            while not holds() and time.time() < end: time.sleep(0.005)
            return holds()
        until(lambda: len(heard) == 9)
      `);
      await client.py(`m.Velocity = 20; m.Limits = [-3, 8]; m.Backlash = 0.5; m.Offset = 1; m.Position = 2`);
      expect(
        await client.py(`until(lambda: heard["position"][-1] == 2 and heard["state"][-1] == tango.DevState.ON)`),
      ).toBe(true);
      expect(
        await client.py(`[heard["velocity"][-1], heard["limits"][-1], heard["offset"][-1], heard["target"][-1]]`),
      ).toEqual([20, [-2, 9], 1, 2]);
      expect(await client.py(`until(lambda: [float(limit) for limit in heard["conf"][-1]] == [-2, 9])`)).toBe(true);
      expect(
        await client.py(`[heard["dialposition"][-1], str(heard["state"][-2]), len(heard["position"]) > 2]`),
      ).toEqual([1, "MOVING", true]);
      // What panels show as the set point follows moves that are not writes.
      await client.py(`m.MoveRelative(0.5)`);
      expect(
        await client.py(`until(lambda: m.state() == tango.DevState.ON) and m.read_attribute("Position").w_value`),
      ).toBe(2.5);
      expect(await server.stop()).toBe(0);
    }
    await using _again = await run(launcher, ["r2"], { env: stack.env, ready });
    expect(
      await client.py(
        `until(lambda: m.ping() > 0) and [m.Velocity, list(m.Limits), m.Backlash, m.Position, m.DialPosition]`,
      ),
    ).toEqual([20, [-2, 9], 0.5, 2.5, 1.5]);
    await expect(client.py(`m.Position = 9.5`)).rejects.toThrow(/API_WAttrOutsideLimit/);
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
