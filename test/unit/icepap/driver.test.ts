// SPDX-License-Identifier: MIT
// IcePAP axes as Tango motors on the emulated rack: moves, homing, trajectories, and a controller that misbehaves.
import { describe, expect, test } from "vitest";
import { openAxis } from "../../../devices/axis.ts";
import { motorGroup } from "../../../devices/motor-group.ts";
import type { Board } from "../../../servers/icepap/emulator/board.ts";
import { emulateIcepap } from "../../../servers/icepap/emulator/server.ts";
import { connect } from "../../../tango/index.ts";
import { icepapWorld, startIcepap } from "../../world/icepap.ts";
import { eventually, rest } from "../../world/motors.ts";

const fast = { address: 1, velocity: 10_000, acctime: 0.01 };

/** Resolves when the board moves: the device has answered before. */
const underWay = (board: Board) =>
  eventually(
    async () => board.moving,
    (moving) => moving,
  );

describe("an axis", () => {
  test("moves; velocity and acceleration are the controller's own until somebody sets them", async () => {
    await using icepap = await icepapWorld([fast]);
    const m = await icepap.motor(1);
    expect(await m.read("Velocity")).toBe(100);
    expect(await m.read("AccTime")).toBeCloseTo(0.01, 9);
    await m.write("Position", 2.5);
    expect(await m.state()).toBe("MOVING");
    expect(await rest(m)).toBe("ON");
    expect(await m.read("Steps")).toBe(250);
    await m.write("Velocity", 50);
    await m.write("AccTime", 0.02);
    await m.write("Position", 0);
    expect(await rest(m)).toBe("ON");
    expect(icepap.emulator.rack.board(1)).toMatchObject({ velocity: 5000, acctime: 0.02 });
  });

  test("the shortest move is waited for too", async () => {
    await using icepap = await icepapWorld([{ ...fast, velocity: 1e6, acctime: 0.001 }]);
    const m = await icepap.motor(1);
    for (const steps of [1, 2, 1, 0]) {
      await m.write("Position", steps / 100);
      expect(await rest(m)).toBe("ON");
      expect(await m.read("Steps")).toBe(steps);
    }
  });

  test("homes on its switch, finds its limits, sets its position, shows its encoder", async () => {
    await using icepap = await icepapWorld([{ ...fast, home: 300, high: 1000, low: -200 }], {
      HomePosition: 10,
      EncoderRegister: "measure",
    });
    const m = await icepap.motor(1);
    await m.call("GoHome");
    expect(await rest(m)).toBe("ON");
    expect(await m.read("DialPosition")).toBe(10);
    expect(await m.read("Measured_Position")).toBe(10);
    await m.call("FindLimit", 1);
    expect(await rest(m)).toBe("ALARM");
    expect(await m.read("DialPosition")).toBeCloseTo(17, 1);
    await m.call("GoHomeInversed");
    await rest(m);
    await m.call("SetDial", -3);
    expect(await m.read("Steps")).toBe(-300);
  });

  test("a homing that is stopped ends where it is, without failure, and another client's move is refused meanwhile", async () => {
    await using icepap = await icepapWorld([
      { address: 1, low: -100_000, high: 100_000, home: 90_000, velocity: 1000 },
    ]);
    const m = await icepap.motor(1);
    await m.call("GoHome");
    await underWay(icepap.emulator.rack.board(1));
    expect(await m.status()).toMatch(/^Searching the home switch in the high direction/);
    await expect(m.write("Position", 1)).rejects.toThrow(/Searching the home switch.*stop it before/);
    await m.call("Stop");
    expect(await rest(m)).toBe("ON");
    expect(await m.read("Steps")).toBeLessThan(90_000);
  });

  test("jogs, stops, aborts; a new target bends the move that goes on", async () => {
    await using icepap = await icepapWorld([{ ...fast, velocity: 1000 }]);
    const m = await icepap.motor(1);
    await m.call("Jog", -5);
    await eventually(
      () => m.read("Position"),
      (position) => position < 0,
    );
    await m.call("Stop");
    expect(await rest(m)).toBe("ON");
    await m.write("Position", 1000);
    await underWay(icepap.emulator.rack.board(1));
    icepap.emulator.heard.splice(0);
    await m.write("Position", 0);
    expect(await rest(m)).toBe("ON");
    expect(await m.read("Position")).toBe(0);
    expect(icepap.emulator.heard.filter((line) => /MOVE|STOP/.test(line))).toEqual(["#UMOVE 1 0"]);
    await m.write("Position", 1000);
    await m.call("Abort");
    expect(await rest(m)).toBe("ON");
    expect(await m.status()).toMatch(/^Ready at/);
  });

  test("power, closed loop and raw commands reach the board", async () => {
    await using icepap = await icepapWorld([{ ...fast, name: "th" }]);
    const m = await icepap.motor(1);
    await m.call("Off");
    expect(await m.state()).toBe("OFF");
    await m.call("On");
    await m.write("ClosedLoop", true);
    expect(await m.read("ClosedLoop")).toBe(true);
    expect(await m.call("RawWriteRead", "1:?NAME")).toBe("th");
    await expect(m.call("RawWriteRead", "?BANANA")).rejects.toThrow(/"\?BANANA" refused: Command not recognised/);
    expect(await m.call("RawWriteRead", "?HELP")).toContain("?FSTATUS");
  });

  test("follows a trajectory that is sent as one binary block", async () => {
    await using icepap = await icepapWorld([fast]);
    const m = await icepap.motor(1);
    await m.call("LoadTrajectory", [0, 0, 0, 0.05, 1, 40, 0.1, 2, 0]);
    await m.call("StartTrajectory");
    expect(await m.status()).toMatch(/trajectory of 3 points/);
    expect(await rest(m)).toBe("ON");
    expect(await m.read("Position")).toBe(2);
    expect(icepap.emulator.heard).toContain("#1:PMOVE 0.1 1".replace("1:", ""));
  });
});

test("the handle of scans has it follow a trajectory, where every place is as the time says", async () => {
  await using icepap = await icepapWorld([fast]);
  await using axis = await openAxis("m", icepap.server.trl("a/icepap/1"), { system: icepap.system });
  // x = 40 t^2 (1 - t)^2 for t in units of 0.4 s: smooth at both ends; 1 at most.
  const T = 0.4;
  const x = (s: number) => 40 * s ** 2 * (1 - s) ** 2;
  const v = (s: number) => (80 * s * (1 - s) * (1 - 2 * s)) / T;
  const knots = Array.from({ length: 41 }, (_, i) => i / 40).map((s) => ({
    time: s * T,
    position: 3 + x(s),
    velocity: v(s),
  }));
  await axis.trajectory?.prepare(knots);
  expect(await axis.position()).toBe(3);
  const board = icepap.emulator.rack.board(1);
  const run = axis.trajectory?.run();
  await underWay(board);
  let looks = 0;
  while (board.moving) {
    const before = board.parameter / T;
    const place = board.steps / 100 - 3;
    const after = board.moving ? board.parameter / T : 1;
    // Between the readings it went on, by 20 units for the whole time at most; steps are hundredths.
    expect(Math.abs(place - x(before))).toBeLessThan(20 * (after - before) + 0.02);
    looks += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(looks).toBeGreaterThan(10);
  expect(await run).toBe(3);
});

describe("a group", () => {
  test("is one request, stops together, and the state of all is one question", async () => {
    await using icepap = await icepapWorld([fast, { ...fast, address: 2 }, { ...fast, address: 11 }]);
    const group = await connect(motorGroup, icepap.server.trl("a/group/1"), { system: icepap.system });
    await group.call("GroupMove", ["1", "1", "11", "-1"]);
    expect(await rest(group)).toBe("ON");
    expect(icepap.emulator.heard).toContain("#MOVE GROUP 1 100 11 -100");
    expect(icepap.emulator.heard.filter((line) => /^#MOVE/.test(line))).toHaveLength(1);
    expect(icepap.emulator.heard.some((line) => /^\?F?STATUS (1 11|11 1)/.test(line))).toBe(true);
    await group.call("GroupMove", ["1", "1000", "2", "1000"]);
    await (await icepap.motor(2)).call("Stop");
    expect(await rest(group)).toBe("ON");
    expect(await (await icepap.motor(1)).read("Position")).toBeLessThan(500);
    for (const how of ["Stop", "Abort"] as const) {
      await group.call("GroupMove", ["1", "1000", "2", "1000", "11", "1000"]);
      await underWay(icepap.emulator.rack.board(11));
      icepap.emulator.heard.splice(0);
      await group.call(how);
      expect(await rest(group)).toBe("ON");
      const halts = icepap.emulator.heard.filter((line) => /STOP|ABORT/.test(line));
      expect(halts).toEqual([`#${how.toUpperCase()} 1 2 11`]);
      for (const address of [1, 2, 11]) expect(icepap.emulator.rack.board(address).moving).toBe(false);
    }
  });
});

describe("a controller that misbehaves", () => {
  test("connection cut in mid-move: connected again, the motion is followed to its end", async () => {
    await using icepap = await icepapWorld([{ ...fast, velocity: 1000 }]);
    const m = await icepap.motor(1);
    await m.write("Position", 2);
    await underWay(icepap.emulator.rack.board(1));
    icepap.emulator.disconnect();
    await eventually(
      () => m.state(),
      (state) => state === "ON",
    );
    expect(await m.state()).toBe("ON");
    expect(await m.read("Position")).toBe(2);
  });

  test("silence, garbage and slow answers: FAULT says which, it recovers alone", async () => {
    await using icepap = await icepapWorld([fast], { AnswerTimeout: 50 });
    const { weather } = icepap.emulator;
    const m = await icepap.motor(1);
    const fault = async (words: RegExp) => {
      await eventually(
        () => m.state(),
        (state) => state === "FAULT",
      );
      expect(await m.status()).toMatch(words);
    };
    weather.silent = true;
    await fault(
      /^No contact with axis 1 of IcePAP 127\.0\.0\.1:\d+: .* does not answer "\?STATUS 1|does not answer "\?FSTATUS 1/,
    );
    weather.silent = false;
    expect(
      await eventually(
        () => m.state(),
        (state) => state === "ON",
      ),
    ).toBe("ON");
    weather.garbage = "?!@ 7\n";
    await eventually(
      async () => weather.garbage,
      (left) => left === undefined,
    );
    expect(
      await eventually(
        () => m.state(),
        (state) => state === "ON",
      ),
    ).toBe("ON");
    weather.delay = 30;
    expect(await m.read("Position")).toBe(0);
  });

  test("a closed port: the device opens in FAULT with the reason, and is well when the controller is there", async () => {
    let port = 0;
    {
      await using once = await emulateIcepap({ axes: [fast] });
      port = once.port;
    }
    await using icepap = await startIcepap(port, [1]);
    const m = await icepap.motor(1);
    expect(await m.state()).toBe("FAULT");
    expect(await m.status()).toMatch(/No contact with axis 1 of IcePAP .*ECONNREFUSED.*Trying again\./);
    await using _back = await emulateIcepap({ axes: [fast], port });
    expect(
      await eventually(
        () => m.state(),
        (state) => state === "ON",
      ),
    ).toBe("ON");
  });

  test("a board that is missing is its own trouble, not its neighbours'", async () => {
    await using emulator = await emulateIcepap({ axes: [fast] });
    await using icepap = await startIcepap(emulator.port, [1, 5]);
    const [here, missing] = [await icepap.motor(1), await icepap.motor(5)];
    expect(
      await eventually(
        () => here.state(),
        (state) => state === "ON",
      ),
    ).toBe("ON");
    expect(await missing.state()).toBe("FAULT");
    expect(await missing.status()).toMatch(/Board is not present/);
  });

  test("a motor failure ends the motion in FAULT, and the axis may move again", async () => {
    await using icepap = await icepapWorld([{ ...fast, velocity: 1000 }]);
    const m = await icepap.motor(1);
    await m.write("Position", 100);
    const board = icepap.emulator.rack.board(1);
    await underWay(board);
    board.halt("ABORT");
    board.failing = 12;
    expect(await rest(m)).toBe("FAULT");
    expect(await m.status()).toMatch(/the controller ended the motion at .*: closed-loop error/);
    board.failing = 0;
    await m.write("Position", 0);
    expect(await rest(m)).toBe("ON");
  });

  test("a rack that is disabled says so and refuses to move", async () => {
    await using icepap = await icepapWorld([fast]);
    const m = await icepap.motor(1);
    icepap.emulator.rack.board(1).disable = 3;
    expect(
      await eventually(
        () => m.state(),
        (state) => state === "FAULT",
      ),
    ).toBe("FAULT");
    expect(await m.status()).toMatch(/disabled by the rack's remote input/);
    await expect(m.write("Position", 1)).rejects.toThrow(/remote input/);
  });

  test("a warning and a hardware alarm are told in the board's own words, asked for once", async () => {
    await using icepap = await icepapWorld([fast]);
    const m = await icepap.motor(1);
    const board = icepap.emulator.rack.board(1);
    const status = (text: RegExp) =>
      eventually(
        () => m.status(),
        (now) => text.test(now),
      );
    board.words.set("WARNING", "MOTOR_TEMPERATURE 71 C");
    expect(await status(/WARNING|warning/)).toBe("Ready at 0 mm. Controller warning: MOTOR_TEMPERATURE 71 C");
    board.words.set("ALARM", "OVERCURRENT phase A");
    board.disable = 2;
    expect(await status(/fault/)).toBe("Controller fault: hardware alarm: OVERCURRENT phase A");
    expect(icepap.emulator.heard.filter((line) => line === "1:?WARNING")).toHaveLength(1);
    board.disable = 0;
    board.words.set("WARNING", "NONE");
    expect(await status(/^Ready at 0 mm\.$/)).toBe("Ready at 0 mm.");
  });

  test("a server that ends in mid-move stops the axis; one that is found moving is followed", async () => {
    await using emulator = await emulateIcepap({ axes: [{ ...fast, velocity: 1000 }] });
    {
      await using icepap = await startIcepap(emulator.port, [1]);
      await (await icepap.motor(1)).write("Position", 1000);
    }
    expect(emulator.rack.board(1).moving).toBe(false);
    emulator.rack.answer("MOVE 1 300");
    await using icepap = await startIcepap(emulator.port, [1]);
    const m = await icepap.motor(1);
    expect(await m.state()).toBe("MOVING");
    expect(await m.status()).toMatch(/^Moving, found at/);
    expect(await rest(m)).toBe("ON");
    expect(await m.read("Position")).toBe(3);
  });

  test.each([[0], [9], [20], [159]])("address %d is no driver board", async (address) => {
    await using icepap = await startIcepap(1, [address]);
    const m = await icepap.motor(address);
    expect(await m.status()).toMatch(/it must be rack x 10 \+ slot/);
  });
});
