// SPDX-License-Identifier: MIT
// A motor server killed in mid-move (SIGKILL) and started again. A controller of its own goes on, and its motion is picked
// up again; a simulated axis stops with its process, and is found where it was last remembered.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { emulateIcepap } from "../../servers/icepap/emulator/server.ts";
import { type ControlSystem, connect, controlSystem, type DeviceProxy } from "../../tango/index.ts";
import { eventually, rest } from "../world/motors.ts";
import { freePort } from "../world/ports.ts";
import { type Running, run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");

interface Killable extends AsyncDisposable {
  /** Starts the server, or starts it again. */
  start(): Promise<Running>;
  connect(system: ControlSystem): Promise<DeviceProxy>;
  /** What it has stored of the device. */
  stored(): Promise<string>;
}

/** A server of bin/, one device `a/motor/1`, its properties in a file. */
async function killable(launcher: string, properties: Readonly<Record<string, string | number>>): Promise<Killable> {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "bandoneon-kill-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, "motors.db");
  const lines = Object.entries(properties).map(([name, value]) => `a/motor/1->${name}: ${value}\n`);
  const className = { SimulatedMotor: "SimulatedMotor", IcePAP: "IcepapMotor" }[launcher];
  await writeFile(file, `${launcher}/kill/DEVICE/${className}: "a/motor/1"\n${lines.join("")}`);
  const port = await freePort();
  const args = ["kill", `-file=${file}`, "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
  const owned = stack.move();
  return {
    start: async () => owned.use(await run(join(root, "bin", launcher), args, { ready: /Ready to accept request/ })),
    connect: (system) => connect(`tango://127.0.0.1:${port}/a/motor/1#dbase=no`, { system }),
    stored: () => readFile(file, "utf8"),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

test("an IcePAP goes on: the motion is found, followed, and ends on its target", async () => {
  await using emulator = await emulateIcepap({ axes: [{ address: 1, velocity: 1000, acctime: 0.01 }] });
  const properties = { Host: "127.0.0.1", Port: emulator.port, Address: 1, StepsPerUnit: 100, IdlePollingTime: 0.05 };
  await using served = await killable("IcePAP", properties);
  const board = emulator.rack.board(1);
  await using system = controlSystem();
  {
    await using server = await served.start();
    await using m = await served.connect(system);
    await m.write("Position", 25);
    await eventually(
      async () => board.steps,
      (steps) => steps > 0,
    );
    await server.stop("SIGKILL");
  }
  expect(board.moving).toBe(true);
  await using _again = await served.start();
  await using m = await served.connect(system);
  expect(await m.state()).toBe("MOVING");
  expect(await m.status()).toMatch(/^Moving, found at/);
  await expect(m.write("Position", 0)).rejects.toThrow(/Moving, found at .*: stop it/);
  expect(await rest(m)).toBe("ON");
  expect(await m.read("Position")).toBe(25);

  await m.write("Position", 1000);
  await eventually(
    async () => board.moving,
    (moving) => moving,
  );
  await m.call("Stop");
  expect(await rest(m)).toBe("ON");
});

test("a simulated axis is stopped: it is at rest where it was remembered on its way, and moves again", async () => {
  const properties = { Velocity: 10, Acceleration: 1000, HighLimit: 900 };
  await using served = await killable("SimulatedMotor", properties);
  await using system = controlSystem();
  let reached = 0;
  {
    await using server = await served.start();
    await using m = await served.connect(system);
    await m.write("Velocity", 5);
    await m.write("Position", 800);
    // Two seconds on its way it is remembered.
    await eventually(
      () => served.stored(),
      (text) => /position=[1-9]/.test(text),
    );
    reached = Number(await m.read("Position"));
    await server.stop("SIGKILL");
  }
  await using _again = await served.start();
  await using m = await served.connect(system);
  expect(await m.state()).toBe("ON");
  const found = Number(await m.read("Position"));
  expect(found).toBeGreaterThan(1);
  expect(found).toBeLessThanOrEqual(reached);
  expect(await m.read("Velocity")).toBe(5);
  await m.write("Position", found + 0.5);
  expect(await rest(m)).toBe("ON");
  expect(await m.read("Position")).toBeCloseTo(found + 0.5, 3);
});
