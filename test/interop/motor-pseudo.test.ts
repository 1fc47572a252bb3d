// SPDX-License-Identifier: MIT
// Slits over motors of two languages, driven from PyTango: limits and events pass through, the axes of one server are
// moved by one request, and all stop together.
import { join } from "node:path";
import { expect, test } from "vitest";
import { controlSystem } from "../../tango/index.ts";
import { embeddedDatabase } from "../world/embedded-database.ts";
import { describeWith, python } from "../world/peers.ts";
import { run } from "../world/process.ts";
import { pyTangoClient } from "../world/pytango.ts";

const root = join(import.meta.dirname, "../..");
const ready = /Ready to accept request/;

/** Motors front and left of ours, back of PyTango's; slits `mixed` (front, back) and `ours` (front, left). */
async function beamline() {
  await using stack = new AsyncDisposableStack();
  const { host, env } = stack.use(await embeddedDatabase());
  const database = stack.use(controlSystem({ host })).database();
  const motors = ["front", "left"].map((name) => ({ device: `id00/motor/${name}`, class: "SimulatedMotor" }));
  await database.addServer("SimulatedMotor/p", motors);
  await database.addServer("motor-server/p", [{ device: "id00/motor/back", class: "Motor" }]);
  const slits = { mixed: ["front", "back"], ours: ["front", "left"] };
  await database.addServer(
    "PseudoMotor/p",
    Object.keys(slits).map((name) => ({ device: `id00/slits/${name}`, class: "PseudoMotor" })),
  );
  for (const { device } of motors)
    await database.deviceProperties(device).write({ LowLimit: ["-1"], HighLimit: ["50"] });
  for (const [name, reals] of Object.entries(slits))
    await database.deviceProperties(`id00/slits/${name}`).write({
      Geometry: ["slits"],
      Reals: reals.map((real) => `id00/motor/${real}`),
      IdlePollingTime: ["0.05"],
    });
  const servers: [string, string[]][] = [
    [join(root, "bin/SimulatedMotor"), ["p"]],
    [python, [join(root, "bench/motor-server.py"), "p"]],
    [join(root, "bin/PseudoMotor"), ["p"]],
  ];
  for (const [command, args] of servers) stack.use(await run(command, args, { env, ready }));
  const owned = stack.move();
  return { host, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describeWith(["PyTango 10.3"], "slits from PyTango", () => {
  test("move motors of both languages, follow their limits, stop them together, and are sent on in mid-move", async () => {
    await using line = await beamline();
    await using client = await pyTangoClient("PyTango 10.3", { TANGO_HOST: line.host });
    await client.py(`
      import time, tango
      mixed, ours, front, left, back = [tango.DeviceProxy("id00/" + name) for name in
        ["slits/mixed", "slits/ours", "motor/front", "motor/left", "motor/back"]]
      def until(holds, seconds=10):
          end = time.time() + seconds
          while not holds() and time.time() < end: time.sleep(0.005)
          return holds()
      def rest(device):
          until(lambda: device.state() != tango.DevState.MOVING)
          return str(device.state())
      def limits(device):
          config = device.get_attribute_config("gap")
          return [round(float(limit), 6) for limit in (config.min_value, config.max_value)]
      def asked(motor): return any("GroupMove" in line for line in motor.black_box(50))
      gaps, kinds = [], []
      def seen(event): gaps.append(None if event.err else event.attr_value.value)
      subscription = mixed.subscribe_event("gap", tango.EventType.CHANGE_EVENT, seen)
    `);
    expect(await client.py(`until(lambda: limits(ours) == [-2, 100])`)).toBe(true);
    await client.py(`mixed.gap = 4`);
    expect(await client.py(`str(mixed.state())`)).toBe("MOVING");
    expect(await client.py(`[rest(mixed), round(front.Position, 6), round(back.Position, 6)]`)).toEqual(["ON", 2, 2]);
    expect(await client.py(`until(lambda: gaps and gaps[-1] == 4)`)).toBe(true);
    expect(await client.py(`any(gap and 0 < gap < 4 for gap in gaps)`)).toBe(true);

    // The axes of one server: one request.
    await client.py(`ours.MoveTogether(["gap", "6", "offset", "1"])`);
    expect(await client.py(`[until(lambda: asked(front)), asked(left)]`)).toEqual([true, false]);
    expect(await client.py(`[rest(ours), front.Position, left.Position]`)).toEqual(["ON", 2, 4]);

    // Limits of a real axis are limits of the slits, at once for moves and soon in the attribute.
    await client.py(`front.Limits = [-1, 10]`);
    await expect(client.py(`ours.MoveTogether(["gap", "40"])`)).rejects.toThrow(
      /API_WAttrOutsideLimit.*front at .*10/s,
    );
    expect(await client.py(`until(lambda: limits(ours) == [0, 22])`)).toBe(true);

    // Sent on in mid-move, also where an axis cannot be bent; then stopped together.
    await client.py(`front.Limits = [-1000, 1000]`);
    expect(await client.py(`until(lambda: limits(mixed)[1] > 900)`)).toBe(true);
    await client.py(`mixed.gap = 900`);
    expect(await client.py(`until(lambda: "MOVING" == str(front.state()) == str(back.state()))`)).toBe(true);
    await client.py(`mixed.gap = 8`);
    expect(await client.py(`[rest(mixed), round(front.Position, 6), round(back.Position, 6)]`)).toEqual(["ON", 4, 4]);
    await client.py(`mixed.gap = 900`);
    expect(await client.py(`until(lambda: "MOVING" == str(front.state()) == str(back.state()))`)).toBe(true);
    await client.py(`mixed.Stop()`);
    expect(await client.py(`[rest(mixed), str(front.state()), str(back.state()), mixed.gap < 100]`)).toEqual([
      "ON", "ON", "ON", true,
    ]); // biome-ignore format: a list
  });
});
