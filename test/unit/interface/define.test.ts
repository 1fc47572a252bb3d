// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { DevDouble, DevEnum } from "../../../tango/idl/tango-types.ts";
import { defineInterface, readable, readWithWrite, writable } from "../../../tango/interface.ts";

test("an interface that contradicts itself is refused, by the name of the member", () => {
  const attributes = (members: Parameters<typeof defineInterface>[0]["attributes"]) => () =>
    defineInterface({ name: "Motor", attributes: members ?? {} });
  expect(attributes({ "two words": readable(DevDouble) })).toThrow("Motor.two words: not a Tango member name");
  expect(attributes({ speed: readable(DevDouble), Speed: readable(DevDouble) })).toThrow(
    "differs from speed only in case",
  );
  expect(attributes({ mode: readable(DevEnum) })).toThrow("Motor.mode: a DevEnum needs enumLabels");
  expect(attributes({ p: writable(DevDouble, { minValue: 2, maxValue: 1 }) })).toThrow(
    "minValue 2 is not below maxValue 1",
  );
});

test("an attribute that shows another's set value names a writable one", () => {
  const shown = (writableName: string) => () =>
    defineInterface({
      name: "Motor",
      attributes: {
        target: writable(DevDouble),
        read: readable(DevDouble),
        shown: readWithWrite(DevDouble, writableName),
      },
    });
  expect(shown("target")).not.toThrow();
  for (const name of ["read", "nothing"])
    expect(shown(name)).toThrow(`Motor.shown: shows the set value of ${name}, which is no writable attribute`);
});
