// SPDX-License-Identifier: MIT
// State and Status of a device whose attributes alarm, and qualities set by code: what was recorded on cppTango 9.3.4 and
// 10.3.3, asked of our server by PyTango.
import { afterAll, beforeAll, expect, test } from "vitest";
import {command, 
  DevDouble, DevString, DevVoid, defineInterface, devFailed, deviceClass, invalid, type Quality, 
  type RunningServer, readable, reading,spectrum, startServer,
} from "../../tango/index.ts"; // biome-ignore format: a list
import { describeWith } from "../world/peers.ts";
import { type PyTangoClient, pyTangoClient } from "../world/pytango.ts";

const bounds = { minAlarm: -10, maxAlarm: 10, minWarning: -5, maxWarning: 5 };
const alarming = defineInterface({
  name: "Alarming",
  attributes: {
    al1: readable(DevDouble, { ...bounds, label: "al1 lab" }),
    al2: readable(DevDouble, bounds),
    al3: readable(DevDouble, { ...bounds, label: "My Label" }),
    alsp: readable(spectrum(DevDouble, 8), bounds),
    free: readable(DevDouble),
  },
  commands: { Set: command(DevString, DevVoid), Clear: command(DevVoid, DevVoid) },
});

interface Set {
  readonly al1?: number;
  readonly al2?: number | "raise";
  readonly al3?: number;
  readonly alsp?: readonly number[];
  readonly free?: Quality;
  readonly quality?: Quality;
  readonly state?:
    | "ON"
    | "ALARM"
    | "MOVING"
    | "FAULT"
    | "UNKNOWN"
    | "STANDBY"
    | "RUNNING"
    | "OFF"
    | "INIT"
    | "DISABLE"
    | "OPEN"
    | "INSERT";
  readonly status?: string;
}

const Alarming = deviceClass(alarming, (device) => {
  let now: Set = {};
  const number = (value: number | "raise" = 0) => {
    if (value === "raise") throw devFailed("Bh_E", "boom", "me");
    return value;
  };
  device.state = "ON";
  return {
    al1: () => number(now.al1),
    al2: () => {
      if (now.quality === "INVALID") return invalid();
      return reading(number(now.al2), now.quality ? { quality: now.quality } : {});
    },
    al3: () => number(now.al3),
    alsp: () => now.alsp ?? [0],
    free: () => reading(0, now.free ? { quality: now.free } : {}),
    Set: (text) => {
      now = JSON.parse(text) as Set;
      device.state = now.state ?? "ON";
      if (now.status) device.status = now.status;
    },
    Clear: () => {
      now = {};
    },
  };
});

const high = (label: string, kind = "Alarm") => `\n${kind} : Value too high for ${label}`;
const low = (label: string, kind = "Alarm") => `\n${kind} : Value too low for ${label}`;
const ALARM = "The device is in ALARM state.";
const text = "my text";

const recorded: readonly (readonly [Set, state: string, status: string])[] = [
  [{ al2: 11 }, "ALARM", ALARM + high("al2")],
  [{ al1: 11, al2: 11 }, "ALARM", ALARM + high("al1 lab") + high("al2")],
  [
    { al1: -11, al2: 11, al3: 12, alsp: [0, -11] },
    "ALARM",
    ALARM + low("al1 lab") + high("al2") + high("My Label") + low("alsp"),
  ],
  [
    { al1: 6, al2: 11, alsp: [-6, 0] },
    "ALARM",
    ALARM + high("al1 lab", "Warning") + high("al2") + low("alsp", "Warning"),
  ],
  [{ al1: 6, al2: -6 }, "ALARM", ALARM + high("al1 lab", "Warning") + low("al2", "Warning")],
  [{ alsp: [11, -11] }, "ALARM", ALARM + low("alsp")],
  [{ al2: "raise" }, "ON", "The device is in ON state."],
  [{}, "ON", "The device is in ON state."],
  [{ al2: 11, status: text }, "ALARM", text + high("al2")],
  [{ status: text }, "ON", text],
  [{ status: text, state: "ALARM" }, "ALARM", text],
  ...(["MOVING", "FAULT", "UNKNOWN", "STANDBY", "RUNNING", "OFF", "INIT", "DISABLE", "OPEN", "INSERT"] as const).map(
    (state) => [{ al2: 11, status: text, state }, state, text] as const,
  ),
];

const byCode: readonly (readonly [Quality, value: number, quality: string, state: string, line: string])[] = [
  ["VALID", 0, "ATTR_VALID", "ON", ""],
  ["VALID", 6, "ATTR_WARNING", "ALARM", high("al2", "Warning")],
  ["VALID", 11, "ATTR_ALARM", "ALARM", high("al2")],
  ["INVALID", 11, "ATTR_INVALID", "ON", ""],
  ["ALARM", 0, "ATTR_ALARM", "ALARM", ""],
  ["ALARM", 6, "ATTR_ALARM", "ALARM", ""],
  ["WARNING", 0, "ATTR_WARNING", "ALARM", ""],
  ["WARNING", 6, "ATTR_WARNING", "ALARM", ""],
  ["CHANGING", 0, "ATTR_CHANGING", "ON", ""],
  ["CHANGING", 11, "ATTR_CHANGING", "ON", ""],
];

describeWith(["PyTango 9.3"], "alarms", () => {
  let server: RunningServer;
  let client: PyTangoClient;
  beforeAll(async () => {
    server = await startServer({
      server: "Alarming/t",
      classes: [Alarming],
      devices: { Alarming: { "a/larm/1": {} } },
    });
    client = await pyTangoClient("PyTango 9.3");
    await client.py(`d = tango.DeviceProxy("${server.trl("a/larm/1")}")`);
  });
  afterAll(async () => {
    await client?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });
  const set = (values: Set) => `d.Set(${JSON.stringify(JSON.stringify(values))})`;

  test.each(recorded.map(([values, ...expected]) => [JSON.stringify(values), values, expected] as const))(
    "%s",
    async (_, values, [state, status]) => {
      const seen = await client.py(
        `${set(values)}; [str(d.state()), d.status(), str(d.State()), str(d.read_attribute("State").value)]`,
      );
      expect(seen).toEqual([state, status, state, state]);
    },
  );

  test.each(byCode)("quality %s by code, value %d", async (quality, value, shown, state, line) => {
    await client.py(`d.Init(); ${set({ al2: value, quality })}`);
    const seen = await client.py(
      `[str(d.read_attribute("al2").quality), str(d.state()), d.status().partition("state.")[2]]`,
    );
    expect(seen).toEqual([shown, state, line]);
  });

  test("quality ALARM by code on an attribute without bounds has a line of its own", async () => {
    await client.py(`d.Init(); ${set({ free: "ALARM" })}`);
    const seen = await client.py(
      `[str(d.read_attribute("free").quality), str(d.state()), d.status().partition("state.")[2]]`,
    );
    expect(seen).toEqual(["ATTR_ALARM", "ALARM", "\nAlarm : Quality factor set to ALARM for attribute free"]);
    await client.py(`${set({})}; d.read_attribute("free")`);
    expect(await client.py("str(d.state())")).toBe("ON");
  });
});
