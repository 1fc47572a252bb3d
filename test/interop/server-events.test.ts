// SPDX-License-Identifier: MIT
// Events of our server as PyTango 9.3 and 10.3 hear them: of every kind, pushed, checked, and found by polling.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PyTango } from "../world/everything.ts";
import { type Served, served } from "../world/one-of-everything/served.ts";
import { describeWith } from "../world/peers.ts";

for (const which of ["PyTango 9.3", "PyTango 10.3"] satisfies PyTango[]) {
  describeWith([which], `${which} on our server`, () => {
    let one: Served;
    beforeAll(async () => {
      one = await served(which);
    });
    afterAll(() => one[Symbol.asyncDispose]());
    const py = (source: string) => one.py(source);
    const values = (...read: unknown[]) => read.map((value) => ({ value, quality: "ATTR_VALID" }));
    /**
     * Subscribes, waits for what the subscription itself brings (`first` events; a polled attribute's first detection may
     * come before the client is connected), does `actions`, gives the events after it.
     */
    const heard = (attribute: string, kind: string, actions: string, count: number, first = 1) =>
      py(`
        h = Heard(d, "${attribute}", tango.EventType.${kind})
        first = len(h.wait(${first}, 0.3))
        ${actions}
        events = h.wait(first + ${count})[first:]
        h.stop()
        events
      `);

    test("change, pushed by the device's code: every one, in order", async () => {
      expect(await heard("pushed", "CHANGE_EVENT", "d.Push(5); d.Push(5); d.Push(7)", 3)).toEqual(values(5, 5, 7));
      expect(await heard("pushed", "CHANGE_EVENT", `d.PushOther("error"); d.Push(8)`, 2)).toEqual([
        { errors: ["MyReason"] },
        ...values(8),
      ]);
    });

    test("a burst of pushes arrives whole", async () => {
      await py("d.Push(0)");
      const all = await heard("pushed", "CHANGE_EVENT", "d.PushMany(5000)", 5000);
      expect(all).toEqual(values(...Array.from({ length: 5000 }, (_, index) => index + 1)));
    });

    test("change, pushed and checked against the criteria", async () => {
      const pushes = "[d.PushChecked(x) for x in (0.5, 1, 1.5, 1.6, 3)]";
      expect(await heard("checked", "CHANGE_EVENT", pushes, 3)).toEqual(values(0.5, 1.5, 3));
      expect(await heard("checkedList", "CHANGE_EVENT", pushes, 3)).toEqual(values([0.5, 0.5], [1.5, 1.5], [3, 3]));
    });

    test("change and archive, found by polling", async () => {
      await py("d.Turn(0); until(lambda: v('turning') == 0)");
      const turns = (steps: string) => `for x in (${steps}):\n            d.Turn(x); time.sleep(0.1)`;
      expect(await heard("turning", "CHANGE_EVENT", turns("0.5, 1, 1.2, 2.5"), 2, 2)).toEqual(values(1, 2.5));
      expect(await heard("turning", "CHANGE_EVENT", turns("99, 120"), 2, 1)).toEqual([
        { errors: ["MyReason"] },
        { value: 120, quality: "ATTR_ALARM" },
      ]);
      await py("d.Turn(0); time.sleep(0.1)");
      expect(await heard("turning", "ARCHIVE_EVENT", turns("1, 2, 3, 4.5"), 2, 2)).toEqual(values(2, 4.5));
    });

    test("periodic, at the attribute's period", async () => {
      await py("d.Turn(3); time.sleep(0.1)");
      const started = performance.now();
      expect(await heard("turning", "PERIODIC_EVENT", "", 4)).toEqual(values(3, 3, 3, 3));
      expect(performance.now() - started).toBeGreaterThan(280);
    });

    test("archive and user events pushed by code, data ready", async () => {
      await py("d.Push(21)");
      expect(await heard("pushed", "ARCHIVE_EVENT", `d.PushOther("archive")`, 1)).toEqual(values(21));
      expect(await heard("pushed", "USER_EVENT", `d.PushOther("user")`, 1)).toEqual(values(21));
      expect(await heard("pushed", "DATA_READY_EVENT", `d.PushOther("data_ready")`, 1, 0)).toEqual([{ counter: 21 }]);
    });

    test("attribute configuration, set by a client and by code", async () => {
      const set = `
        c = d.get_attribute_config("limited"); c.label = "Other"; c.unit = "m"
        d.set_attribute_config(c)
        d.PushOther("unit")`;
      expect(await heard("limited", "ATTR_CONF_EVENT", set, 2)).toEqual([
        { label: "Other", unit: "m" },
        { label: "Other", unit: "km" },
      ]);
    });

    test("interface change: an attribute attached and removed", async () => {
      expect(
        await py(`
          h = Heard(d, None, tango.EventType.INTERFACE_CHANGE_EVENT)
          h.wait(1)
          d.Attach("extra")
          h.wait(2)
          seen = v("extra")
          d.Detach("extra")
          events = h.wait(3)
          h.stop()
          seen, [(e["started"], "extra" in e["attributes"]) for e in events]
        `),
      ).toEqual([
        4.5,
        [
          [true, false],
          [false, true],
          [false, false],
        ],
      ]);
    });

    test("state: pushed when it changes", async () => {
      const changes = "d.SetState(tango.DevState.MOVING); d.SetState(tango.DevState.ON)";
      expect(await heard("State", "CHANGE_EVENT", changes, 2)).toEqual(values("MOVING", "ON"));
    });

    test("what cannot be subscribed to says why", async () => {
      const reason = (attribute: string, kind: string) =>
        py(`errors_of(lambda: d.subscribe_event("${attribute}", tango.EventType.${kind}, print))[0][0]`);
      expect(await reason("counter", "CHANGE_EVENT")).toBe("API_AttributePollingNotStarted");
      expect(await reason("counter", "DATA_READY_EVENT")).toBe("API_AttributeNotDataReadyEnabled");
      expect(await reason("nothing", "CHANGE_EVENT")).toBe("API_AttrNotFound");
    });

    if (which === "PyTango 9.3") {
      test("pipes", async () => {
        expect(
          await py(`
            h = Heard(d, "aPipe", tango.EventType.PIPE_EVENT)
            h.wait(1)
            d.PushOther("pipe")
            events = h.wait(2)
            h.stop()
            events
          `),
        ).toMatchObject([
          {
            pipe: [
              ["a", 1.5],
              ["b", ["x", "y"]],
              ["c", expect.anything()],
            ],
          },
          { pipe: [["a", 1.5], expect.anything(), expect.anything()] },
        ]);
      });
    } else {
      test("the event system tells its counters and times as that of PyTango 10.3 does", async () => {
        const told = (await py(`
          import json
          h = Heard(d, "pushed", tango.EventType.CHANGE_EVENT)
          a.EnableEventSystemPerfMon(True)
          d.Push(1); d.Push(2)
          h.wait(3)
          told = json.loads(a.QueryEventSystem())
          a.EnableEventSystemPerfMon(False)
          h.stop()
          [told, json.loads(a.QueryEventSystem())["server"]["perf"]]
        `)) as [{ server: { event_counters: object; perf: object[] } }, unknown];
        const topic = `${one.server.trl("test/one/1").replace("#dbase=no", "")}/pushed#dbase=no.change`;
        expect(told).toEqual([
          {
            version: 1,
            client: null,
            server: expect.objectContaining({
              event_counters: expect.objectContaining({ [topic]: expect.any(Number) }),
              perf: expect.arrayContaining([
                { micros_since_last_event: null, push_event_micros: expect.any(Number) },
                { micros_since_last_event: expect.any(Number), push_event_micros: expect.any(Number) },
              ]),
            }),
          },
          null,
        ]);
      });

      test("alarm: when the quality crosses a bound, and pushed", async () => {
        await py("d.Turn(3); time.sleep(0.1)");
        const turns = "for x in (4, 120, 130, 5):\n            d.Turn(x); time.sleep(0.1)";
        expect(await heard("turning", "ALARM_EVENT", turns, 2, 2)).toEqual([
          { value: 120, quality: "ATTR_ALARM" },
          { value: 5, quality: "ATTR_VALID" },
        ]);
      });
    }

    test("Init of the device and of the admin device end no subscription", async () => {
      const inits = "d.Push(1); d.Init(); d.Push(2); a.Init(); d.Push(3)";
      expect(await heard("pushed", "CHANGE_EVENT", inits, 3)).toEqual(values(1, 2, 3));
    });

    test("two clients, each with its own subscription; one leaving does not touch the other", async () => {
      expect(
        await py(`
          first, second = (Heard(d, "pushed", tango.EventType.CHANGE_EVENT) for _ in range(2))
          first.wait(1); second.wait(1)
          d.Push(1); first.wait(2); second.wait(2)
          first.stop()
          d.Push(2)
          got = second.wait(3)[1:]
          second.stop()
          [[e["value"] for e in first.events[1:]], [e["value"] for e in got]]
        `),
      ).toEqual([[1], [1, 2]]);
    });
  });
}
