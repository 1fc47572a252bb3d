// SPDX-License-Identifier: MIT
// The simulated motor driven from ophyd-async, which learns attributes and commands from the device itself, and by
// bluesky's RunEngine with the Motor of docs/how-to/use-motors-from-bluesky.md.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { describeWith, ophydPython } from "../world/peers.ts";
import { freePort } from "../world/ports.ts";
import { run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");

/** Serves a/motor/1 with a limit switch at 5 and a limit at 50. */
async function motor() {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "bandoneon-ophyd-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "motor.db");
  const properties = "a/motor/1->HighSwitch: 5\na/motor/1->HighLimit: 50\n";
  writeFileSync(file, `SimulatedMotor/t/DEVICE/SimulatedMotor: "a/motor/1"\n${properties}`);
  const port = await freePort();
  const args = ["t", `-file=${file}`, "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
  stack.use(await run(join(root, "bin/SimulatedMotor"), args, { ready: /Ready to accept request/ }));
  const owned = stack.move();
  return {
    ...{ folder, trl: `tango://127.0.0.1:${port}/a/motor/1#dbase=no` },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The one line of JSON that a script of test/world prints. */
async function answerOf(script: string, trl: string, cwd = root): Promise<unknown> {
  const args = [join(root, "test/world", script), trl];
  const { stdout } = await promisify(execFile)(ophydPython, args, { cwd, timeout: 60_000 });
  const [answer = ""] = stdout.split("\n").filter((line) => line.startsWith("{"));
  return JSON.parse(answer);
}

describeWith(["ophyd-async"], "ophyd-async", () => {
  test("connects, sets velocity and position, sees MOVING then ON, stops", async () => {
    await using served = await motor();
    expect(await answerOf("ophyd-motor.py", served.trl)).toEqual({
      ...{ start: 0, states: ["MOVING", "ON"], end: 0.5, velocity: 5 },
    });
  });

  test("bluesky scans the page's Motor, and is told why a move was refused or ended elsewhere", async () => {
    const page = readFileSync(join(root, "docs/how-to/use-motors-from-bluesky.md"), "utf8");
    const [, code = ""] = /```python motor.py\n([\s\S]*?)```/.exec(page) ?? [];
    await using served = await motor();
    writeFileSync(join(served.folder, "motor.py"), code);
    expect(await answerOf("bluesky-motor.py", served.trl, served.folder)).toEqual({
      scan: [0, 0.25, 0.5, 0.75, 1],
      velocity: 10,
      beyond: expect.stringMatching(/above the maximum/),
      switch: "Moving to 7 mm: stopped by the high limit switch at 5 mm",
      rests: 5,
    });
  });
});
