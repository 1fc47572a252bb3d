// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { double, doubles, octet, string, struct } from "../../../tango/cdr/index.ts";
import { DataFrames } from "../../../tango/events/index.ts";

const pair = struct({ first: octet, second: double });
const text = struct({ first: octet, text: string });

test("alignment of the data counts from behind the bytes in front of them, in every frame of the same maker", () => {
  const frames = new DataFrames();
  for (const pads of [1, 2, 1] as const) {
    const frame = frames.make(pair, { first: 7, second: 1.5 }, pads);
    const front = Array.from({ length: pads }, () => [0xc0, 0xde, 0xc0, 0xde]).flat();
    expect([...frame]).toEqual([...front, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f]);
  }
});

test("a big array is copied: the device may change it before the event has gone", () => {
  const values = new Float64Array(2000).fill(1);
  const frame = new DataFrames().make(doubles, values);
  const before = Uint8Array.from(frame);
  values.fill(2);
  expect(frame).toEqual(Buffer.from(before));
});

test("a value that cannot be written leaves nothing behind", () => {
  const frames = new DataFrames();
  expect(() => frames.make(text, { first: 1, text: "\u20ac" })).toThrow("ISO 8859-1");
  expect([...frames.make(octet, 9)]).toEqual([0xc0, 0xde, 0xc0, 0xde, 9]);
});
