// SPDX-License-Identifier: MIT
// The life of a device of our server as PyTango 9.3 and 10.3 see it: alarms, configuration, memory, pipes, locks, black
// box, logging, restarts.
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
    /** The error at the bottom of what a call fails with: the server's own. */
    const failure = (source: string) => py(`errors_of(lambda: ${source})[0]`);
    const state = () => py("[str(d.state()), d.status()]");

    test("alarms: quality of the value, State and Status of the device", async () => {
      await py(`d.SetStatus("my text")`);
      expect(await state()).toEqual(["ON", "my text"]);
      const qualities = [-10, -9.9, -5, -4.9, 4.9, 5, 9.9, 10].map((value) => [`d.SetAlarmed([${value}])`, value]);
      const seen = [];
      for (const [source, value] of qualities) seen.push([value, await py(`${source}; q("alarmed")`)]);
      expect(seen).toEqual([
        [-10, "ATTR_ALARM"], [-9.9, "ATTR_WARNING"], [-5, "ATTR_WARNING"], [-4.9, "ATTR_VALID"],
        [4.9, "ATTR_VALID"], [5, "ATTR_WARNING"], [9.9, "ATTR_WARNING"], [10, "ATTR_ALARM"],
      ]); // biome-ignore format: a table
      await py("d.SetAlarmed([10, 1, 6])");
      expect(await state()).toEqual([
        "ALARM",
        "my text\nAlarm : Value too high for alarmed\nWarning : Value too high for The list",
      ]);
      await py("d.SetState(tango.DevState.MOVING)");
      expect(await state()).toEqual(["MOVING", "my text"]);
      await py("d.SetState(tango.DevState.ON); d.SetAlarmed([0, 1])");
      expect(await state()).toEqual(["ON", "my text"]);
    });

    test("read different than set, after its delay", async () => {
      await py(`d.write_attribute("followed", 2)`);
      expect(await py(`[q("followed"), until(lambda: q("followed") == "ATTR_ALARM", 2)]`)).toEqual([
        "ATTR_VALID",
        true,
      ]);
      expect(await state()).toEqual(["ALARM", "my text\nAlarm : Read too Different than Set (RDS) for followed"]);
      await py(`d.write_attribute("followed", 1.9)`);
      expect(await py(`time.sleep(0.12); q("followed")`)).toBe("ATTR_VALID");
    });

    test("configuration set by a client: kept as sent, refused as a whole, back to the class's own", async () => {
      const set = (change: string, attribute = "limited") =>
        `c = d.get_attribute_config("${attribute}"); ${change}; d.set_attribute_config(c)`;
      const shown = `c = d.get_attribute_config("limited"); [c.min_value, c.max_value, c.unit, c.label]`;
      await py(set(`c.min_value = "-1e1"; c.unit = "m"`));
      expect(await py(shown)).toEqual(["-1e1", "100", "m", "A limited number"]);
      expect(await failure(`d.write_attribute("limited", -11)`)).toEqual(["API_WAttrOutsideLimit", expect.anything()]);
      const refused = (change: string, attribute?: string) =>
        py(`errors_of(lambda: exec(${JSON.stringify(set(change, attribute))}, globals()))[0]`);
      expect(await refused(`c.max_value = "abc"; c.unit = "km"`)).toEqual([
        "API_AttrOptProp",
        "Device test/one/1-> Attribute : limited\nThe property max_value is defined in an unsupported format",
      ]);
      expect(await refused(`c.max_value = "-20"`)).toEqual([
        "API_IncoherentValues",
        "Device test/one/1-> Attribute : limited\nValue of min_value is greater than or equal to max_value",
      ]);
      expect(await refused(`c.min_value = "1"`, "string_scalar")).toEqual([
        "API_AttrOptProp",
        expect.stringContaining("The property min_value is not settable for the attribute data type"),
      ]);
      expect(await refused(`s = tango.StdStringVector(); s.append("A"); c.enum_labels = s`, "enum_scalar")).toEqual([
        "API_NotSupportedFeature",
        expect.stringContaining("enumeration labels number"),
      ]);
      expect(await py(shown)).toEqual(["-1e1", "100", "m", "A limited number"]);
      await py(set(`c.min_value = ""; c.unit = "NaN"; c.label = "Not specified"`));
      expect(await py(shown)).toEqual(["-100", "100", "mm", "limited"]);
      await py(set(`c.events.ch_event.abs_change = "0.1,0.2"; c.alarms.max_alarm = "50"`));
      expect(
        await py(`c = d.get_attribute_config("limited"); [c.events.ch_event.abs_change, c.alarms.max_alarm]`),
      ).toEqual(["0.1,0.2", "50"]);
    });

    test("memorised attributes are written again at DevRestart and Init", async () => {
      await py(`d.write_attribute("kept", 4.5); d.write_attribute("shown", 7)`);
      expect(await py("list(d.Writes())")).toEqual(["kept 4.5", "shown 7"]);
      expect(await py(`[str(d.get_attribute_config(n).memorized) for n in ("kept", "shown", "limited")]`)).toEqual([
        "MEMORIZED_WRITE_INIT",
        "MEMORIZED",
        "NONE",
      ]);
      for (const again of [`a.DevRestart("test/one/1")`, "d.Init()"]) {
        await py(again);
        expect(await py(`[list(d.Writes()), v("kept"), d.read_attribute("shown").w_value, v("shown")]`)).toEqual([
          ["kept 4.5"],
          4.5,
          7,
          0,
        ]);
      }
    });

    test("a memorised value that cannot be written is told where it is looked for", async () => {
      // The write fails for the client too, so the value is what the class refuses only from now on.
      expect(await failure(`d.write_attribute("kept", 13)`)).toEqual(["Unlucky", "my description"]);
      await py(`d.write_attribute("kept", 1); d.Init()`);
      expect(await py(`[v("kept"), str(d.state())]`)).toEqual([1, "ON"]);
    });

    test("pipes: read, written, configured", async () => {
      if (which === "PyTango 10.3") return; // has no pipes
      expect(await py(`d.read_pipe("aPipe")[0]`)).toBe("root");
      await py(`d.write_pipe("aPipe", ("mine", [{"name": "n", "value": 3}, {"name": "s", "value": ["p"]}]))`);
      expect(await py(`p = d.read_pipe("aPipe"); [p[0], [(e["name"], e["value"]) for e in p[1]]]`)).toEqual([
        "mine",
        [
          ["n", 3],
          ["s", ["p"]],
        ],
      ]);
      expect(await py(`errors_of(lambda: d.write_pipe("fixedPipe", ("x", [{"name": "n", "value": 3}])))[0][0]`)).toBe(
        "API_PipeNotWritable",
      );
      expect(await py(`c = d.get_pipe_config("aPipe"); [c.label, c.description, str(c.writable)]`)).toEqual([
        "A pipe",
        "Of everything",
        "PIPE_READ_WRITE",
      ]);
      const set = (label: string, description: string) =>
        py(`
          c = d.get_pipe_config("aPipe"); c.label, c.description = "${label}", "${description}"
          d.set_pipe_config(c)
          a.DevRestart("test/one/1")
          c = d.get_pipe_config("aPipe"); [c.label, c.description]
        `);
      expect(await set("Mine", "Not specified")).toEqual(["Mine", "No description"]);
      expect(await set("", "NaN")).toEqual(["A pipe", "Of everything"]);
    });

    test("commands and pipes that come and go while the device runs", async () => {
      expect(
        await py(`
          d.Attach("command:Twice")
          seen = [d.command_inout("twice", 1.5), "Twice" in [c.cmd_name for c in d.command_list_query()]]
          again = errors_of(lambda: d.Attach("command:twice"))[0][1]
          d.Detach("command:Twice")
          [seen, again, errors_of(lambda: d.command_inout("Twice", 1.0))[0][0]]
        `),
      ).toEqual([[3, true], "test/one/1 has the command twice already", "API_CommandNotFound"]);
      if (which === "PyTango 10.3") return; // has no pipes
      expect(
        await py(`
          d.Attach("pipe:Late")
          seen = [d.read_pipe("Late")[0], d.get_pipe_config("Late").label]
          d.Detach("pipe:Late")
          [seen, errors_of(lambda: d.read_pipe("Late"))[0][0]]
        `),
      ).toEqual([["root", "Late"], "API_PipeNotFound"]);
    });

    test("the black box tells what was called, by whom", async () => {
      await py("d.Count()");
      expect(await py("d.black_box(3)")).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/Operation command_inout_\d \(cmd = Count\) from .* requested from /),
        ]),
      );
    });

    test("logging: levels by pattern, targets, messages in a file", async () => {
      await py(`a.SetLoggingLevel(([5], ["test/one/*"]))`);
      expect(await py(`list(a.GetLoggingLevel(["test/one/1"])[0])`)).toEqual([5]);
      await py(`
        import tempfile, os
        path = os.path.join(tempfile.mkdtemp(), "one.log")
        a.AddLoggingTarget(["test/one/1", "file::" + path])
        d.Speak("hello <&>")
      `);
      expect(await py(`list(a.GetLoggingTarget("test/one/1"))`)).toEqual([expect.stringMatching(/^file::.*one\.log$/)]);
      expect(
        await py(`until(lambda: os.path.exists(path) and "warn hello" in open(path).read()); open(path).read()`),
      ).toMatch(
        /<log4j:event logger="test\/one\/1" timestamp="\d+" level="DEBUG" thread="\d+">\n<log4j:message><!\[CDATA\[debug hello <&>\]\]><\/log4j:message>/,
      );
      await py("a.StopLogging()");
      expect(await py(`list(a.GetLoggingLevel(["test/one/1"])[0])`)).toEqual([0]);
      await py("a.StartLogging()");
      expect(await py(`list(a.GetLoggingLevel(["test/one/1"])[0])`)).toEqual([5]);
      expect(await failure(`a.AddLoggingTarget(["test/one/1", "file::/nonexistent/x.log"])`)).toEqual([
        "API_CannotOpenFile",
        expect.stringContaining("/nonexistent/x.log"),
      ]);
      await py(`a.RemoveLoggingTarget(["test/one/1", "file::" + path]); a.SetLoggingLevel(([2], ["test/one/1"]))`);
    });

    test("the admin device knows its classes, devices, properties", async () => {
      expect(await py("[list(a.QueryClass()), list(a.QueryDevice()), a.info().dev_class]")).toEqual([
        ["OneOfEverything"],
        ["OneOfEverything::test/one/1"],
        "DServer",
      ]);
      expect(await py(`list(a.QueryWizardDevProperty("oneofeverything"))`)).toEqual([
        "Host", "Where it is", "localhost", "Gains", "", "1.5\n2",
      ]); // biome-ignore format: triples
      expect(await failure(`a.QueryWizardDevProperty("zz")`)).toEqual([
        "API_ClassNotFound",
        "Class zz not found in device server",
      ]);
      expect(await py(`list(a.QueryWizardClassProperty("OneOfEverything"))`)).toEqual(["Family", "Its family", "none"]);
    });

    test("RestartServer brings everything back; a long call does not stop it answering", async () => {
      await py(`d.Attach("gone")`);
      await py("a.RestartServer()");
      expect(
        await py(`until(lambda: errors_of(lambda: d.ping()) is None and errors_of(lambda: v("counter")) is None)`),
      ).toBe(true);
      expect(await failure(`v("gone")`)).toEqual(["API_AttrNotFound", "gone attribute not found"]);
      expect(await py(`[v("kept"), list(d.Writes())]`)).toEqual([1, ["kept 1"]]);
    });

    test("one call at a time; ping is never kept waiting", async () => {
      expect(
        await py(`
          started = time.time()
          i = d.command_inout_asynch("Sleep", 0.3)
          time.sleep(0.05) # a thread of the client sends it
          d.ping()
          pinged = time.time() - started
          d.Count()
          counted = time.time() - started
          d.command_inout_reply(i, 1000)
          [pinged < 0.2, counted >= 0.28]
        `),
      ).toEqual([true, true]);
    });
  });
}
