// SPDX-License-Identifier: MIT
// The simulated motor as the users of other systems meet it: BLISS's `tango_attr_as_motor`, Sardana's Pool, Taurus' models.
// They find devices in a Tango database only.
import { execFile } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { connect, controlSystem } from "../../tango/index.ts";
import { bliss } from "../world/bliss.ts";
import { embeddedDatabase } from "../world/embedded-database.ts";
import { blissFolder, describeWith, sardanaFolder, taurusPython } from "../world/peers.ts";
import { run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");
const script = (name: string) => join(root, "test/world", name);

/** A database with the motor id00/motor/robx, limits -5 and 5, and its server. */
async function robx() {
  await using stack = new AsyncDisposableStack();
  const { host, env } = stack.use(await embeddedDatabase());
  const database = stack.use(controlSystem({ host })).database();
  await database.addServer("SimulatedMotor/c", [{ device: "id00/motor/robx", class: "SimulatedMotor" }]);
  await database.deviceProperties("id00/motor/robx").write({ LowLimit: ["-5"], HighLimit: ["5"] });
  stack.use(await run(join(root, "bin/SimulatedMotor"), ["c"], { env, ready: /Ready to accept request/ }));
  const owned = stack.move();
  return { host, env, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function answerOf(python: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<unknown> {
  const { stdout } = await promisify(execFile)(python, args, { env, timeout: 60_000 });
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}

describeWith(["BLISS", "Redis Stack"], "BLISS", () => {
  test("moves, stops and jogs it, knows its limits and speed, and sees what others do to it", async () => {
    await using motor = await robx();
    await using session = await bliss({
      "motors.yml": `
- plugin: emotion
  class: tango_attr_as_motor
  axes:
    - {name: robx, uri: id00/motor/robx, velocity_attr: Velocity, acceleration_attr: Acceleration}
`,
    });
    const env = { ...session.env, TANGO_HOST: motor.env.TANGO_HOST };
    expect(await answerOf(join(blissFolder, "bin/python"), [script("bliss-motor.py")], env)).toEqual({
      start: [0, 10, 40, [-5, 5], ["READY"]],
      moved: [1.5, true],
      relative: 1,
      velocity: [20, 20],
      refused: true,
      underway: true,
      stopped: [true, true],
      jog: true,
      elsewhere: true,
      narrower: true,
    });
  });
});

describeWith(["Sardana"], "Sardana", () => {
  test("its Pool moves it as one of its motors, by sardana-tango's controller", async () => {
    await using motor = await robx();
    await using system = controlSystem({ host: motor.host });
    const database = system.database();
    await database.addServer("Pool/c", [{ device: "pool/c/1", class: "Pool" }]);
    const [controllers = ""] = globSync(join(sardanaFolder, "lib/python3*/site-packages/sardana_tango/ctrl"));
    await database.deviceProperties("pool/c/1").write({ PoolPath: [controllers], Version: ["3.7.1"] });
    const answers = async () => {
      await using pool = await connect("pool/c/1", { system });
      return (await pool.ping()) >= 0;
    };
    await using _pool = await run(join(sardanaFolder, "bin/Pool"), ["c"], {
      env: motor.env,
      ready: () => answers().catch(() => false),
      patience: 60_000,
    });
    const python = join(sardanaFolder, "bin/python");
    expect(await answerOf(python, [script("sardana-motor.py"), "pool/c/1"], motor.env)).toEqual({
      states: ["ON", "MOVING", "ON", "MOVING", "ON"],
      arrived: true,
      back: true,
    });
  });
});

describeWith(["Taurus"], "Taurus", () => {
  test("shows position, set point, unit, limits and state as they change, and moves it", async () => {
    await using motor = await robx();
    expect(await answerOf(taurusPython, [script("taurus-motor.py"), "id00/motor/robx"], motor.env)).toEqual({
      scheme: "TangoDevice",
      state: "Ready",
      label: "Position",
      unit: "mm",
      range: ["-5.0 mm", "5.0 mm"],
      arrived: true,
      passed: true,
      set: 1.5,
      velocity: "20.0 mm / s",
      refused: true,
      narrower: true,
      relative: true,
    });
  });
});
