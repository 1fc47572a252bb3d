// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { Writer } from "../../../tango/cdr/index.ts";

test("the first item of a message is written, also when it is a single byte", () => {
  for (const write of [(w: Writer) => w.octet(1), (w: Writer) => w.boolean(true)]) {
    const writer = new Writer();
    write(writer);
    expect([...writer.bytes()]).toEqual([1]);
  }
});

test("an encapsulation says its byte order", () => {
  const writer = new Writer();
  writer.encapsulation((inner) => inner.ulong(7));
  expect([...writer.bytes()]).toEqual([8, 0, 0, 0, 1, 0, 0, 0, 7, 0, 0, 0]);
});
