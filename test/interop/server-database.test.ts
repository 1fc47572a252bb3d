// SPDX-License-Identifier: MIT
// Our server on the real Tango database: properties of every level, what is kept over restarts, locks, log consumers, Kill.
import { afterAll, beforeAll, expect, test } from "vitest";
import { controlSystem, type RunningServer, startServer } from "../../tango/index.ts";
import type { PyTango } from "../world/everything.ts";
import { OneOfEverything } from "../world/one-of-everything/class.ts";
import { describeWith } from "../world/peers.ts";
import { type PyTangoClient, pyTangoClient } from "../world/pytango.ts";
import { type TangoStack, tangoStack } from "../world/tango-stack.ts";

const PEERS = ["DataBaseds on MariaDB", "PyTango 10.3", "PyTango 9.3"] as const;

describeWith(PEERS, "our server on the real database", () => {
  let stack: TangoStack;
  let server: RunningServer;
  let said = "";
  const start = () =>
    startServer({
      server: "One/db",
      classes: [OneOfEverything],
      database: stack.host,
      write: (text) => {
        said += text;
      },
    });
  beforeAll(async () => {
    stack = await tangoStack({ tangoTest: false });
    await using system = controlSystem({ host: stack.host });
    const devices = ["db/one/1", "db/one/2"].map((device) => ({ device, class: "OneOfEverything" }));
    await system.database().addServer("One/db", devices);
    server = await start();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await stack?.[Symbol.asyncDispose]();
  });
  const restart = async (): Promise<string> => {
    await server[Symbol.asyncDispose]();
    said = "";
    server = await start();
    return said;
  };
  const client = async (which: PyTango): Promise<PyTangoClient> => {
    const found = await pyTangoClient(which, { TANGO_HOST: stack.host });
    await found.py(`
      d, e, a = (tango.DeviceProxy(name) for name in ("db/one/1", "db/one/2", "dserver/One/db"))
      db = tango.Database()
      def v(name): return d.read_attribute(name).value
      def shown(name, *fields):
          c = d.get_attribute_config(name)
          return [getattr(c, f) for f in fields]
    `);
    return found;
  };

  test.each(["PyTango 9.3", "PyTango 10.3"] as const)("%s: configuration is kept in the database", async (which) => {
    await using one = await client(which);
    const { py } = one;
    await py(`
      c = d.get_attribute_config("limited")
      c.unit, c.min_value, c.events.ch_event.abs_change = "m", "-1e1", "0.1,0.2"
      d.set_attribute_config(c)
    `);
    const rows = `{k: list(x) for k, x in db.get_device_attribute_property("db/one/1", "limited")["limited"].items()}`;
    expect(await py(rows)).toEqual({ unit: ["m"], min_value: ["-1e1"], abs_change: ["-0.1", "0.2"] });
    await restart();
    expect(await py(`until(lambda: d.ping() > 0); shown("limited", "unit", "min_value", "max_value")`)).toEqual([
      "m",
      "-1e1",
      "100",
    ]);
    await py(`
      c = d.get_attribute_config("limited")
      c.unit, c.min_value, c.events.ch_event.abs_change = "", "NaN", "Not specified"
      d.set_attribute_config(c)
    `);
    expect(await py(rows)).toEqual({});
    expect(await py(`shown("limited", "unit", "min_value", "max_value")`)).toEqual(["mm", "-100", "100"]);
  });

  test.each(["PyTango 9.3", "PyTango 10.3"] as const)("%s: class over code, device over class", async (which) => {
    await using one = await client(which);
    const { py } = one;
    await py(`
      db.put_class_attribute_property("OneOfEverything", {"limited": {"unit": ["class"], "label": ["class"]}})
      db.put_device_attribute_property("db/one/1", {"limited": {"unit": ["device"]}})
      a.DevRestart("db/one/1"); a.DevRestart("db/one/2")
    `);
    try {
      await restart();
      expect(await py(`until(lambda: d.ping() > 0); shown("limited", "unit", "label", "description")`)).toEqual([
        "device",
        "class",
        "Limits",
      ]);
      // The class's own words must be written down, or the database's would win at the next start.
      await py(`c = d.get_attribute_config("limited"); c.unit = ""; d.set_attribute_config(c)`);
      expect(
        await py(
          `[shown("limited", "unit"), list(db.get_device_attribute_property("db/one/1", "limited")["limited"]["unit"])]`,
        ),
      ).toEqual([["mm"], ["mm"]]);
      await py(`c = d.get_attribute_config("limited"); c.unit = "NaN"; d.set_attribute_config(c)`);
      expect(await py(`shown("limited", "unit")`)).toEqual(["class"]);
    } finally {
      await py(`db.delete_class_attribute_property("OneOfEverything", {"limited": ["unit", "label"]})`);
      await restart();
    }
  });

  test("what was set is set again after a restart; a refused one is told", async () => {
    await using one = await client("PyTango 10.3");
    const { py } = one;
    await py(`d.write_attribute("kept", 1/3); d.write_attribute("shown", -7)`);
    const value = (name: string) =>
      py(`db.get_device_attribute_property("db/one/1", "${name}")["${name}"]["__value"][0]`);
    expect([await value("kept"), await value("shown")]).toEqual(["0.333333333333333", "-7"]);
    await restart();
    expect(
      await py(`until(lambda: d.ping() > 0); [v("kept"), d.read_attribute("shown").w_value, list(d.Writes())]`),
    ).toEqual([0.333333333333333, -7, ["kept 0.333333333333333"]]);
    await py(`db.put_device_attribute_property("db/one/1", {"kept": {"__value": ["13"]}})`);
    await restart();
    expect(await py(`until(lambda: d.ping() > 0); [str(d.state()), d.status()]`)).toEqual([
      "ALARM",
      expect.stringMatching(/Memorized attribute kept has failed during device startup sequence/),
    ]);
    expect(await py(`errors_of(lambda: v("kept"))`)).toEqual(
      expect.arrayContaining([
        ["API_MemAttFailedDuringInit", expect.stringContaining("kept is a memorized attribute")],
      ]),
    );
    await py(`db.put_device_attribute_property("db/one/1", {"kept": {"__value": ["abc"]}})`);
    expect(await restart()).toContain(
      "Memorized value for attribute kept (device db/one/1) is in an incorrect format !",
    );
    expect(await py(`until(lambda: d.ping() > 0); [str(d.state()), v("kept")]`)).toEqual(["ON", 0]);
  });

  test("wrong properties in the database: ALARM, and the attribute says what is wrong", async () => {
    await using one = await client("PyTango 9.3");
    const { py } = one;
    await py(`
      db.put_device_attribute_property("db/one/1", {"limited": {"min_value": ["abc"]}})
      a.DevRestart("db/one/1")
    `);
    expect(await py(`[str(d.state()), d.status()]`)).toEqual(["ALARM", expect.stringContaining("limited")]);
    expect(await py(`errors_of(lambda: v("limited"))[0]`)).toEqual([
      "API_AttrConfig",
      expect.stringContaining("The property min_value is defined in an unsupported format"),
    ]);
    await py(`db.delete_device_attribute_property("db/one/1", {"limited": ["min_value"]}); a.DevRestart("db/one/1")`);
    expect(await py(`[str(d.state()), v("limited")]`)).toEqual(["ON", 0]);
  });

  test("polling set by a client is there after a restart", async () => {
    await using one = await client("PyTango 9.3");
    const { py } = one;
    await py(`d.poll_attribute("counter", 100); d.poll_command("Count", 200)`);
    const rows = `[[x.lower() for x in db.get_device_property("db/one/1", p)[p]] for p in ("polled_attr", "polled_cmd")]`;
    expect(await py(rows)).toEqual([expect.arrayContaining(["counter", "100"]), ["count", "200"]]);
    await restart();
    expect(
      await py(
        `until(lambda: d.ping() > 0); [d.get_attribute_poll_period("counter"), d.get_command_poll_period("Count")]`,
      ),
    ).toEqual([100, 200]);
    await py(`d.stop_poll_attribute("counter"); d.stop_poll_command("Count")`);
    expect(await py(rows)).toEqual([expect.not.arrayContaining(["counter"]), []]);
  });

  test("properties: what Init reads anew", async () => {
    await using one = await client("PyTango 10.3");
    expect(await one.py(`db.put_device_property("db/one/2", {"Host": ["there"]}); e.Init(); str(e.state())`)).toBe(
      "ON",
    );
    expect(server.device("db/one/2").properties).toEqual({ Host: "there", Gains: Float64Array.of(1.5, 2) });
  });

  test.each(["PyTango 9.3", "PyTango 10.3"] as const)(
    "%s: a lock keeps others out until it is given back",
    async (which) => {
      await using one = await client(which);
      await using other = await client(which);
      await one.py("d.lock()");
      expect(await one.py("d.Count()")).toEqual(expect.any(Number));
      expect(await other.py("[d.is_locked(), d.is_locked_by_me(), str(d.state())]")).toEqual([true, false, "ON"]);
      for (const call of ["d.Count()", `d.write_attribute("limited", 1)`, `a.DevRestart("db/one/1")`])
        expect(await other.py(`errors_of(lambda: ${call})[0][0]`)).toBe("API_DeviceLocked");
      expect(await other.py(`d.read_attribute("limited").has_failed`)).toBe(false);
      await other.py("d.unlock(True)");
      expect(await one.py("errors_of(d.Count)[0]")).toEqual([
        "API_DeviceUnlocked",
        expect.stringContaining("administrative client"),
      ]);
      await one.py("errors_of(d.unlock)");
      expect(await one.py("d.Count()")).toEqual(expect.any(Number));
      await one.py("d.lock(); d.lock(); d.unlock()");
      expect(await other.py("d.is_locked()")).toBe(true);
      await one.py("d.unlock()");
      expect(await other.py("d.is_locked()")).toBe(false);
    },
  );

  test("events by name; no restart and no Init ends them", async () => {
    await using one = await client("PyTango 9.3");
    expect(
      await one.py(`
        h = Heard(d, "pushed", tango.EventType.CHANGE_EVENT)
        # The client returns from subscribing before its filter has reached the server.
        heard = until(lambda: (d.Push(1), len(h.events) > 1)[1])
        a.DevRestart("db/one/1")
        d.Push(2)
        after = [until(lambda: h.events[-1].get("value") == 2)]
        for number, restart in ((3, a.RestartServer), (4, lambda: a.command_inout("Init")), (5, lambda: d.command_inout("Init"))):
            restart()
            until(lambda: d.ping() > 0)
            d.Push(number)
            after.append(until(lambda: h.events[-1].get("value") == number))
        [heard, after, h.stop()]
      `),
    ).toEqual([true, [true, true, true, true], null]);
  });

  test("Kill ends the server; its devices are no longer exported", async () => {
    await using one = await client("PyTango 10.3");
    await one.py("a.Kill()");
    await server.killed;
    await server[Symbol.asyncDispose]();
    expect(await one.py(`[bool(db.get_device_info(n).exported) for n in ("db/one/1", "dserver/One/db")]`)).toEqual([
      false,
      false,
    ]);
    expect(await one.py("errors_of(d.ping)[0][0]")).toMatch(
      /API_(CorbaException|DeviceNotExported|CantConnectToDevice)/,
    );
    server = await start();
    expect(await one.py("until(lambda: d.ping() > 0)")).toBe(true);
  });
});
