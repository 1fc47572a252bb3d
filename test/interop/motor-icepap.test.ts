// SPDX-License-Identifier: MIT
// IcePAP judged by others: ALBA's Python client and BLISS's own controller drive our emulated rack, and our driver moves the
// simulator that comes with that client.
import { execFile } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { motorGroup } from "../../devices/motor-group.ts";
import { emulateIcepap } from "../../servers/icepap/emulator/server.ts";
import { connect } from "../../tango/index.ts";
import { bliss } from "../world/bliss.ts";
import { startIcepap } from "../world/icepap.ts";
import { rest } from "../world/motors.ts";
import { blissFolder, describeWith, icepapPython } from "../world/peers.ts";
import { freePort } from "../world/ports.ts";
import { run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");

/** Whether somebody listens there. */
const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port }, () => resolve(true));
    socket.on("error", () => resolve(false)).on("connect", () => socket.destroy());
  });

/** The simulator of the icepap package with axes 1 and 2. */
async function simulator() {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "icepap-"));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const file = join(folder, "icepap.json");
  const axes = [1, 2].map((address) => ({ address, velocity: 1000, acctime: 0.01, name: `m${address}` }));
  const transports = [{ type: "tcp", url: `127.0.0.1:${port}` }];
  await writeFile(file, JSON.stringify({ devices: [{ class: "IcePAP", name: "sim", transports, axes }] }));
  const command = join(dirname(icepapPython), "sinstruments-server");
  stack.use(await run(command, ["-c", file], { ready: () => answers(port) }));
  const owned = stack.move();
  return { port, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describeWith(["BLISS", "Redis Stack"], "BLISS", () => {
  test("drives the emulated rack by its own IcePAP controller: moves, homing, limits, a group, a trajectory", async () => {
    // It knows no other port than 5000: an address nobody else uses.
    const host = `127.${randomInt(2, 255)}.${randomInt(1, 255)}.${randomInt(2, 255)}`;
    await using emulator = await emulateIcepap({
      host,
      port: 5000,
      axes: [
        { address: 1, velocity: 5000, acctime: 0.01 },
        { address: 2, velocity: 5000, acctime: 0.01, high: 900, home: -300 },
      ],
    });
    const axis = (name: string, address: number) =>
      `{name: ${name}, address: ${address}, steps_per_unit: 100, velocity: 50, acceleration: 500}`;
    await using session = await bliss({
      "motors.yml": `
- plugin: emotion
  class: icepap
  host: ${host}
  axes: [${axis("mota", 1)}, ${axis("motb", 2)}]
  encoders: [{name: enca, address: 1, steps_per_unit: 100}]
`,
    });
    const script = join(import.meta.dirname, "../world/bliss-icepap.py");
    const { stdout } = await promisify(execFile)(join(blissFolder, "bin/python"), [script], {
      env: { ...session.env, TANGO_HOST: "127.0.0.1:1" },
      timeout: 60_000,
    });
    expect(JSON.parse(stdout.split("\n").find((line) => line.startsWith("{")) ?? "")).toEqual({
      start: [0, 50, 500, true, true],
      moved: 3,
      speed: [100, 2000],
      group: [1, -2],
      jog: true,
      stopped: true,
      set: [0, 10],
      limit: [true, 9],
      home: [true, true],
      off: true,
      on: true,
      encoder: true,
      joined: 10,
      followed: [true, 11],
    });
    expect(emulator.heard).toContain("#MOVE GROUP 1 100 2 -200");
  });
});

describeWith(["icepap"], "IcePAP", () => {
  test("the Python client of the field drives the emulated rack", async () => {
    await using emulator = await emulateIcepap({
      axes: [
        { address: 1, name: "th", high: 2000 },
        { address: 2, home: 50, velocity: 5000, acctime: 0.01 },
        { address: 11 },
      ],
    });
    const script = join(import.meta.dirname, "../world/icepap-client.py");
    const { stdout } = await promisify(execFile)(icepapPython, [script, emulator.host, `${emulator.port}`], {
      timeout: 40_000,
    });
    expect(JSON.parse(stdout)).toEqual({
      axes: [1, 2, 11],
      version: "3.17",
      power: [true, true],
      speed: [5000, 0.02],
      move: [true, 400, true, 0],
      rmove: 300,
      group: [10, 20],
      stopped: [true, 1],
      set: 0,
      limit: [true, 3],
      home: [["FOUND", 1], 50],
      off: [false, false, true, 7],
      refused: expect.stringContaining("1:MOVE ERROR Axis disabled"),
      names: ["th", null],
      alarm: [false, ""],
      temperature: 32,
    });
  });

  test("each of its properties, tables, parameters and connections works on the emulated rack", async () => {
    const axes = [1, 2, 11].map((address) => ({ address, velocity: 20_000, acctime: 0.01 }));
    await using emulator = await emulateIcepap({ axes, linked: { table: [2, 11] } });
    const script = join(import.meta.dirname, "../world/icepap-members.py");
    const { stdout } = await promisify(execFile)(icepapPython, [script, emulator.host, `${emulator.port}`], {
      timeout: 40_000,
    });
    expect(JSON.parse(stdout)).toEqual({
      failed: {},
      properties: 100,
      joined: [300, 1],
      followed: [0, 4],
      back: [450, 2],
      knots: [true, [[0, 1, 2, 3, 4], [0, 300, 450, 200, 0]], 300],
      cleared: false,
      cam: [true, "PULSE"],
      "cam set": "LOW",
      "no cam": true,
      list: [[5, 25.5, -10], ["3", "CYCLIC"]],
      listed: -10,
      parameters: 69,
      allowed: { NVOLT: "INTEGER" },
      closed: true,
      open: "CONFIG",
      configured: [{ NVOLT: "48" }, "me@here", "OPER", "80"],
      routes: ["HARD POS AUX B2 E0", "POS B1"],
      "routes left": ["POS B1"],
      linked: ["table 2 11"],
      bent: -20,
    }); // biome-ignore format: as the script shows them
  });

  test("an emulated rack of its own process is one to its command line", async () => {
    const node = join(root, "node_modules/.bin/node");
    const main = join(root, "servers/icepap/emulator/main.ts");
    const port = `${await freePort()}`;
    await using _rack = await run(node, [main, "--port", port, "--axes", "1,12"], { ready: /IcePAP with axes/ });
    const icepapctl = join(dirname(icepapPython), "icepapctl");
    const { stdout } = await promisify(execFile)(icepapctl, ["--axes", "all", `127.0.0.1:${port}`, "status"]);
    expect(stdout.split("\n").filter((line) => /^\W*(1|12)\b/.test(line))).toHaveLength(2);
    await using wrong = await run(node, [main, "--axes", "9"]);
    expect(await wrong.exited).toBe(1);
    expect(wrong.output()).toMatch(/--axes: "9" is no axis/);
  });

  test("our driver moves the simulator that comes with it, one axis and a group", async () => {
    await using peer = await simulator();
    await using icepap = await startIcepap(peer.port, [1, 2]);
    const [one, two] = [await icepap.motor(1), await icepap.motor(2)];
    expect(await one.state()).toBe("ON");
    expect(await one.read("Velocity")).toBe(10);
    await one.write("Position", 0.5);
    expect(await one.state()).toBe("MOVING");
    expect(await rest(one)).toBe("ON");
    expect(await one.read("Steps")).toBe(50);
    const group = await connect(motorGroup, icepap.server.trl("a/group/1"), { system: icepap.system });
    await group.call("GroupMove", ["1", "0", "2", "1"]);
    expect(await rest(group)).toBe("ON");
    expect([await one.read("Position"), await two.read("Position")]).toEqual([0, 1]);
    // It knows no UMOVE: a new target stops the axis first.
    await two.write("Position", 1000);
    await two.write("Position", 0.5);
    expect(await rest(two)).toBe("ON");
    expect(await two.read("Position")).toBe(0.5);
    await two.write("Position", 1000);
    await two.call("Stop");
    expect(await rest(two)).toBe("ON");
    expect(await two.read("Position")).toBeLessThan(500);
    await one.call("Off");
    expect(await one.state()).toBe("OFF");
  });
});
