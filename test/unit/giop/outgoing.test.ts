// SPDX-License-Identifier: MIT
import { setImmediate } from "node:timers/promises";
import { expect, test } from "vitest";
import { Outgoing } from "../../../tango/giop/outgoing.ts";
import type { Channel } from "../../../tango/transport/index.ts";

function recorder() {
  const writes: string[][] = [];
  const channel = {
    write: (chunks: readonly Uint8Array[]) => {
      writes.push(chunks.map((chunk) => Buffer.from(chunk).toString()));
      return 0;
    },
  } as Channel;
  return { writes, outgoing: new Outgoing(channel) };
}
const slab = Buffer.from("onetwothree");
const [one, two, three] = [slab.subarray(0, 3), slab.subarray(3, 6), slab.subarray(6)] as const;

test("a message alone goes at once", () => {
  const { writes, outgoing } = recorder();
  outgoing.send([one], false);
  expect(writes).toEqual([["one"]]);
});

test("messages that may wait go together at the end of the turn, as one block when they lie side by side", async () => {
  const { writes, outgoing } = recorder();
  outgoing.send([one], true);
  await Promise.resolve();
  outgoing.send([two], true);
  outgoing.send([Buffer.from("elsewhere"), three], true);
  expect(writes).toEqual([]);
  await setImmediate();
  expect(writes).toEqual([["onetwo", "elsewhere", "three"]]);
  outgoing.send([three], true);
  await setImmediate();
  expect(writes.at(-1)).toEqual(["three"]);
});

test("no message overtakes one that waits", async () => {
  const { writes, outgoing } = recorder();
  outgoing.send([one], true);
  outgoing.send([two], false);
  await setImmediate();
  expect(writes).toEqual([["onetwo"]]);
});
