// SPDX-License-Identifier: MIT
// The IDL table against omniidl's reading of Tango's IDL (version 5): the header that omniidl made of it and Debian's
// libtango-dev installs. A C++ name becomes a codec; types that have the same layout in every field are the same.
import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  boolean,
  type Codec,
  double,
  float,
  long,
  longlong,
  nothing,
  octet,
  Reader,
  short,
  string,
  ulong,
  ulonglong,
  ushort,
} from "../../tango/cdr/index.ts";
import * as idl from "../../tango/idl/index.ts";

const file = "/usr/include/tango/idl/tango.h";
const missing = !existsSync(file);
if (missing && process.env.CI) throw new Error(`needs ${file} (Debian package libtango-dev)`);
if (missing) console.log(`skipped: needs ${file} (Debian package libtango-dev)`);
const header = missing ? "" : readFileSync(file, "latin1");

const basic: Readonly<Record<string, Codec<unknown>>> = {
  Boolean: boolean, Octet: octet, Short: short, UShort: ushort, Long: long, ULong: ulong, LongLong: longlong,
  ULongLong: ulonglong, Float: float, Double: double, String_member: string, Any: idl.any, void: nothing,
} as never; // biome-ignore format: a table
const ours = idl as unknown as Readonly<Record<string, Codec<unknown> | undefined>>;

/** The codec of a C++ type as omniidl writes it: `const ::Tango::DevSource&`, `char*`, `::CORBA::Long`. */
function codecOf(type: string): Codec<unknown> {
  if (/char\s*\*/.test(type)) return string as never;
  const name = type.replace(/const |::CORBA::|::Tango::|_slice|[&*]/g, "").trim();
  const codec = (type.includes("::CORBA::") || name === "void" ? basic[name] : undefined) ?? ours[name];
  if (!codec) throw new Error(`no codec for ${type}`);
  return codec;
}
/** What reading bytes that are all zero gives, and how many are read. */
function layout(
  codec: Codec<unknown>,
  start: readonly number[] = [],
): { readonly value: unknown; readonly size: number } {
  const reader = new Reader(Uint8Array.from([...start, ...new Array(400).fill(0)]));
  return { value: codec.read(reader), size: reader.offset };
}
const found = (pattern: RegExp) => [...header.matchAll(pattern)];

describe.skipIf(missing)("omniidl reads Tango's IDL as the table has it:", () => {
  test("the fields of every struct, in order", () => {
    const structs = found(/^ {2}struct (\w+) \{\n([\s\S]*?)\n {2}\};/gm);
    for (const [, name = "", body = ""] of structs) {
      const fields = [...body.matchAll(/^ {4}((?:::CORBA::)?\w+) (\w+);$/gm)].filter(([, type]) => type !== "typedef");
      const codec = ours[name];
      if (!codec) throw new Error(`${name} is missing`);
      const reader = new Reader(new Uint8Array(400));
      const expected = fields.map(([, type = "", field = ""]) => [field, codecOf(type).read(reader)] as const);
      const { value, size } = layout(codec);
      expect([name, Object.entries(value as object), size]).toEqual([name, expected, reader.offset]);
    }
    expect(structs.length).toBe(39);
  });

  test("the names of every enumeration, in order", () => {
    const enums = found(/^ {2}enum (\w+) \{ ([^/]*)/gm);
    for (const [, name = "", names = ""] of enums) {
      for (const [ordinal, member] of names.trim().replace(/,$/, "").split(/,\s*/).entries()) {
        expect([name, layout(codecOf(name), [ordinal, 0, 0, 0]).value]).toEqual([name, member.trim()]);
      }
    }
    expect(enums.length).toBeGreaterThan(8);
  });

  test("the items of every sequence", () => {
    const sequences = found(
      /^ {2}class (\w+) : public _CORBA_Unbounded_Sequence(?:_w_FixSizeElement|__\w+)?< ?((?:::CORBA::)?\w+)/gm,
    );
    for (const [, name = "", type = ""] of sequences) {
      const codec = ours[name];
      if (!codec) throw new Error(`${name} is missing`);
      const reader = new Reader(Uint8Array.from([1, 0, 0, 0, ...new Array(400).fill(0)]));
      const count = reader.ulong();
      const item = codecOf(type).read(reader);
      const { value, size } = layout(codec, [1, 0, 0, 0]);
      expect([name, count, Array.from(value as ArrayLike<unknown>), size]).toEqual([name, 1, [item], reader.offset]);
    }
    expect(sequences.length).toBeGreaterThan(25);
  });

  test("the arguments and results of every operation", () => {
    let checked = 0;
    for (const [, version = "1", body = ""] of found(
      /^ {2}class _objref_Device(?:_(\d))? :[\s\S]*?IDL operations\n([\s\S]*?)\n\n/gm,
    )) {
      for (const [, result = "", name = "", args = ""] of body.matchAll(/^ {4}(.+?) (\w+)\((.*)\);$/gm)) {
        const own = idl.operationNamed(name) ?? idl.operationNamed(`_get_${name}`);
        const types = args === "" ? [] : args.split(", ").map((argument) => argument.replace(/ ?\w+$/, ""));
        expect([name, own?.since]).toEqual([name, Number(version)]);
        expect([name, own?.args.map((codec) => types.map(codecOf).indexOf(codec))]).toEqual([
          name,
          types.map((type) => types.map(codecOf).indexOf(codecOf(type))),
        ]);
        expect(own?.result === codecOf(result) || name).toBe(true);
        checked++;
      }
    }
    expect(checked).toBe(45);
  });
});
