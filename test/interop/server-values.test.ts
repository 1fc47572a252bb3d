// SPDX-License-Identifier: MIT
// Values of our server as PyTango 9.3 and 10.3 read and write them: every type, every format, and what may not be.
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PyTango } from "../world/everything.ts";
import { type Served, served } from "../world/one-of-everything/served.ts";
import { describeWith } from "../world/peers.ts";

const samples: Readonly<Record<string, readonly [first: unknown, written: string, read: unknown]>> = {
  boolean: [true, "False", false],
  uchar: [7, "255", 255],
  short: [-3, "-32768", -32768],
  ushort: [3, "65535", 65535],
  long: [-70000, "-2147483648", -2147483648],
  ulong: [70000, "4294967295", 4294967295],
  long64: [-5000000000, "-(2**53)+1", -(2 ** 53) + 1],
  ulong64: [5000000000, "2**53-1", 2 ** 53 - 1],
  float: [1.5, "-0.25", -0.25],
  double: [0.1, "1e300", 1e300],
  string: ["text", "'two\\nlines \\xe9'", "two\nlines é"],
};
const types = Object.entries(samples).map(([type, values]) => [type, ...values] as const);

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

    test.each(types)("scalar %s", async (type, first, written, read) => {
      expect(await py(`v("${type}_scalar")`)).toEqual(first);
      await py(`d.write_attribute("${type}_scalar", ${written})`);
      expect(await py(`r = d.read_attribute("${type}_scalar"); [r.value, r.w_value, str(r.quality)]`)).toEqual([
        read,
        read,
        "ATTR_VALID",
      ]);
    });

    test.each(types)("spectrum %s", async (type, first, written, read) => {
      const name = `${type}_spectrum`;
      expect(await py(`v("${name}")`)).toEqual([first, first, first]);
      await py(`d.write_attribute("${name}", [${written}, ${written}])`);
      expect(await py(`r = d.read_attribute("${name}"); [r.value, r.w_value, r.dim_x, r.w_dim_x]`)).toEqual([
        [read, read],
        [read, read],
        2,
        2,
      ]);
      const tooLong = await failure(`d.write_attribute("${name}", [${Array(9).fill(written).join()}])`);
      expect(tooLong).toEqual(["API_WAttrOutsideLimit", expect.stringContaining(name)]);
    });

    test.each(types)("image %s", async (type, first, written, read) => {
      const name = `${type}_image`;
      const row = [first, first, first];
      expect(await py(`v("${name}")`)).toEqual([row, row]);
      await py(`d.write_attribute("${name}", [[${written}], [${written}]])`);
      expect(await py(`r = d.read_attribute("${name}"); [r.value, r.dim_x, r.dim_y, r.w_dim_x, r.w_dim_y]`)).toEqual([
        [[read], [read]],
        1,
        2,
        1,
        2,
      ]);
    });

    test("states: a list of them is a list of numbers in PyTango", async () => {
      expect(await py(`v("state_scalar")`)).toBe("MOVING");
      await py(`d.write_attribute("state_scalar", tango.DevState.FAULT)`);
      expect(await py(`v("state_scalar")`)).toBe("FAULT");
      expect(await py(`[v("state_spectrum"), v("state_image")]`)).toEqual([
        [6, 6, 6],
        [
          [6, 6, 6],
          [6, 6, 6],
        ],
      ]);
      await py(`d.write_attribute("state_spectrum", [tango.DevState.ON, tango.DevState.ALARM])`);
      expect(await py(`v("state_spectrum")`)).toEqual([0, 11]);
    });

    test("enumerations, encoded, empty spectra", async () => {
      expect(await py(`v("enum_scalar")`)).toBe(1);
      await py(`d.write_attribute("enum_scalar", 2)`);
      expect(await py(`[v("enum_scalar"), list(d.get_attribute_config("enum_scalar").enum_labels)]`)).toEqual([
        2,
        ["ONE", "TWO", "THREE"],
      ]);
      expect(await failure(`d.write_attribute("enum_scalar", 3)`)).toEqual([
        "API_WAttrOutsideLimit",
        expect.stringContaining("enum_scalar"),
      ]);
      expect(await py(`v("enum_spectrum")`)).toEqual([0, 1]);
      expect(await py(`v("encoded_scalar")`)).toEqual(["fmt", [1, 2, 3]]);
      await py(`d.write_attribute("encoded_scalar", ("other", bytes([9, 8])))`);
      expect(await py(`v("encoded_scalar")`)).toEqual(["other", [9, 8]]);
      await py(`d.write_attribute("double_spectrum", numpy.array([], dtype=float))`);
      expect(
        await py(
          `r = d.read_attribute("double_spectrum"); [r.dim_x, r.w_dim_x, str(r.quality), r.value is None or len(r.value)]`,
        ),
      ).toEqual([0, 0, "ATTR_VALID", expect.anything()]);
    });

    test("limits, NaN, readers and writers only", async () => {
      await py(`d.write_attribute("limited", 99.5)`);
      expect(await py(`[v("limited"), v("withSet"), d.read_attribute("withSet").w_value]`)).toEqual([99.5, 99.5, 99.5]);
      expect(await failure(`d.write_attribute("limited", 100.5)`)).toEqual([
        "API_WAttrOutsideLimit",
        expect.stringContaining("limited"),
      ]);
      expect(await failure(`d.write_attribute("double_scalar", float("nan"))`)).toEqual([
        "API_WAttrOutsideLimit",
        expect.stringContaining("double_scalar"),
      ]);
      for (const name of ["counter", "withSet"])
        expect(await failure(`d.write_attribute("${name}", 1)`)).toEqual([
          "API_AttrNotWritable",
          expect.stringContaining(name),
        ]);
      await py(`d.write_attribute("setOnly", 4.5)`);
      expect(await py(`r = d.read_attribute("setOnly"); [r.value, r.w_value]`)).toEqual([4.5, 4.5]);
      expect(await failure(`v("nothing")`)).toEqual(["API_AttrNotFound", "nothing attribute not found"]);
      expect(await failure(`v("failing")`)).toEqual(["MyReason", "my description"]);
      expect(await failure(`v("tooLong")`)).toEqual([
        "API_AttrOptProp",
        expect.stringContaining("Data size for attribute tooLong"),
      ]);
      expect(await failure(`v("refused")`)).toEqual(["API_AttrNotAllowed", expect.stringContaining("refused")]);
      expect(await py(`r = d.read_attribute("invalid"); [r.value, str(r.quality)]`)).toEqual([null, "ATTR_INVALID"]);
    });

    test("several in one call: one's failure is its own", async () => {
      expect(
        await py(`[r.has_failed or r.value for r in d.read_attributes(["counter", "failing", "long_scalar"])]`),
      ).toEqual([expect.any(Number), true, -2147483648]);
      expect(
        await py(`
          try:
              d.write_attributes([("long_scalar", 5), ("limited", 1e6), ("short_scalar", 6)])
              got = None
          except tango.DevFailed as e:
              got = [e.args[0].reason, e.args[0].desc]
          got, v("long_scalar"), v("short_scalar")
        `),
      ).toEqual([["API_AttributeFailed", expect.stringContaining("object(s) limited")], 5, 6]);
      expect(await py(`d.write_read_attribute("long_scalar", 8).value`)).toBe(8);
    });

    test("what a client is told of it", async () => {
      expect(await py(`i = d.info(); [i.dev_class, i.server_id, i.server_version >= 5]`)).toEqual([
        "OneOfEverything",
        "One/test",
        true,
      ]);
      const config = `c = d.get_attribute_config("limited")`;
      expect(
        await py(`${config}; [c.label, c.description, c.unit, c.format, c.min_value, c.max_value, str(c.writable)]`),
      ).toEqual(
        ["A limited number", "Limits", "mm", "%8.3f", "-100.0", "100.0", "READ_WRITE"].map((text) =>
          text.replace(/^(-?100)\.0$/, "$1"),
        ),
      );
      expect(
        await py(`c = d.command_query("Count"); [c.in_type_desc, c.out_type_desc, str(c.out_type), str(c.disp_level)]`),
      ).toEqual(["Uninitialised", "How often it was called", "DevLong", "EXPERT"]);
      expect(await py(`[d.command_query(n).out_type_desc for n in ["Init", "State", "Status"]]`)).toEqual([
        "Uninitialised",
        "Device state",
        "Device status",
      ]);
      expect(await py(`list(d.get_attribute_list())[-2:]`)).toEqual(["State", "Status"]);
      expect(await py(`[d.adm_name(), d.description()]`)).toEqual([one.admin, "One of everything"]);
    });

    test("commands: refused, failing, breaking, unknown, of the wrong type", async () => {
      expect(await failure("d.Refused()")).toEqual(["API_CommandNotAllowed", expect.stringContaining("Refused")]);
      expect(await failure("d.Fail()")).toEqual(["MyReason", "my description"]);
      expect(await failure("d.Break()")).toEqual([expect.any(String), expect.stringContaining("not what was meant")]);
      expect(await failure(`d.command_inout("Nothing")`)).toEqual([
        "API_CommandNotFound",
        expect.stringContaining("Nothing"),
      ]);
      expect(
        await failure(
          `
          (lambda data: d.command_inout("Push", data))((lambda x: (x.insert(tango.DevString, "text"), x)[1])(tango.DeviceData()))
        `.trim(),
        ),
      ).toEqual(["API_IncompatibleCmdArgumentType", expect.any(String)]);
    });
  });
}
