// SPDX-License-Identifier: MIT
// Reading what other ORBs may put into an any, and refusing what nobody may.
import { describe, expect, test } from "vitest";
import {
  anyOf,
  doubles,
  MarshalError,
  Reader,
  readTypeCode,
  type TypeCode,
  Writer,
  writeTypeCode,
} from "../../../tango/cdr/index.ts";

const any = anyOf([]);
const encoded = (write: (writer: Writer) => void, littleEndian = true) => {
  const writer = new Writer({ littleEndian });
  write(writer);
  return writer.bytes();
};
const sequence = (element: TypeCode): TypeCode => ({ kind: "sequence", element, bound: 0 });
const struct = (...types: readonly TypeCode[]): TypeCode => ({
  kind: "struct",
  id: "IDL:X:1.0",
  name: "X",
  members: types.map((type, index) => ({ name: `f${index}`, type })),
});

/** A struct of one struct and, by indirection, the same again; so on for `levels`. */
function writeDoubled(writer: Writer, levels: number): void {
  if (levels === 0) {
    writeTypeCode(writer, { kind: "octet" });
    return;
  }
  writer.ulong(15);
  writer.encapsulation((inner) => {
    inner.string("");
    inner.string("");
    inner.ulong(2);
    inner.string("");
    inner.align(4);
    const start = inner.position;
    writeDoubled(inner, levels - 1);
    inner.string("");
    inner.ulong(0xffffffff);
    inner.long(start - inner.position);
  });
}

describe("an any of", () => {
  const cases: readonly (readonly [string, TypeCode, unknown])[] = [
    ["nothing", { kind: "null" }, undefined],
    ["a long", { kind: "long" }, -5],
    ["a plain sequence without alias", sequence({ kind: "double" }), Float64Array.of(1.5)],
    ["a sequence of strings", sequence({ kind: "string", bound: 0 }), ["a", ""]],
    ["an alias of an alias", { kind: "alias", id: "", name: "", content: { kind: "alias", id: "", name: "", content: { kind: "short" } } }, 3],
    ["a struct", struct({ kind: "octet" }, sequence({ kind: "longlong" })), { f0: 1, f1: BigInt64Array.of(-1n) }],
    ["an enum", { kind: "enum", id: "", name: "", members: ["A", "B"] }, "B"],
    ["an any", { kind: "any" }, { type: { kind: "long" }, value: 9 }],
    ["an array", { kind: "array", element: { kind: "short" }, length: 2 }, [1, 2]],
  ]; // biome-ignore format: a table
  test.each(cases)("%s, in both byte orders", (_, type, value) => {
    for (const littleEndian of [true, false]) {
      const bytes = encoded((writer) => any.write(writer, { type, value }), littleEndian);
      const reader = new Reader(bytes, { littleEndian });
      expect(any.read(reader)).toEqual({ type, value });
      expect(reader.remaining).toBe(0);
      for (let end = 0; end < bytes.length; end++) {
        expect(() => any.read(new Reader(bytes.slice(0, end), { littleEndian }))).toThrow(MarshalError);
      }
    }
  });
});

describe("TypeCodes", () => {
  test("may be of another byte order inside an encapsulation", () => {
    const inner = encoded((writer) => {
      writer.boolean(false);
      writer.ulong(5);
      writer.ulong(0);
    }, false);
    const bytes = encoded((writer) => {
      writer.ulong(19);
      writer.octets(inner);
    });
    expect(readTypeCode(new Reader(bytes))).toEqual(sequence({ kind: "ulong" }));
  });

  test("may point back at one given before", () => {
    const bytes = encoded((writer) => {
      writer.ulong(15);
      writer.encapsulation((inner) => {
        inner.string("");
        inner.string("");
        inner.ulong(2);
        inner.string("");
        writeTypeCode(inner, { kind: "string", bound: 0 });
        inner.string("");
        inner.ulong(0xffffffff);
        // From this long back over: itself's marker 4, name 8, the string TypeCode 8.
        inner.long(-20);
      });
    });
    const text: TypeCode = { kind: "string", bound: 0 };
    expect(readTypeCode(new Reader(bytes))).toMatchObject({ members: [{ type: text }, { type: text }] });
  });

  test("that point nowhere, into themselves, or are unknown are refused", () => {
    const indirect = encoded((writer) => {
      writer.ulong(0xffffffff);
      writer.long(-4);
    });
    expect(() => readTypeCode(new Reader(indirect))).toThrow("where none ends");
    expect(() => readTypeCode(new Reader(Uint8Array.of(99, 0, 0, 0)))).toThrow("kind 99 is unknown");
  });

  test("cannot ask for endless work", () => {
    // Each struct has the one before twice, the second time by indirection: 2^40 octets in 40 TypeCodes.
    const doubled = encoded((writer) => {
      writeDoubled(writer, 40);
      writer.ulong(0);
    });
    expect(() => any.read(new Reader(doubled))).toThrow(MarshalError);
    const hollow = struct(struct());
    const bytes = encoded((writer) => {
      writeTypeCode(writer, sequence(hollow));
      writer.ulong(0xffffffff);
    });
    expect(() => any.read(new Reader(bytes))).toThrow(MarshalError);
    const wide: TypeCode = {
      kind: "array",
      element: { kind: "array", element: { kind: "octet" }, length: 1e9 },
      length: 1e9,
    };
    const arrays = encoded((writer) => {
      writeTypeCode(writer, wide);
      writer.ulong(0);
    });
    expect(() => any.read(new Reader(arrays))).toThrow(MarshalError);
  });

  test("nested too deep are refused", () => {
    let deep: TypeCode = { kind: "octet" };
    for (let level = 0; level < 100; level++) deep = sequence(deep);
    const bytes = encoded((writer) => writeTypeCode(writer, deep));
    expect(() => readTypeCode(new Reader(bytes))).toThrow("64 deep");
  });

  test("of a known id are recognised without being parsed", () => {
    const type: TypeCode = { kind: "alias", id: "IDL:Known:1.0", name: "Known", content: sequence({ kind: "double" }) };
    const knowing = anyOf([{ type, codec: doubles as never }]);
    const bytes = encoded((writer) =>
      any.write(writer, { type: { ...type, name: "Other" }, value: Float64Array.of(2) }),
    );
    expect(knowing.read(new Reader(bytes)).type).toBe(type);
  });
});
