// SPDX-License-Identifier: MIT
// What the command line of Mosca asks to register.
import { expect, test } from "vitest";
import { registrationAsked } from "../../../servers/mosca/registration.ts";

test.each([
  [["fx"], undefined],
  [["fx", "-nodb"], undefined],
  [
    ["fx", "--register", "id00", "SimFalconX"],
    { instance: "fx", prefix: "id00", mcaType: "simfalconx", overwrite: false },
  ],
  [["--register", "id00", "dummy", "fx"], { instance: "fx", prefix: "id00", mcaType: "dummy", overwrite: false }],
  [["fx", "--register", "id00", "dummy", "--overwrite"], { instance: "fx", prefix: "id00", mcaType: "dummy", overwrite: true }], // biome-ignore format: a list
])("%j", (args, wanted) => {
  expect(registrationAsked(args)).toEqual(wanted);
});

test.each([[["--register", "id00", "dummy"]], [["fx", "--register", "id00"]], [["fx", "--register", "id00", "-v4"]]])(
  "%j is half a request",
  (args) => expect(() => registrationAsked(args)).toThrow("usage: Mosca <instance> --register <prefix> <mca_type>"),
);
