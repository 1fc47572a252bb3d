// SPDX-License-Identifier: MIT
// The simulated motor driven from ophyd-async, which learns attributes and commands from the device itself.
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { describeWith, ophydPython } from "../world/peers.ts";
import { freePort } from "../world/ports.ts";
import { run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");

describeWith(["ophyd-async"], "ophyd-async", () => {
  test("connects, sets velocity and position, sees MOVING then ON, stops", async () => {
    const port = await freePort();
    const args = ["t", "-nodb", "-dlist", "a/motor/1", "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
    await using _server = await run(join(root, "bin/SimulatedMotor"), args, { ready: /Ready to accept request/ });
    const script = join(root, "test/world/ophyd-motor.py");
    const { stdout } = await promisify(execFile)(
      ophydPython,
      [script, `tango://127.0.0.1:${port}/a/motor/1#dbase=no`],
      {
        timeout: 40_000,
      },
    );
    const [answer = ""] = stdout.split("\n").filter((line) => line.startsWith("{"));
    expect(JSON.parse(answer)).toEqual({ start: 0, states: ["MOVING", "ON"], end: 0.5, velocity: 5 });
  });
});
