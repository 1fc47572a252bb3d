// SPDX-License-Identifier: MIT
// The handle that scans move: our motors, which answer when they rest, and any other, whose State is looked at.
import { describe, expect, test } from "vitest";
import { openAxis } from "../../../devices/axis.ts";
import { AxisMotion } from "../../../devices/axis-motion.ts";
import { motor } from "../../../devices/motor.ts";
import { openMotor } from "../../../servers/motor/open.ts";
import { AxisRegistry } from "../../../servers/motor/registry.ts";
import { SimulatedAxis } from "../../../servers/simulated-motor/axis.ts";
import {
  connect, controlSystem, DevDouble, DevVoid, deviceClass, startServer,
} from "../../../tango/index.ts"; // biome-ignore format: a list
import { command, defineInterface, writable } from "../../../tango/interface.ts";
import { eventually, motorStore, rest, startMotors } from "../../world/motors.ts";

async function world(properties = {}) {
  await using stack = new AsyncDisposableStack();
  const motors = stack.use(await startMotors(motorStore({ m: properties })));
  const axis = stack.use(await openAxis("m", motors.server.trl("a/motor/m"), { system: motors.system }));
  const m = await motors.motor("m");
  const owned = stack.move();
  return { motors, axis, m, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const plain = defineInterface({
  name: "Plain",
  attributes: { Where: writable(DevDouble, { format: "%6.2f", unit: "um" }) },
  commands: { Abort: command(DevVoid, DevVoid), Break: command(DevVoid, DevVoid) },
});
const plainClass = deviceClass(plain, (device) => {
  const axis = new SimulatedAxis({ speed: { velocity: 100, acceleration: 1e6 } });
  const motion = device.activity("MOVING");
  let broken = false;
  return {
    Where: {
      read: () => axis.read().steps,
      write: (to) => {
        broken = false;
        axis.move(to);
        motion.start(async () => {
          while (axis.read().moving && !broken) await new Promise((resolve) => setImmediate(resolve));
          if (broken) throw new Error("the belt came off");
        });
      },
    },
    Abort: () => axis.abort(),
    Break: () => void (broken = true),
  };
});

/** A motor of another make: it has a position and a State. */
async function plainWorld() {
  await using stack = new AsyncDisposableStack();
  const server = stack.use(
    await startServer({
      server: "Plain/t",
      classes: [plainClass],
      devices: { Plain: { "a/plain/1": {} } },
      write: () => {},
    }),
  );
  const system = stack.use(controlSystem());
  const axis = stack.use(await openAxis("p", server.trl("a/plain/1"), { system, attribute: "Where" }));
  const device = await connect(plain, server.trl("a/plain/1"), { system });
  const owned = stack.move();
  return { axis, device, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe("our motor", () => {
  test("moves and gives the position it rests at", async () => {
    await using w = await world();
    expect(await w.axis.move(2.5)).toBe(2.5);
    expect(await w.m.state()).toBe("ON");
    expect(await w.axis.target()).toBe(2.5);
    expect(w.axis).toMatchObject({ kind: "axis", name: "m", unit: "mm", decimals: 4 });
  });

  test("a refused and a failed move say why", async () => {
    await using w = await world({ HighLimit: 5, LowSwitch: -1 });
    await expect(w.axis.move(6)).rejects.toThrow(/API_WAttrOutsideLimit.*beyond the high limit 5/);
    await expect(w.axis.move(Number.NaN)).rejects.toThrow(/axis m cannot be moved to position: NaN/);
    await expect(w.axis.move(-2)).rejects.toThrow(/Moving to -2 mm: stopped by the low limit switch at -1/);
    expect(await w.axis.move(1)).toBe(1);
  });

  test("one that another client stops ends where it is", async () => {
    await using w = await world({ Velocity: 10 });
    const moved = w.axis.move(100);
    await eventually(
      () => w.m.read("Position"),
      (position) => position > 0.1,
    );
    await w.m.call("Stop");
    expect(await moved).toBeLessThan(50);
  });

  test("an abort stops the motor and waits for it, also before it has begun", async () => {
    await using w = await world({ Velocity: 10, Acceleration: 100 });
    for (const under of [true, false]) {
      const aborter = new AbortController();
      const moved = w.axis.move(100, { signal: aborter.signal });
      if (under)
        await eventually(
          () => w.m.state(),
          (state) => state === "MOVING",
        );
      aborter.abort(new Error("enough"));
      await expect(moved).rejects.toThrow("enough");
      expect(await w.m.state()).toBe("ON");
      expect(await w.m.read("Position")).toBeLessThan(50);
    }
    await expect(w.axis.move(1, { signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow("no");
  });

  test("a move that outlasts the call is waited for by its State", async () => {
    await using w = await world({ Velocity: 20, Acceleration: 1e5 });
    const device = w.m.untyped;
    const motion = new AxisMotion(device, {
      name: "m",
      attribute: "Position",
      stop: "Stop",
      moveTo: true,
      patience: 5,
    });
    expect(await motion.move(2)).toBe(2);
    expect(await w.m.state()).toBe("ON");
  });

  test("Stop that comes while a move is about to begin keeps it from beginning", async () => {
    const gate = Promise.withResolvers<void>();
    let asked: (() => void) | undefined;
    let moves = 0;
    const slowClass = deviceClass(motor, (device) => {
      const axis = new SimulatedAxis();
      return openMotor(
        device,
        {
          about: "slow controller",
          read: async () => {
            asked?.();
            if (asked) await gate.promise;
            return axis.read();
          },
          move: () => void (moves += 1),
          stop: () => {},
          setSpeed: () => {},
          [Symbol.asyncDispose]: async () => {},
        },
        new AxisRegistry(),
      );
    });
    await using server = await startServer({
      server: "Slow/t",
      classes: [slowClass],
      devices: { Motor: { "a/slow/1": { IdlePollingTime: 100, PollingTime: 1e-6 } } },
      write: () => {},
    });
    await using system = controlSystem();
    const m = await connect(motor, server.trl("a/slow/1"), { system });
    const looking = new Promise<void>((resolve) => (asked = resolve));
    const moved = m.call("MoveTo", 1);
    await looking;
    await m.call("Stop");
    asked = undefined;
    gate.resolve();
    await expect(moved).rejects.toThrow(/stopped before the move to 1 had begun/);
    expect([moves, await m.state()]).toEqual([0, "ON"]);
  });
});

describe("a motor of another make", () => {
  test("moves by its attribute, is stopped by the command it has, and says how it failed", async () => {
    await using w = await plainWorld();
    expect(w.axis).toMatchObject({ unit: "um", decimals: 2 });
    expect(w.axis.trajectory).toBeUndefined();
    expect(await w.axis.move(3)).toBe(3);
    const far = w.axis.move(1e6);
    await eventually(
      () => w.device.state(),
      (state) => state === "MOVING",
    );
    await w.axis.stop();
    expect(await far).toBeLessThan(1000);
    const broken = w.axis.move(1e6);
    await eventually(
      () => w.device.state(),
      (state) => state === "MOVING",
    );
    await w.device.call("Break");
    await expect(broken).rejects.toThrow(
      /axis p \(.*a\/plain\/1.*\) ended its move in state FAULT: .*the belt came off/,
    );
    expect(await w.axis.moveTime(1)).toBeUndefined();
  });
});

describe("the time of a move", () => {
  test.each([
    // v = 10, a = 100: 1 mm to full speed and back; 10 mm = 0.1 + 0.9 + 0.1 s.
    [{}, 10, 1.1],
    [{}, 0.25, 0.1],
    [{ SettleTime: 0.5 }, 10, 1.6],
    [{ SettleTime: 0.5 }, 0, 0],
    // Against the backlash: 11 mm there, 1 mm back.
    [{ Backlash: 1 }, -10, 1.2 + 0.2],
    [{ Backlash: 1 }, 10, 1.1],
  ])("%j to %d: %d s, as the motion itself takes", async (properties, target, seconds) => {
    await using w = await world({ Velocity: 10, Acceleration: 100, ...properties });
    expect(await w.axis.moveTime(target)).toBeCloseTo(seconds, 6);
    if (seconds === 0) return;
    await w.m.write("Position", target);
    expect(await w.m.read("RemainingTime")).toBeGreaterThan(seconds - 0.1);
    expect(await w.m.read("RemainingTime")).toBeLessThanOrEqual(seconds + 1e-9);
    await w.m.call("Abort");
  });

  test("beyond a limit there is none", async () => {
    await using w = await world({ HighLimit: 5 });
    await expect(w.axis.moveTime(6)).rejects.toThrow(/limit/);
  });
});

describe("a trajectory", () => {
  // There and back along x = t (T - t), with T = 0.1 s: a parabola is followed exactly by its ends and middle.
  const T = 0.1;
  const knots = [0, 0.5, 1].map((part) => ({
    time: part * T,
    position: 100 * part * (1 - part) * T,
    velocity: 100 * (1 - 2 * part),
  }));

  test("is prepared where it begins, followed, and ends on its last point", async () => {
    await using w = await world();
    const path = knots.map((knot) => ({ ...knot, position: knot.position + 1 }));
    await w.axis.trajectory?.prepare(path);
    expect(await w.axis.position()).toBe(1);
    const run = w.axis.trajectory?.run();
    const highest = await eventually(
      () => w.m.read("Position"),
      (position) => position > 1,
    );
    expect(highest).toBeLessThanOrEqual(1 + 25 * T);
    expect(await run).toBe(1);
    expect(await w.m.state()).toBe("ON");
  });

  test("is aborted in its middle; what leaves the limits or is not loaded is refused", async () => {
    await using w = await world({ HighLimit: 2 });
    await expect(w.axis.trajectory?.run()).rejects.toThrow(/no trajectory is loaded/);
    await expect(w.axis.trajectory?.prepare(knots)).rejects.toThrow(/after .* s, beyond the limits \[-Infinity, 2\]/);
    await expect(w.axis.trajectory?.prepare(knots.slice(0, 1))).rejects.toThrow(/at least two rows/);
    const long = [0, 1].map((time) => ({ time: time * 100, position: time, velocity: 0.01 }));
    await w.axis.trajectory?.prepare(long);
    const aborter = new AbortController();
    const run = w.axis.trajectory?.run({ signal: aborter.signal });
    await eventually(
      () => w.m.state(),
      (state) => state === "MOVING",
    );
    aborter.abort(new Error("enough"));
    await expect(run).rejects.toThrow("enough");
    expect(await rest(w.m)).toBe("ON");
    expect(await w.m.read("Position")).toBeLessThan(0.5);
  });
});
