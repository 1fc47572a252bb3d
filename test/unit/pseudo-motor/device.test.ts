// SPDX-License-Identifier: MIT
// Calculated axes as a device over simulated motors: together, within limits, stopped together, honest about faults.
import { expect, test } from "vitest";
import { pseudoMotor } from "../../../devices/pseudo-motor.ts";
import { pseudoMotorClass } from "../../../servers/pseudo-motor/pseudo-motor.ts";
import { connect, type PropertyInput, startServer } from "../../../tango/index.ts";
import { eventually, motorStore, rest, startMotors } from "../../world/motors.ts";

type Near = (motor: string) => string;
const both = (near: Near) => ["front", "back"].map(near);

/** `reals`: from what names the motors of this world. */
async function world(properties: PropertyInput = { Geometry: "slits" }, motor: PropertyInput = {}, reals = both) {
  await using stack = new AsyncDisposableStack();
  const store = motorStore({
    front: { LowLimit: -1, HighLimit: 100, ...motor },
    back: { LowLimit: -1, HighLimit: 100, ...motor },
  });
  const motors = stack.use(await startMotors(store));
  const near = (name: string) => motors.server.trl(`a/motor/${name}`);
  const quick = { PollingTime: 0.002, IdlePollingTime: 0.02 };
  const server = stack.use(
    await startServer({
      server: "PseudoMotor/t",
      classes: [pseudoMotorClass(() => motors.system)],
      devices: { PseudoMotor: { "a/slits/1": { Reals: reals(near), ...quick, ...properties } } },
      write: () => {},
    }),
  );
  const slits = await connect(pseudoMotor, server.trl("a/slits/1"), { system: motors.system });
  const [front, back] = [await motors.motor("front"), await motors.motor("back")];
  const owned = stack.move();
  return { motors, server, slits, any: slits.untyped, front, back, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

test("an axis that is written moves the real ones; the others stay where they were sent", async () => {
  await using w = await world();
  expect(await w.slits.read("Axes")).toEqual(["gap", "offset"]);
  await w.any.write("gap", 4);
  expect(await w.slits.state()).toBe("MOVING");
  expect(await rest(w.slits)).toBe("ON");
  expect([await w.front.read("Position"), await w.back.read("Position")]).toEqual([2, 2]);
  await w.any.write("offset", 1.00025);
  await rest(w.slits);
  // The blades count steps of 0.001: what was asked for is kept, not what rounding made of it.
  await w.any.write("gap", 4.0005);
  await rest(w.slits);
  expect(await w.slits.call("Calculate", ["gap", "4"])).toEqual([
    expect.anything(), `${2 - 1.00025}`, expect.anything(), `${2 + 1.00025}`,
  ]); // biome-ignore format: pairs
  expect(await w.any.read("offset")).toBeCloseTo(1, 2);
});

test("MoveTogether, and several attributes of one call, are one motion", async () => {
  await using w = await world();
  await w.slits.call("MoveTogether", ["gap", "6", "offset", "1"]);
  expect(await w.slits.status()).toBe("Moving gap to 6, offset to 1.");
  const asked = (lines: readonly string[]) => lines.some((line) => /GroupMove/.test(line));
  expect(asked(await eventually(() => w.front.blackBox(50), asked))).toBe(true);
  expect(asked(await w.back.blackBox(50))).toBe(false);
  await rest(w.slits);
  expect([await w.front.read("Position"), await w.back.read("Position")]).toEqual([2, 4]);
  // What panels and relative scans take as the set point, whatever sent it there.
  const set = async (name: string) => (await w.any.readAttribute(name)).set;
  expect([await set("gap"), await set("offset")]).toEqual([6, 1]);
  await w.front.write("Position", 3);
  await rest(w.front);
  expect([await set("gap"), await set("offset")]).toEqual([7, 0.5]);
  await w.any.writeAttributes({ gap: 2, offset: 0 });
  await rest(w.slits);
  expect([await w.front.read("Position"), await w.back.read("Position")]).toEqual([1, 1]);
});

test("limits of the real axes are the attribute's; what is beyond is refused before anything moves", async () => {
  await using w = await world();
  const shown = await eventually(
    () => w.slits.untyped.attribute("gap"),
    ({ maxValue }) => Number(maxValue) > 0,
  );
  expect([Number(shown.minValue), Number(shown.maxValue)]).toEqual([expect.closeTo(-2, 6), expect.closeTo(200, 6)]);
  await expect(w.any.write("gap", 300)).rejects.toThrow(/API_WAttrOutsideLimit/);
  await expect(w.slits.call("MoveTogether", ["gap", "0", "offset", "1.5"])).rejects.toThrow(
    /needs front at -1\.5, beyond its limits \[-1, 100\]/,
  );
  await expect(w.slits.call("MoveTogether", ["gap", "NaN"])).rejects.toThrow(/gap cannot be NaN/);
  await expect(w.slits.call("MoveTogether", ["gape", "1"])).rejects.toThrow(/no axis "gape"; there are gap, offset/);
  await w.front.write("HighLimit", 5);
  const narrower = await eventually(
    () => w.slits.untyped.attribute("gap"),
    ({ maxValue }) => Number(maxValue) < 50,
  );
  expect(Number(narrower.maxValue)).toBeCloseTo(10, 6);
  expect(await w.front.read("Position")).toBe(0);
});

test("Stop stops all", async () => {
  await using w = await world({ Geometry: "slits" }, { Velocity: 10 });
  await w.any.write("gap", 100);
  await eventually(
    () => w.front.state(),
    (state) => state === "MOVING",
  );
  await w.slits.call("Stop");
  expect(await rest(w.slits)).toBe("ON");
  expect([await w.front.state(), await w.back.state()]).toEqual(["ON", "ON"]);
  expect(await w.any.read("gap")).toBeLessThan(50);
});

test("a new target during a motion stops the real axes and sends them on; the other axes keep theirs", async () => {
  await using w = await world({ Geometry: "slits" }, { Velocity: 10, Acceleration: 1000 });
  await w.slits.call("MoveTogether", ["gap", "100", "offset", "0.5"]);
  await eventually(
    () => w.front.state(),
    (state) => state === "MOVING",
  );
  await expect(w.any.write("gap", 300)).rejects.toThrow(/API_WAttrOutsideLimit/);
  expect(await w.slits.state()).toBe("MOVING");
  await w.any.write("gap", 3);
  expect(await w.slits.status()).toBe("Moving gap to 3.");
  expect(await rest(w.slits)).toBe("ON");
  expect([await w.front.read("Position"), await w.back.read("Position")]).toEqual([1, 2]);
  await w.any.write("gap", 100);
  await Promise.all([w.any.write("gap", 4), w.any.write("offset", 0)]);
  expect(await rest(w.slits)).toBe("ON");
  expect([await w.front.read("Position"), await w.back.read("Position")]).toEqual([2, 2]);
});

test("a real axis that others move, or that moves still after a restart: MOVING, moves refused, Stop stops it", async () => {
  await using w = await world({ Geometry: "slits" }, { Velocity: 10 });
  await w.front.write("Position", 90);
  expect(
    await eventually(
      () => w.slits.state(),
      (state) => state === "MOVING",
    ),
  ).toBe("MOVING");
  await expect(w.any.write("gap", 1)).rejects.toThrow(/a real axis moves already: stop it first/);
  await w.slits.call("Stop");
  expect(await rest(w.front)).toBe("ON");
  expect(
    await eventually(
      () => w.slits.state(),
      (state) => state === "ON",
    ),
  ).toBe("ON");
  const { value, set } = await w.any.readAttribute("gap");
  expect(set).toBe(value);
  await w.slits.call("MoveTogether", ["gap", "1", "offset", "0"]);
  expect(await rest(w.slits)).toBe("ON");
});

test.each(["Stop", "MoveTo"])("%s of a real axis by somebody else ends the motion of all, and says so", async (how) => {
  const far = await startMotors(motorStore({ back: { Velocity: 10 } }));
  await using _far = far;
  const reals = (near: Near) => [near("front"), far.server.trl("a/motor/back")];
  await using w = await world({ Geometry: "slits" }, { Velocity: 10 }, reals);
  await w.any.write("gap", 100);
  await eventually(
    () => w.front.state(),
    (state) => state === "MOVING",
  );
  if (how === "Stop") await w.front.call("Stop");
  else await w.front.write("Position", 1);
  expect(await rest(w.slits)).toBe("ALARM");
  expect(await w.slits.status()).toMatch(/^front \(.*a\/motor\/front.*\) was stopped, or sent on, by somebody else/);
  const back = await far.motor("back");
  expect(await rest(back)).toBe("ON");
  expect(await back.read("Position")).toBeLessThan(49);
});

test("Init in mid-move stops the real axes first", async () => {
  await using w = await world({ Geometry: "slits" }, { Velocity: 10 });
  await w.any.write("gap", 100);
  await eventually(
    () => w.front.state(),
    (state) => state === "MOVING",
  );
  await w.slits.call("Init");
  expect([await w.front.state(), await w.back.state()]).toEqual(["ON", "ON"]);
  expect(await w.any.read("gap")).toBeLessThan(50);
});

test("a real axis whose server goes away in mid-move stops the others and is named", async () => {
  const far = await startMotors(motorStore({ back: { Velocity: 10 } }));
  const reals = (near: Near) => [near("front"), far.server.trl("a/motor/back")];
  await using w = await world({ Geometry: "slits" }, { Velocity: 10 }, reals);
  await w.any.write("gap", 100);
  await eventually(
    () => w.front.state(),
    (state) => state === "MOVING",
  );
  await far[Symbol.asyncDispose]();
  expect(await rest(w.slits)).toBe("FAULT");
  expect(await w.slits.status()).toMatch(/a\/motor\/back/);
  expect(await rest(w.front)).toBe("ON");
  expect(await w.front.read("Position")).toBeLessThan(50);
});

test("a real axis that fails stops the others and is named", async () => {
  await using w = await world({ Geometry: "slits" }, { Velocity: 10 });
  await w.any.write("gap", 100);
  await eventually(
    () => w.back.state(),
    (state) => state === "MOVING",
  );
  await w.front.call("InjectFault", "trip over-temperature");
  expect(await rest(w.slits)).toBe("FAULT");
  expect(await w.slits.status()).toMatch(/^front \(.*a\/motor\/front.*\) is in FAULT: .*over-temperature/);
  expect(await rest(w.back)).toBe("ON");
  expect(await w.back.read("Position")).toBeLessThan(50);
  await w.front.call("RepairFaults");
  await w.front.call("SyncHard");
  expect(
    await eventually(
      () => w.slits.state(),
      (state) => state === "ON",
    ),
  ).toBe("ON");
});

test("real axes that are not there are FAULT, said by name", async () => {
  await using w = await world({
    Geometry: "slits",
    Reals: ["tango://127.0.0.1:1/a/motor/x#dbase=no", "tango://127.0.0.1:1/a/motor/y#dbase=no"],
  });
  expect(
    await eventually(
      () => w.slits.state(),
      (state) => state === "FAULT",
    ),
  ).toBe("FAULT");
  expect(await w.slits.status()).toMatch(/does not answer: .*a\/motor\/x/s);
});

test("formulas in YAML; a wrong number of real axes is said at once", async () => {
  const Formulas = ["reals: [a, b]", "to_pseudo: { mean: (a + b) / 2 }", "to_real: { a: mean, b: mean }"];
  await using w = await world({ Formulas });
  await w.any.write("mean", 3);
  await rest(w.slits);
  expect(await w.back.read("Position")).toBe(3);
  await using wrong = await world({ Geometry: "energy", Parameters: ["d=3.1356"] });
  expect(await wrong.slits.status()).toMatch(/Reals has 2 devices; geometry energy has 1 real axes: theta/);
});
