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

test("a slab is written again when what was in it has gone", () => {
  const writer = new Writer();
  const message = (value: number) => {
    writer.ulong(value);
    const [chunk] = writer.take();
    if (!chunk) throw new Error("nothing taken");
    return chunk;
  };
  const first = message(1);
  writer.sent(true);
  const second = message(2);
  expect([second.buffer === first.buffer, second.byteOffset, first[0]]).toEqual([true, 0, 2]);
  // One that is still to be read keeps its place, and so does what comes behind it.
  writer.sent(false);
  const third = message(3);
  writer.sent(true);
  const fourth = message(4);
  expect([second[0], third[0], fourth[0], fourth.byteOffset]).toEqual([2, 3, 4, 8]);
});

test("a slab with messages that wait for each other, or with one begun, is not written again", () => {
  const writer = new Writer();
  writer.ulong(1);
  writer.wait();
  const [waiting] = writer.take();
  writer.ulong(2);
  writer.take();
  writer.sent(true);
  writer.settle();
  writer.ulong(3);
  writer.sent(true);
  writer.ulong(4);
  expect([waiting?.[0], [...writer.bytes()]]).toEqual([1, [3, 0, 0, 0, 4, 0, 0, 0]]);
});
