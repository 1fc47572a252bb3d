// SPDX-License-Identifier: MIT

import { stateOf } from "../../devices/mosca/words.ts";
import type { DevState } from "../../tango/idl/enums.ts";
import type { Spectrometer } from "./spectrometer.ts";

/** State and Status of a device follow the spectrometer until the result is disposed. */
export function showStatus(device: { state: DevState; status: string }, spectrometer: Spectrometer): Disposable {
  return spectrometer.listen((status, trouble) => {
    device.state = stateOf[status];
    device.status = trouble || `The device is in ${stateOf[status]} state.`;
  });
}
