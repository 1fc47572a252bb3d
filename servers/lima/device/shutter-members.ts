// SPDX-License-Identifier: MIT
// shutter_*: the shutter of a camera that drives one. Its four attributes exist for such cameras only.
import { DevDouble, DevString } from "../../../tango/idl/tango-types.ts";
import { writable } from "../../../tango/interface.ts";
import type { Shutter } from "../camera.ts";
import { type Choice, choice, choiceHandlers } from "./choices.ts";
import { field } from "./fields.ts";
import type { Lima, LimaMembers } from "./lima.ts";

const text = writable(DevString);
const seconds = writable(DevDouble, { unit: "s" });

export const shutterMembers = ({ acquisition }: Lima) =>
  ({
    shutter_ctrl_is_available: () => acquisition.camera.shutter !== undefined,
    openShutterManual: () => move(acquisition.camera.shutter, true),
    closeShutterManual: () => move(acquisition.camera.shutter, false),
  }) satisfies LimaMembers;

/** @throws Error when there is no shutter, or it moves by itself. */
function move(shutter: Shutter | undefined, open: boolean): void {
  if (!shutter) throw new Error("No shutter capability: this camera drives none");
  if (shutter.mode !== "MANUAL")
    throw new Error(`The shutter moves by itself in shutter_mode ${shutter.mode}: write MANUAL first`);
  shutter.open = open;
}

/** Allowed words of the shutter's attributes; none without a shutter. */
export function shutterChoices({ acquisition }: Lima): Readonly<Record<string, Choice>> {
  const { shutter } = acquisition.camera;
  if (!shutter) return {};
  return {
    shutter_mode: choice(
      shutter.modes,
      () => shutter.mode,
      (mode) => void (shutter.mode = mode),
    ),
  };
}

/** Adds the attributes of the shutter to the device. */
export function attachShutter(lima: Lima): Disposable {
  const stack = new DisposableStack();
  const { shutter } = lima.acquisition.camera;
  if (!shutter) return stack;
  const { device } = lima;
  const { shutter_mode } = choiceHandlers(shutterChoices(lima));
  if (shutter_mode) stack.use(device.attach("shutter_mode", text, shutter_mode));
  const openTime = field(shutter, "openTime", notNegative("shutter_open_time"));
  stack.use(device.attach("shutter_open_time", seconds, openTime));
  const closeTime = field(shutter, "closeTime", notNegative("shutter_close_time"));
  stack.use(device.attach("shutter_close_time", seconds, closeTime));
  stack.use(device.attach("shutter_manual_state", text, manualState(shutter)));
  return stack;
}

const manualState = (shutter: Shutter) => ({
  read: () => (shutter.mode === "MANUAL" ? (shutter.open ? "OPEN" : "CLOSED") : "NO_MANUAL_MODE"),
  write: (written: string) => {
    const word = written.toUpperCase();
    if (word !== "OPEN" && word !== "CLOSE")
      throw new Error(`Wrong value shutter_manual_state: ${word}; OPEN or CLOSE is wanted`);
    move(shutter, word === "OPEN");
  },
});

const notNegative = (attribute: string) => (value: number) => {
  if (!(value >= 0)) throw new Error(`Invalid ${attribute}: ${value} s is below 0`);
};
