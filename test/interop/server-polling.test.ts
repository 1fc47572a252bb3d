// SPDX-License-Identifier: MIT
// Polling by our server as PyTango 9.3 and 10.3 use it: caches, histories, status, periods, triggers.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PyTango } from "../world/everything.ts";
import { type Served, served } from "../world/one-of-everything/served.ts";
import { describeWith } from "../world/peers.ts";

const device = "test/one/1";
/** Commands of the admin device, in Python. */
const add = (kind: "attribute" | "command", name: string, period: number) =>
  `a.AddObjPolling(([${period}], ["${device}", "${kind}", "${name}"]))`;
const update = (name: string, period: number) =>
  `a.UpdObjPollingPeriod(([${period}], ["${device}", "attribute", "${name}"]))`;
const remove = (kind: "attribute" | "command", name: string) => `a.RemObjPolling(["${device}", "${kind}", "${name}"])`;

for (const which of ["PyTango 9.3", "PyTango 10.3"] satisfies PyTango[]) {
  describeWith([which], `${which} on our server`, () => {
    let one: Served;
    beforeAll(async () => {
      one = await served(which);
      await one.py(remove("attribute", "turning")); // which the class polls
    });
    afterAll(() => one[Symbol.asyncDispose]());
    const py = (source: string) => one.py(source);
    const failure = (source: string) => py(`errors_of(lambda: ${source})[0]`);

    test("a polled attribute is read from the cache, by the client's choice", async () => {
      expect(await py("[d.get_source() == tango.DevSource.CACHE_DEV, d.is_attribute_polled('counter')]")).toEqual([
        true,
        false,
      ]);
      await py(add("attribute", "counter", 50));
      expect(await py(`[d.is_attribute_polled("counter"), d.get_attribute_poll_period("counter")]`)).toEqual([
        true,
        50,
      ]);
      const seen = await py(`
        until(lambda: len(d.attribute_history("counter", 10)) >= 3)
        d.set_source(tango.DevSource.CACHE)
        cached = [v("counter") for _ in range(20)]
        d.set_source(tango.DevSource.DEV)
        read = [v("counter") for _ in range(5)]
        d.set_source(tango.DevSource.CACHE_DEV)
        [len(set(cached)) < 5, [x - read[0] for x in read][1:] >= [1, 2, 3, 4]]
      `);
      expect(seen).toEqual([true, true]);
    });

    test("the history is what was read, oldest first, failures and all", async () => {
      expect(
        await py(`
          h = d.attribute_history("counter", 3)
          [len(h), [b.value - a.value for a, b in zip(h, h[1:])], h[0].time.totime() < h[1].time.totime()]
        `),
      ).toEqual([3, [expect.any(Number), expect.any(Number)], true]);
      await py(add("attribute", "failing", 30));
      expect(
        await py(`
          until(lambda: len(d.attribute_history("failing", 5)) >= 2)
          [(x.has_failed, x.get_err_stack()[0].reason) for x in d.attribute_history("failing", 2)]
        `),
      ).toEqual([[true, "MyReason"], [true, "MyReason"]]); // biome-ignore format: two records
      await py(add("attribute", "double_image", 30));
      expect(
        await py(`
          until(lambda: len(d.attribute_history("double_image", 5)) >= 2)
          [x.value for x in d.attribute_history("double_image", 1)]
        `),
      ).toEqual([[[0.1, 0.1, 0.1], [0.1, 0.1, 0.1]]]); // biome-ignore format: one image
      await py(`${remove("attribute", "failing")}; ${remove("attribute", "double_image")}`);
    });

    test("commands are polled too", async () => {
      await py(add("command", "Count", 40));
      expect(
        await py(`
          until(lambda: len(d.command_history("Count", 10)) >= 3)
          h = d.command_history("Count", 3)
          d.set_source(tango.DevSource.CACHE)
          cached = [d.Count() for _ in range(10)]
          d.set_source(tango.DevSource.CACHE_DEV)
          [len(h), h[0].has_failed(), len(set(cached)) < 4]
        `),
      ).toEqual([3, false, true]);
      expect(await failure(add("command", "Turn", 100))).toEqual([
        "API_IncompatibleCmdArgumentType",
        "Command turn cannot be polled because it needs input value",
      ]);
    });

    test("the status of polling: commands first, then attributes", async () => {
      const [count, counter] = (await py(`list(a.DevPollStatus("${device}"))`)) as string[];
      expect(count).toMatch(
        /^Polled command name = Count\nPolling period \(mS\) = 40\nPolling ring buffer depth = 10\nTime needed for the last command execution \(mS\) = [\d.]+\nData not updated since \d+ mS\nDelta between last records \(in mS\) = \d+(, \d+)*$/,
      );
      expect(counter).toMatch(
        /^Polled attribute name = counter\nPolling period \(mS\) = 50\nPolling ring buffer depth = 10\nTime needed for the last attribute reading \(mS\) = [\d.]+\nData not updated since \d+ mS\nDelta between last records \(in mS\) = \d+(, \d+)*$/,
      );
      await py(remove("command", "Count"));
      expect(await py(`len(a.DevPollStatus("${device}"))`)).toBe(1);
      expect(await py("list(a.PolledDevice())")).toEqual([device]);
    });

    test("periods that cannot be are refused, others taken at once", async () => {
      expect(await failure(update("counter", 4))).toEqual([
        "API_NotSupported",
        "4 is below the min authorized period (5 mS)",
      ]);
      await py(update("counter", 20));
      expect(await py(`d.get_attribute_poll_period("counter")`)).toBe(20);
      expect(await failure(add("attribute", "counter", 100))).toEqual([
        "API_AlreadyPolled",
        expect.stringContaining("counter"),
      ]);
      expect(await failure(remove("attribute", "limited"))).toEqual([
        "API_PollObjNotFound",
        expect.stringContaining("limited"),
      ]);
      expect(await failure(`a.DevPollStatus("no/such/device")`)).toEqual(["API_DeviceNotFound", expect.anything()]);
    });

    test("StopPolling ages the cache, StartPolling refreshes it", async () => {
      await py("a.StopPolling()");
      expect(await py("a.status()")).toContain("The polling is OFF");
      expect(
        await py(`
          d.set_source(tango.DevSource.CACHE)
          old = until(lambda: (errors_of(lambda: v("counter")) or [[""]])[0][0] == "API_NotUpdatedAnyMore", 3)
          a.StartPolling()
          again = until(lambda: errors_of(lambda: v("counter")) is None)
          d.set_source(tango.DevSource.CACHE_DEV)
          [old, again, a.status()]
        `),
      ).toEqual([true, true, expect.stringContaining("The polling is ON")]);
    });

    test("polling that a client triggers", async () => {
      await py(add("attribute", "limited", 0));
      expect(await py(`d.set_source(tango.DevSource.CACHE); r = errors_of(lambda: v("limited"))[0]; r`)).toEqual([
        "API_NoDataYet",
        "No data available in cache for attribute limited",
      ]);
      expect(await py(`a.DevPollStatus("${device}")[-1]`)).toBe(
        "Polled attribute name = limited\nPolling externally triggered\nPolling ring buffer depth = 10\nNo data recorded yet",
      );
      // A command is looked for in the cache too: the source is for the reads only.
      await py(`
        def cached(name):
            d.set_source(tango.DevSource.CACHE)
            try: return v(name)
            finally: d.set_source(tango.DevSource.CACHE_DEV)
        d.set_source(tango.DevSource.CACHE_DEV)
        d.write_attribute("limited", 4); d.Trigger("limited")
      `);
      expect(
        await py(`[until(lambda: cached("limited") == 4), d.write_attribute("limited", 5), cached("limited")]`),
      ).toEqual([true, null, 4]);
      await py(`d.Trigger("limited")`);
      expect(await py(`until(lambda: [x.value for x in d.attribute_history("limited", 5)] == [4, 5])`)).toBe(true);
      expect(await failure(`d.Trigger("counter")`)).toEqual([
        "API_NotSupported",
        `Polling for attribute counter (device ${device}) is not externally triggered.`,
      ]);
      expect(await failure(`d.Trigger("double_scalar")`)).toEqual([
        "API_PollObjNotFound",
        `double_scalar of ${device} is not polled`,
      ]);
      await py(remove("attribute", "limited"));
    });

    test("what is no longer polled has no cache and no history", async () => {
      await py(remove("attribute", "counter"));
      expect(await failure(`d.attribute_history("counter", 2)`)).toEqual([
        "API_AttrNotPolled",
        expect.stringContaining("counter"),
      ]);
      await py("d.set_source(tango.DevSource.CACHE)");
      expect(await failure(`v("counter")`)).toEqual(["API_AttrNotPolled", expect.stringContaining("counter")]);
      await py("d.set_source(tango.DevSource.CACHE_DEV)");
      expect(await failure(remove("attribute", "counter"))).toEqual([
        "API_DeviceNotPolled",
        expect.stringContaining(device),
      ]);
    });
  });
}
