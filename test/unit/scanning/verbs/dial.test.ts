// SPDX-License-Identifier: MIT
// An axis whose user and dial positions differ in sign and offset: user = 7 - dial.
import { expect, test } from "vitest";
import { type Axis, beamline, Session, softAxis } from "../../../../scanning/index.ts";

function turned() {
  const inner = softAxis("inner", { limits: [-2, 10], position: 1 });
  const axis: Axis = {
    ...inner,
    name: "phi",
    position: async () => 7 - (await inner.position()),
    target: async () => 7 - (await inner.target()),
    limits: async () => [-3, 9],
    dial: () => inner.position(),
    move: async (to, options) => 7 - (await inner.move(7 - to, options)),
    sign: { read: async () => -1, write: async () => {} },
    offset: { read: async () => 7, write: async () => {} },
  };
  let said = "";
  const screen = { write: (text: string) => (said += text) };
  return { inner, verbs: beamline(new Session({ name: "demo", objects: [axis] }), screen), axis, said: () => said };
}

test("mvd and umvd go to dial positions, mvdr and umvdr by distances of the dial", async () => {
  const { inner, verbs, axis, said } = turned();
  await verbs.mvd(axis, 3);
  expect(await inner.position()).toBe(3);
  await verbs.mvdr(axis, -1);
  expect(await inner.position()).toBe(2);
  await verbs.umvd(axis, 4);
  await verbs.umvdr(axis, 0.5);
  expect(await inner.position()).toBe(4.5);
  expect(said()).toContain("Moving phi from 6.00000 to 4.00000\nMoving phi from 4.00000 to 5.00000\n");
  await expect(verbs.mvd(axis, 11)).rejects.toThrow("phi: move to `-4.0' would exceed low limit (-3.0)");
});

test("wm shows the limits of the dial exchanged", async () => {
  const { verbs, axis, said } = turned();
  await verbs.wm(axis);
  expect(said().replaceAll(/ +/g, " ")).toBe(
    " phi\nUser\n High 9.00000\n Current 6.00000\n Low -3.00000\nOffset 7.00000\n" +
      "Dial\n High 10.00000\n Current 1.00000\n Low -2.00000\n",
  );
});
