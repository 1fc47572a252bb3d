// SPDX-License-Identifier: MIT
// Decompression against what hdf5plugin compressed; broken data are refused and never read beyond their end.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isTagged, readCbor } from "../../../servers/lima/simplon/cbor.ts";
import { unbslz4, unlz4 } from "../../../servers/lima/simplon/lz4.ts";
import { readMultipart } from "../../../servers/lima/simplon/messages.ts";

interface Compressed {
  readonly name: string;
  readonly dtype: "uint8" | "uint16" | "uint32";
  readonly shape: readonly [number, number];
  readonly pixels: string;
  readonly bslz4: string;
  readonly lz4: string | null;
}
const { arrays } = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../vectors/simplon/compressed.json"), "utf8"),
) as { arrays: readonly Compressed[] };
const bytes = (text: string) => new Uint8Array(Buffer.from(text, "base64"));
const sizes = { uint8: 1, uint16: 2, uint32: 4 } as const;

describe.each(arrays)("$name", ({ dtype, pixels, bslz4, lz4 }) => {
  const wanted = bytes(pixels);

  test("bitshuffle with LZ4", () => {
    const out = new Uint8Array(wanted.length);
    unbslz4(bytes(bslz4), out, sizes[dtype]);
    expect(Buffer.compare(out, wanted)).toBe(0);
  });

  test("LZ4", () => {
    if (lz4 === null) return; // not compressible
    const out = new Uint8Array(wanted.length);
    unlz4(bytes(lz4), out);
    expect(Buffer.compare(out, wanted)).toBe(0);
  });

  test("cut short at any byte: an error", () => {
    const whole = bytes(bslz4);
    for (let length = 0; length < whole.length; length += Math.max(1, whole.length >> 6))
      expect(() => unbslz4(whole.subarray(0, length), new Uint8Array(wanted.length), sizes[dtype])).toThrow(
        /bslz4|LZ4/,
      );
  });
});

test("a size that is not the frame's is refused", () => {
  const [first] = arrays;
  if (!first) throw new Error("no vectors");
  expect(() => unbslz4(bytes(first.bslz4), new Uint8Array(100), 2)).toThrow(
    "bslz4 data of 8174 bytes where 100 are wanted",
  );
});

// RFC 8949, appendix A.
test.each([
  ["1b000000e8d4a51000", 1_000_000_000_000],
  ["1bffffffffffffffff", 18446744073709551615n],
  ["3903e7", -1000],
  ["f93c00", 1],
  ["fb3ff199999999999a", 1.1],
  ["f6", null],
  ["64f0908591", "\u{10151}"],
  ["8301820203820405", [1, [2, 3], [4, 5]]],
  ["4401020304", Uint8Array.of(1, 2, 3, 4)],
  ["a26161016162820203", new Map<string, unknown>([["a", 1], ["b", [2, 3]]])],
])("CBOR %s", (hex, value) => {
  expect(readCbor(new Uint8Array(Buffer.from(hex, "hex")))).toEqual(value);
}); // biome-ignore format: a table

test("CBOR tags keep their number; lies about length and depth are refused", () => {
  const tagged = readCbor(new Uint8Array(Buffer.from("c11a514b67b0", "hex")));
  expect(isTagged(tagged, 1) && tagged.value).toBe(1363896240);
  for (const hex of ["9bffffffffffffffff", "5a7fffffff00", "81".repeat(40), "", "0101", "5f"])
    expect(() => readCbor(new Uint8Array(Buffer.from(hex, "hex")))).toThrow("CBOR broken at byte");
});

test("a stream message without its pixels is refused", () => {
  const part = (value: object) => new TextEncoder().encode(JSON.stringify(value));
  const head = part({ htype: "dimage-1.0", series: 3, frame: 5 });
  const about = part({ htype: "dimage_d-1.0", shape: [4, 2], type: "uint16", encoding: "<" });
  expect(() => readMultipart([head, about])).toThrow("Frame 5 of series 3 came without pixels");
  expect(() => readMultipart([head, about, new Uint8Array(15)])).toThrow("15 bytes where 16 are wanted");
  expect(readMultipart([head, about, new Uint8Array(16)])).toMatchObject({ image: 5, width: 4, height: 2 });
  expect(readMultipart([part({ htype: "dseries_end-1.0", series: 3 })])).toEqual({ kind: "end", series: 3 });
});
