// SPDX-License-Identifier: MIT
// Forwarded attributes: our server stands between PyTango clients and attributes of a PyTango server, on the real database.
// The texts and their order are those recorded on forwarders of cppTango 9.3.4 and 10.3.3.
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  command, controlSystem, DevDouble, DevString, DevVoid, defineInterface, deviceClass, forwarded, type RunningServer,
  readable, startServer,
} from "../../tango/index.ts"; // biome-ignore format: a list
import { type EverythingServer, everythingServer, type PyTango } from "../world/everything.ts";
import { describeWith } from "../world/peers.ts";
import { type PyTangoClient, pyTangoClient } from "../world/pytango.ts";
import { type TangoStack, tangoStack } from "../world/tango-stack.ts";

const forwarder = defineInterface({
  name: "Forwarder",
  attributes: { local: readable(DevDouble) },
  forwarded: { f1: forwarded({ label: "fwdlabel" }), f2: forwarded(), pushed: forwarded() },
  commands: { Attach: command(DevString, DevVoid), Detach: command(DevVoid, DevVoid) },
});

const Forwarder = deviceClass(forwarder, (device) => {
  device.state = "ON";
  let attached: Disposable | undefined;
  return {
    local: () => 1,
    Attach: (root) => {
      attached = device.attach("attached", forwarded({ root }));
    },
    Detach: () => attached?.[Symbol.dispose](),
  };
});

const advice = "You can update it using the Jive tool";
const wrong = (name: string, root: string, problem: string) =>
  `Forwarded attribute ${name} is not correctly configured! \nRoot attribute name = ${root}\n${advice}\nError: ${problem}`;
const away = (name: string, root: string) =>
  `Forwarded attribute ${name} is not reachable! \nRoot attribute name = ${root}\nError: Root device not started yet. Polling (if any) for this attribute not available`;

for (const which of ["PyTango 9.3", "PyTango 10.3"] satisfies PyTango[]) {
  describeWith(["DataBaseds on MariaDB", which], `attributes of ${which}, forwarded to its clients`, () => {
    let stack: TangoStack;
    let root: EverythingServer;
    let server: RunningServer;
    let client: PyTangoClient;
    let place: string;
    beforeAll(async () => {
      stack = await tangoStack({ tangoTest: false });
      place = `tango://${stack.host}`;
      root = await everythingServer(stack, which, "root");
      await using system = controlSystem({ host: stack.host });
      await system.database().addServer("Forwarder/f", [{ device: "fwd/test/1", class: "Forwarder" }]);
      client = await pyTangoClient(which, { TANGO_HOST: stack.host });
      await client.py(`db = tango.Database()`);
      server = await startServer({ server: "Forwarder/f", classes: [Forwarder], database: stack.host });
      await client.py(`
        d, r, a = (tango.DeviceProxy(n) for n in ("fwd/test/1", "test/everything/root", "dserver/Forwarder/f"))
        def v(name): return d.read_attribute(name).value
        def rooted(**roots):
            for name, root in roots.items():
                if root is None: db.delete_device_attribute_property("fwd/test/1", {name: ["__root_att"]})
                else: db.put_device_attribute_property("fwd/test/1", {name: {"__root_att": [root]}})
            a.DevRestart("fwd/test/1")
            return [str(d.state()), d.status(), list(d.get_attribute_list())]
        def rows(device, name): return {k: list(x) for k, x in db.get_device_attribute_property(device, name)[name].items()}
      `);
    });
    afterAll(async () => {
      await client?.[Symbol.asyncDispose]();
      await server?.[Symbol.asyncDispose]();
      await root?.[Symbol.asyncDispose]();
      await stack?.[Symbol.asyncDispose]();
    });
    const py = (source: string) => client.py(source);
    const good = `rooted(f1="test/everything/root/limited", f2="test/everything/root/double_spectrum", pushed="test/everything/root/counter")`;

    test("what is wrongly configured is not there, and the Status says why", async () => {
      const state = (f2: string) => py(`rooted(f1="test/everything/root/limited", f2=${f2}, pushed=None)`);
      const limited = `${place}/test/everything/root/limited`;
      const cases: readonly (readonly [f2: string, shown: string, problem: string])[] = [
        ["None", "Not defined", "Missing or wrong root attribute definition"],
        [`"bad"`, "bad", "Wrong syntax in root attribute definition"],
        [`"a/b/c/d"`, `${place}/a/b/c/d`, "Wrong root device"],
        [`"fwd/test/1/local"`, `${place}/fwd/test/1/local`, "Root device is local device"],
        [`"test/everything/root/nosuch"`, `${place}/test/everything/root/nosuch`, "Attribute not found in root device"],
        [
          `"test/everything/root/limited"`,
          limited,
          "Root attribute already used in this device server process for attribute fwd/test/1/f1",
        ],
      ];
      for (const [f2, shown, problem] of cases) {
        expect(await state(f2)).toEqual([
          "ALARM",
          [
            "The device is in ALARM state.",
            wrong("f2", shown, problem),
            wrong("pushed", "Not defined", "Missing or wrong root attribute definition"),
          ].join("\n"),
          ["local", "f1", "State", "Status"],
        ]);
      }
      expect(await py(`errors_of(lambda: v("f2"))[0]`)).toEqual(["API_AttrNotFound", "f2 attribute not found"]);
      // Init makes the device anew, not the ways to its roots: what is wrong stays told.
      expect(await py(`d.Init(); [str(d.state()), v("f1")]`)).toEqual(["ALARM", 0]);
    });

    test("values, set values and writes are the root's", async () => {
      expect(await py(good)).toEqual([
        "ON",
        "The device is in ON state.",
        expect.arrayContaining(["local", "f1", "f2", "pushed"]),
      ]);
      expect(
        await py(`d.write_attribute("f1", 7.5); x = d.read_attribute("f1"); [x.value, x.w_value, x.name]`),
      ).toEqual([7.5, 7.5, "f1"]);
      expect(
        await py(`[r.read_attribute("limited").value, v("f2"), [x.value for x in d.read_attributes(["local", "f1"])]]`),
      ).toEqual([7.5, [0.1, 0.1, 0.1], [1, 7.5]]);
      expect(await py(`x = d.write_read_attribute("f2", [1, 2.5]); [x.value, x.w_value]`)).toEqual([
        [1, 2.5],
        [1, 2.5],
      ]);
      expect(await py(`d.write_attribute("f1", 60); str(d.read_attribute("f1").quality)`)).toBe("ATTR_ALARM");
      expect(await py(`d.write_attribute("f1", 0); str(d.state())`)).toBe("ON");
      expect(await py(`errors_of(lambda: d.write_attribute("f1", 1000))[:2]`)).toEqual([
        ["API_WAttrOutsideLimit", expect.stringMatching(/attribute limited is above the maximum authorized/)],
        ["API_AttributeFailed", "Failed to write_attribute on device test/everything/root, attribute limited"],
      ]);
      expect(await py(`[x for x in a.QuerySubDevice()]`)).toEqual(["fwd/test/1 test/everything/root"]);
    });

    test("the configuration is the root's but for the label", async () => {
      const shown = `
        def shown(device, name):
            c = device.get_attribute_config_ex(name)[0]
            return [c.label, c.unit, c.min_value, c.max_value, c.format, c.root_attr_name, c.writable_attr_name, str(c.writable), str(c.memorized)]
      `;
      const named = `${place}/test/everything/root/limited`;
      expect(
        await py(`${shown}
        shown(d, "f1")`),
      ).toEqual(["fwdlabel", "mm", "-100", "100", "%8.3f", named, "f1", "READ_WRITE", "NONE"]);
      expect(
        await py(`
          c = d.get_attribute_config_ex("f1")[0]; c.label, c.unit, c.max_value = "FL", "zz", "50"
          d.set_attribute_config(c)
          [shown(d, "f1")[:4], shown(r, "limited")[:4], rows("fwd/test/1", "f1"), rows("test/everything/root", "limited")]
        `),
      ).toEqual([
        ["FL", "zz", "-100", "50"],
        ["Position", "zz", "-100", "50"],
        { label: ["FL"], __root_att: ["test/everything/root/limited"] },
        expect.objectContaining({ unit: ["zz"], max_value: ["50"] }),
      ]);
      expect(
        await py(`
          c = r.get_attribute_config_ex("limited")[0]; c.label, c.min_value = "RL", "-99"
          r.set_attribute_config(c)
          [until(lambda: shown(d, "f1")[2] == "-99"), shown(d, "f1")[0]]
        `),
      ).toEqual([true, "FL"]);
      expect(
        await py(
          `c = d.get_attribute_config_ex("f1")[0]; c.label = ""; d.set_attribute_config(c); [shown(d, "f1")[0], rows("fwd/test/1", "f1")]`,
        ),
      ).toEqual(["fwdlabel", { __root_att: ["test/everything/root/limited"] }]);
      expect(
        await py(`
        c = d.get_attribute_config_ex("f1")[0]; c.max_value = "abc"
        errors_of(lambda: d.set_attribute_config(c))[0]`),
      ).toEqual(["API_AttrOptProp", expect.stringContaining("max_value is defined in an unsupported format")]);
    });

    test("it is polled at the root, whose history it gives", async () => {
      expect(await py(`errors_of(lambda: d.poll_attribute("f1", 500))[0]`)).toEqual([
        "API_NotSupportedFeature",
        `Attribute f1 is a forwarded attribute.\nIt's not supported to poll a forwarded attribute.\nPolling has to be done on the root attribute (${place}/test/everything/root/limited)`,
      ]);
      expect(await py(`errors_of(lambda: d.subscribe_event("f1", tango.EventType.CHANGE_EVENT, print))[0]`)).toEqual([
        "API_AttributePollingNotStarted",
        "The polling (necessary to send events) for the attribute limited is not started",
      ]);
      expect(await py(`errors_of(lambda: d.attribute_history("f1", 2))[0][0]`)).toBe("API_AttrNotPolled");
      expect(
        await py(`
          r.poll_attribute("limited", 50)
          until(lambda: len(d.attribute_history("f1", 3)) == 3)
          history = d.attribute_history("f1", 3)
          d.set_source(tango.DevSource.CACHE)
          cached = v("f1")
          d.set_source(tango.DevSource.CACHE_DEV)
          [[x.name for x in history], [x.value for x in history], cached]
        `),
      ).toEqual([["f1", "f1", "f1"], [0, 0, 0], 0]);
    });

    test("events come through under its own name: polled, pushed, configuration, and over restarts of the forwarder", async () => {
      const events = await py(`
        h = Heard(d, "f1", tango.EventType.CHANGE_EVENT)
        c = Heard(d, "f1", tango.EventType.ATTR_CONF_EVENT)
        p = Heard(d, "pushed", tango.EventType.CHANGE_EVENT)
        h.wait(1); c.wait(1); p.wait(1)
        d.write_attribute("f1", 5); h.wait(3)
        r.Push(41); r.Push(42); p.wait(3)
        x = r.get_attribute_config_ex("limited")[0]; x.unit = "km"; r.set_attribute_config(x)
        c.wait(2)
        [h.events[-1], p.events[-2:], c.events[-1]]
      `);
      expect(events).toEqual([
        { value: 5, quality: "ATTR_VALID" },
        [
          { value: 41, quality: "ATTR_VALID" },
          { value: 42, quality: "ATTR_VALID" },
        ],
        { label: "fwdlabel", unit: "km" },
      ]);
      expect(
        await py(`
          a.DevRestart("fwd/test/1")
          before = len(p.events)
          until(lambda: (r.Push(77), len(p.events) > before)[1])
          [p.events[-1], str(d.state())]
        `),
      ).toEqual([{ value: 77, quality: "ATTR_VALID" }, "ON"]);
    });

    test("the root's server goes away and comes back", async () => {
      await root.stop("SIGTERM");
      expect(await py(`errors_of(lambda: v("f1"))[-2][1]`)).toBe(
        "Failed to read_attribute on device test/everything/root, attribute limited",
      );
      expect(await py(`[str(d.state()), shown(d, "f1")[0], v("local")]`)).toEqual(["ON", "fwdlabel", 1]);
      expect(await py(`until(lambda: {"errors": ["API_EventTimeout"]} in p.events, 20)`)).toBe(true);
      await root.start();
      expect(
        await py(
          `[until(lambda: v("f1") == 0, 20), until(lambda: (r.Push(91), p.events[-1] == {"value": 91, "quality": "ATTR_VALID"})[1], 20)]`,
        ),
      ).toEqual([true, true]);
    });

    test("started before its root it says so, and has the attribute when the root is there", async () => {
      await root.stop("SIGTERM");
      const changes = `
        h.stop(); c.stop(); p.stop()
        i = Heard(d, None, tango.EventType.INTERFACE_CHANGE_EVENT)
        i.wait(1)
        ${good}[:2]`;
      expect(await py(changes)).toEqual([
        "ALARM",
        [
          "The device is in ALARM state.",
          away("f1", `${place}/test/everything/root/limited`),
          away("f2", `${place}/test/everything/root/double_spectrum`),
          away("pushed", `${place}/test/everything/root/counter`),
        ].join("\n"),
      ]);
      await root.start();
      expect(
        await py(`[until(lambda: v("f1") == 0, 20), until(lambda: str(d.state()) == "ON", 20), d.status()]`),
      ).toEqual([true, true, "The device is in ON state."]);
      expect(await py(`until(lambda: any("f1" in e.get("attributes", []) for e in i.events[1:]), 20)`)).toBe(true);
    });

    test("one more, while the device runs", async () => {
      expect(
        await py(`
          d.Attach("test/everything/root/string_scalar")
          seen = until(lambda: v("attached") == "text")
          d.Detach()
          [seen, errors_of(lambda: v("attached"))[0][0]]
        `),
      ).toEqual([true, "API_AttrNotFound"]);
    });
  });
}
