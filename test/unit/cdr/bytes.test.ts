// SPDX-License-Identifier: MIT
import { describe, expect, test } from "vitest";
import {
  array, boolean, type Codec,double, doubles, enumeration, lazy, long, longlong, longs, MarshalError, octet, octets, Reader, seq, short,
  shorts, string, struct, union, Writer, 
} from "../../../tango/cdr/index.ts"; // biome-ignore format: a list

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const written = (write: (writer: Writer) => void, options = {}) => {
  const writer = new Writer(options);
  write(writer);
  return hex(writer.bytes());
};

describe("the bytes of each type", () => {
  // Worked out by hand from CORBA 3.3 part 2, section 9.3.
  const cases: readonly (readonly [string, Codec<unknown>, unknown, little: string, big: string])[] = [
    ["boolean", boolean, true, "01", "01"],
    ["octet", octet, 200, "c8", "c8"],
    ["short", short, -2, "feff", "fffe"],
    ["long", long, -2, "feffffff", "fffffffe"],
    ["longlong", longlong, -2n, "feffffffffffffff", "fffffffffffffffe"],
    ["double", double, 1, "000000000000f03f", "3ff0000000000000"],
    ["string", string, "ab", "03000000616200", "00000003616200"],
    ["empty string", string, "", "0100000000", "0000000100"],
    ["octets", octets, Uint8Array.of(1, 2), "020000000102", "000000020102"],
    ["shorts", shorts, Int16Array.of(1, 2), "0200000001000200", "0000000200010002"],
    ["doubles, aligned to 8", doubles, Float64Array.of(1), "0100000000000000000000000000f03f", "00000001000000003ff0000000000000"],
    ["empty doubles, without padding", doubles, new Float64Array(0), "00000000", "00000000"],
    ["sequence of strings", seq(string), ["a", ""], "02000000 02000000 6100 0000 01000000 00", "00000002 00000002 6100 0000 00000001 00"],
    ["struct", struct({ a: octet, b: long }), { a: 1, b: 2 }, "0100000002000000", "0100000000000002"],
    ["array", array(short, 2), [1, 2], "01000200", "00010002"],
    ["enum", enumeration(["A", "B"]), "B", "01000000", "00000001"],
    ["union", union(enumeration(["A", "B"]), { A: long, B: boolean }), { type: "B", value: true }, "0100000001", "0000000101"],
  ]; // biome-ignore format: a table
  test.each(cases)("%s", (_, codec, value, little, big) => {
    for (const [littleEndian, expected] of [
      [true, little],
      [false, big],
    ] as const) {
      const bytes = bytesOf(expected);
      expect(written((writer) => codec.write(writer, value), { littleEndian })).toBe(hex(bytes));
      const reader = new Reader(bytes, { littleEndian });
      expect(codec.read(reader)).toEqual(value);
      expect(reader.remaining).toBe(0);
      for (let end = 0; end < bytes.length; end++) {
        expect(() => codec.read(new Reader(bytes.slice(0, end), { littleEndian }))).toThrow(MarshalError);
      }
    }
  });

  test("alignment counts from the origin: in the body of an event, from byte 4", () => {
    const body = written(
      (writer) => {
        writer.ulong(0xdec0dec0);
        writer.double(1);
      },
      { origin: 4 },
    );
    expect(body).toBe("c0dec0de000000000000f03f");
    expect(new Reader(bytesOf(body), { offset: 4, origin: 4 }).double()).toBe(1);
  });
});

describe("a writer", () => {
  test("sends big arrays from their own memory", () => {
    const data = new Float64Array(100_000);
    const writer = new Writer();
    doubles.write(writer, data);
    writer.long(7);
    const chunks = writer.chunks();
    expect(chunks.map((chunk) => chunk.length)).toEqual([8, 800_000, 4]);
    expect(chunks[1]?.buffer).toBe(data.buffer);
    const reader = new Reader(writer.bytes());
    expect(doubles.read(reader)).toEqual(data);
    expect(reader.long()).toBe(7);
  });

  test("starts the next message behind the last, whose bytes stay", () => {
    const writer = new Writer();
    const messages = Array.from({ length: 5000 }, (_, index) => {
      writer.octet(index & 255);
      writer.string(`message ${index}`);
      return writer.take();
    });
    for (const [index, chunks] of messages.entries()) {
      const reader = new Reader(Buffer.concat(chunks));
      expect(reader.octet()).toBe(index & 255);
      expect(reader.string()).toBe(`message ${index}`);
    }
  });

  test("writes octets in pieces as if they were one, and references big ones", () => {
    const big = new Uint8Array(new SharedArrayBuffer(100_000)).fill(7);
    const small = Uint8Array.of(1, 2, 3);
    const pieces: unknown = [small, big, small];
    const writer = new Writer();
    octets.write(writer, pieces as Uint8Array);
    const whole = Uint8Array.from([...small, ...big, ...small]);
    expect(hex(writer.bytes())).toBe(written((other) => octets.write(other, whole)));
    expect(writer.chunks().some(({ buffer }) => buffer === big.buffer)).toBe(true);
  });

  test("forgets a message begun", () => {
    const writer = new Writer();
    writer.string("kept");
    const kept = writer.take();
    writer.octets(new Uint8Array(50_000));
    writer.discard();
    writer.long(1);
    expect(writer.position).toBe(4);
    expect(hex(Buffer.concat(kept))).toBe(written((other) => other.string("kept")));
    expect(hex(writer.bytes())).toBe("01000000");
  });

  test.each([
    ["\u4e2d", "U+4E2D"],
    ["a\0b", "NUL"],
    ["\u{1f600}", "U+1F600"],
  ])("refuses %j in ISO 8859-1", (text, named) => {
    expect(() => new Writer().string(text)).toThrow(named);
  });

  test("counts bytes, not characters, in UTF-8", () => {
    const bytes = written((writer) => writer.string("\u00e9\u4e2d"), { text: "utf8" });
    expect(bytes).toBe("06000000c3a9e4b8ad00");
    expect(new Reader(bytesOf(bytes), { text: "utf8" }).string()).toBe("\u00e9\u4e2d");
    expect(written((writer) => writer.string("\u00e9"))).toBe("02000000e900");
  });
});

describe("a reader", () => {
  test("says where and what is missing", () => {
    const reader = new Reader(bytesOf("0100000000"));
    reader.ulong();
    expect(() => reader.double()).toThrow("8 bytes expected, 0 left (at byte 8)");
    expect(() => new Reader(bytesOf("02000000 6162")).string()).toThrow("does not end with NUL");
  });

  test.each([
    ["doubles", doubles],
    ["longs", longs],
    ["strings", seq(string)],
    ["structs", seq(struct({ a: long }))],
  ] as const)("refuses a count of %s that the bytes cannot hold, before allocating", (_, codec) => {
    expect(() => codec.read(new Reader(bytesOf("ffffffff 00000000")))).toThrow(MarshalError);
  });

  test("keeps the memory of a message that is mostly one array, and copies small ones", () => {
    const writer = new Writer();
    doubles.write(writer, new Float64Array(1000).fill(2));
    const memory = new Uint8Array(writer.bytes());
    expect(doubles.read(new Reader(memory)).buffer).toBe(memory.buffer);
    const shared = new Uint8Array(100_000);
    shared.set(memory);
    expect(doubles.read(new Reader(shared)).buffer).not.toBe(shared.buffer);
  });

  test("refuses endless nesting", () => {
    interface Tree {
      readonly inner: readonly Tree[];
    }
    const tree: Codec<Tree> = struct({ inner: seq(lazy(() => tree)) });
    expect(tree.read(new Reader(bytesOf("01000000 00000000")))).toEqual({ inner: [{ inner: [] }] });
    expect(() =>
      tree.read(new Reader(new Uint8Array(400_000).fill(1).map((byte, index) => (index % 4 ? 0 : byte)))),
    ).toThrow("64 deep");
  });

  test("an ordinal without a name is refused", () => {
    expect(() => enumeration(["A", "B"]).read(new Reader(bytesOf("02000000")))).toThrow("2 is none of A=0 ... B=1");
    expect(() => enumeration(["A", "B"]).write(new Writer(), "C" as "A")).toThrow('"C" is none of A, B');
  });
});

test("a struct compiled and a struct interpreted are the same", () => {
  const fields = { a: octet, b: string, c: doubles };
  const value = { a: 1, b: "x", c: Float64Array.of(1, 2) };
  const [fast, slow] = [struct(fields), struct(fields, { compile: false })];
  expect(written((writer) => fast.write(writer, value))).toBe(written((writer) => slow.write(writer, value)));
  const bytes = bytesOf(written((writer) => fast.write(writer, value)));
  expect(fast.read(new Reader(bytes))).toEqual(slow.read(new Reader(bytes)));
  expect(fast.minimum).toBe(slow.minimum);
  expect(() => struct({ "a;b": octet })).toThrow("not an IDL field name");
});
