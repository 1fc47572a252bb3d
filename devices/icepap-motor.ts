// SPDX-License-Identifier: MIT
// An axis of an IcePAP motor controller.
import { DevLong, DevString } from "../tango/idl/tango-types.ts";
import { defineInterface, property } from "../tango/interface.ts";
import { motor } from "./motor.ts";

export const icepapMotor = defineInterface({
  ...motor,
  name: "IcepapMotor",
  description: "An axis of an IcePAP motor controller.",
  properties: {
    ...motor.properties,
    Host: property(DevString, undefined, "Name or address of the IcePAP master"),
    Port: property(DevLong, 5000, "TCP port of the IcePAP master"),
    Address: property(
      DevLong,
      undefined,
      "Of the driver board: rack x 10 + slot, e.g. 12 is the second board of the second rack",
    ),
    EncoderRegister: property(
      DevString,
      "",
      'Position register that Measured_Position shows, in axis steps: MEASURE, SHFTENC, TGTENC, CTRLENC ...; "" for none',
    ),
    AnswerTimeout: property(DevLong, 3000, "ms to wait for an answer of the controller"),
  },
});
