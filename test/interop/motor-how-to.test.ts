// SPDX-License-Identifier: MIT
// The controller of docs/how-to/add-a-motor-controller.md is built as the page says, and drives one that speaks its language.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { motor } from "../../devices/motor.ts";
import { SimulatedAxis } from "../../servers/simulated-motor/axis.ts";
import { connect } from "../../tango/index.ts";
import { eventually, rest } from "../world/motors.ts";
import { freePort } from "../world/ports.ts";
import { run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");
const page = readFileSync(join(root, "docs/how-to/add-a-motor-controller.md"), "utf8");
const [, code = ""] = /```ts acme.ts\n([\s\S]*?)```/.exec(page) ?? [];

/** Speaks the language of the page. */
async function acme(port: number) {
  const axis = new SimulatedAxis({ speed: { velocity: 1e5, acceleration: 1e6 } });
  const answers: Readonly<Record<string, (...numbers: number[]) => unknown>> = {
    "POS?": () => axis.read().steps,
    "BUSY?": () => Number(axis.read().moving),
    MOVE: (steps = 0) => axis.move(steps),
    STOP: () => axis.stop(),
    SPEED: (velocity = 1, acceleration = 1) => axis.setSpeed({ velocity, acceleration }),
  };
  const server = createServer((socket) => {
    socket.on("error", () => {});
    createInterface({ input: socket }).on("line", (line) => {
      const [, command = "", ...numbers] = line.split(" ");
      socket.write(`${answers[command]?.(...numbers.map(Number)) ?? "ok"}\n`);
    });
  });
  await new Promise<void>((resolve) => void server.listen(port, "127.0.0.1", resolve));
  return { axis, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => void server.close(() => resolve())) };
}

test("at most 60 lines of code", () => {
  expect(code.trim().split("\n").length).toBeLessThanOrEqual(60);
});

test("the page's server moves, stops, has limits and backlash, and recovers when the controller was away", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), "bandoneon-acme-"));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(root, join(folder, "node_modules/bandoneon"));
  writeFileSync(join(folder, "acme.ts"), code);
  const [port, tangoPort] = [await freePort(), await freePort()];
  const properties = { Port: port, StepsPerUnit: 1000, IdlePollingTime: 0.05, Backlash: 0.5 };
  const file = Object.entries(properties).map(([name, value]) => `lab/acme/1->${name}: ${value}\n`);
  writeFileSync(join(folder, "acme.db"), `Acme/lab/DEVICE/AcmeMotor: "lab/acme/1"\n${file.join("")}`);

  const args = [
    "--conditions=source",
    "acme.ts",
    "lab",
    "-file=acme.db",
    "-ORBendPoint",
    `giop:tcp:127.0.0.1:${tangoPort}`,
  ];
  await using _server = await run(join(root, "node_modules/.bin/node"), args, {
    cwd: folder,
    ready: /Ready to accept request/,
  });
  await using m = await connect(motor, `tango://127.0.0.1:${tangoPort}/lab/acme/1#dbase=no`);
  expect(await m.state()).toBe("FAULT");
  expect(await m.status()).toMatch(/No contact with Acme axis 1 on 127\.0\.0\.1:\d+: .*ECONNREFUSED.*Trying again/);

  await using controller = await acme(port);
  expect(
    await eventually(
      () => m.state(),
      (state) => state === "ON",
    ),
  ).toBe("ON");
  await m.write("Position", -2);
  expect(await rest(m)).toBe("ON");
  expect(controller.axis.read().steps).toBe(-2000);
  await m.write("Limits", [-3, 1000]);
  await expect(m.write("Position", -3.5)).rejects.toThrow(/API_WAttrOutsideLimit/);
  await m.write("Velocity", 1);
  await m.write("Position", 900);
  await m.call("Stop");
  expect(await rest(m)).toBe("ON");
  expect(await m.read("Position")).toBeLessThan(900);
  await expect(m.call("GoHome")).rejects.toThrow(/Acme axis 1 .* home/);
});
