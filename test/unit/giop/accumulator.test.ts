// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { Accumulator } from "../../../tango/giop/accumulator.ts";

const bytesOf = (length: number) => Uint8Array.from({ length }, (_, index) => index % 251);

test("the rest of a big message is read to its place, in pieces of any size", () => {
  const message = bytesOf(200_000);
  const content = new Accumulator(message.length);
  content.append(message.subarray(0, 1000), 0);
  let at = 1000;
  let inPlace = 0;
  while (!content.complete) {
    const { room } = content;
    const count = Math.min(room?.length ?? 7000, 30_011, message.length - at);
    const piece = message.subarray(at, at + count);
    if (room) {
      // As a socket reads: into the room itself.
      room.set(piece);
      content.append(room.subarray(0, count), 0);
      inPlace += count;
    } else {
      content.append(piece, 0);
    }
    at += count;
  }
  expect(Buffer.compare(content.bytes, message)).toBe(0);
  expect(inPlace).toBeGreaterThan(180_000);
});

test("a length that nothing follows costs no memory, and few bytes no read of their own", () => {
  expect(new Accumulator(200 << 20).room?.length).toBeLessThan(1 << 20);
  expect(new Accumulator(1000).room).toBeUndefined();
});

test("a size that is believed is taken room for at once: nothing is moved as the rest comes", () => {
  const accumulator = new Accumulator(1_000_000, 0, 2 ** 20);
  accumulator.append(new Uint8Array(100).fill(1), 0);
  const { room } = accumulator;
  expect(room?.length).toBe(999_900);
  room?.fill(2);
  accumulator.append(room!, 0);
  expect(accumulator.complete).toBe(true);
  expect(accumulator.bytes.buffer).toBe(room?.buffer);
});
