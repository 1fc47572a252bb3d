// SPDX-License-Identifier: MIT
// Payloads byte by byte as blissdata 2.4.5 makes them (recorded from it), to points and back.
import { describe, expect, test } from "vitest";
import { decoderOf, joinBatches, type NumericBatch, sliceBatch } from "../../../writers/stream/encoding.ts";
import { parseJson, toDocumentJson, toStreamJson } from "../../../writers/stream/json.ts";
import { pointQueue } from "../../../writers/stream/publish/point-queue.ts";
import { queryText } from "../../../writers/stream/search.ts";

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(" ", ""), "hex");
const entry = (payload: Uint8Array, length = 1) => ({ index: 0, length, payload });

describe("numbers", () => {
  const big = { type: "numeric", dtype_str: ">u2", shape: [3] } as const;
  test("big-endian numbers are read in this machine's order and sent in the stream's", () => {
    const queue = pointQueue("big", big);
    queue.add(Uint16Array.of(1, 2, 60_000));
    const [sent] = queue.take();
    expect(Buffer.from(sent?.payload ?? []).toString("hex")).toBe("00010002ea60");
    const batch = decoderOf(big).decode([entry(hex("0001 0002 ea60"))]);
    expect(batch).toMatchObject({ kind: "numeric", shape: [1, 3], data: Uint16Array.of(1, 2, 60_000) });
  });
  test("entries join in one batch", () => {
    const decoder = decoderOf({ type: "numeric", dtype_str: "<f8", shape: [] });
    const point = (value: number) => entry(Buffer.from(Float64Array.of(value).buffer));
    expect(decoder.decode([point(1), { ...point(2), index: 1 }])).toMatchObject({
      shape: [2],
      data: Float64Array.of(1, 2),
    });
  });
  test("bytes are passed on as they came, but not those of a part", () => {
    const decoder = decoderOf({ type: "numeric", dtype_str: "<u2", shape: [] });
    const entries = [entry(Uint8Array.of(1, 0, 2, 0), 2), { ...entry(Uint8Array.of(3, 0)), index: 2 }];
    const batch = decoder.decode(entries) as NumericBatch;
    expect(batch.pieces).toEqual(entries.map(({ payload }) => payload));
    expect(batch.data).toEqual(Uint16Array.of(1, 2, 3));
    expect(sliceBatch(batch, 0, 3)).toBe(batch);
    for (const part of [sliceBatch(batch, 1, 3), sliceBatch(batch, 0, 3, 2), joinBatches([batch, batch])])
      expect(part).not.toHaveProperty("pieces");
    expect(joinBatches([batch, sliceBatch(batch, 1, 2)])).toMatchObject({
      shape: [4],
      data: Uint16Array.of(1, 2, 3, 2),
    });
    expect(decoderOf({ type: "numeric", dtype_str: ">u2", shape: [] }).decode(entries)).not.toHaveProperty("pieces");
  });

  test("bytes that are no whole number of points are refused", () => {
    const decoder = decoderOf({ type: "numeric", dtype_str: "<f8", shape: [2] });
    for (const length of [1, 7, 8, 15, 17])
      expect(() => decoder.decode([entry(new Uint8Array(length))])).toThrow(RangeError);
  });
  test("a type that is no number is named", () => {
    expect(() => decoderOf({ type: "numeric", dtype_str: "<U5", shape: [] })).toThrow(/"<U5" is no number type/);
  });
  test("points of another shape or type are refused with what is held", () => {
    const queue = pointQueue("diode", { type: "numeric", dtype_str: "<f8", shape: [2] });
    expect(() => queue.add(1)).toThrow("diode holds float64 points of shape [2], got number 1");
    expect(() => queue.add(Float64Array.of(1, 2, 3))).toThrow(/Float64Array of 3/);
    expect(() => queue.add(Float32Array.of(1, 2))).toThrow(/Float32Array of 2/);
    expect(queue.bytes).toBe(0);
  });
});

describe("points of varying shape", () => {
  const ragged = { type: "numeric", dtype_str: "<f4", shape: [-1] } as const;
  // numpy.arange(2, dtype="float32") by blissdata.
  const two = "9291 02 c4 08 00000000 0000803f";
  test("are what blissdata packs", () => {
    const queue = pointQueue("ragged", ragged);
    queue.add({ shape: [2], data: Float32Array.of(0, 1) });
    expect(Buffer.from(queue.take()[0]?.payload ?? []).toString("hex")).toBe(two.replaceAll(" ", ""));
    expect(decoderOf(ragged).decode([entry(hex(two))])).toMatchObject({
      kind: "ragged",
      points: [{ shape: [2], data: Float32Array.of(0, 1) }],
    });
  });
  test("cut at any byte they are refused", () => {
    const all = hex(two);
    for (let length = 0; length < all.length; length++)
      expect(() => decoderOf(ragged).decode([entry(all.subarray(0, length))])).toThrow(RangeError);
  });
});

describe("JSON", () => {
  test("knows Python's numbers", () => {
    expect(parseJson('{"a": NaN, "b": [-Infinity, Infinity], "c": "NaN"}')).toEqual({
      ...{ a: Number.NaN, b: [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], c: "NaN" },
    });
    expect(toStreamJson({ a: Number.NaN, b: 2n ** 60n, c: Float32Array.of(1.5) })).toBe(
      '{"a":NaN,"b":1152921504606846976,"c":[1.5]}',
    );
    expect(toDocumentJson({ a: Number.NaN })).toBe('{"a":null}');
  });
});

test("a search is written as RediSearch reads it", () => {
  expect(queryText({})).toBe("*");
  expect(queryText({ number: 7 })).toBe("@id_number:[7 7]");
  expect(queryText({ name: "a-b*", number: 7 })).toBe("(@id_name:{a\\-b*} @id_number:[7 7])");
});
