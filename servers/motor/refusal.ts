// SPDX-License-Identifier: MIT
import { type DevFailed, devFailed } from "../../tango/errors.ts";

/** What was asked cannot be done in the present situation. */
export const notNow = (text: string): DevFailed => devFailed("API_CommandNotAllowed", text);
/** What was asked was begun, and ended elsewhere. */
export const notArrived = (text: string): DevFailed => devFailed("API_CommandFailed", text);
/** What was asked can never be done. */
export const badValue = (text: string): DevFailed => devFailed("API_WAttrOutsideLimit", text);
/** The controller cannot do it. */
export const notSupported = (what: string, about: string): DevFailed =>
  devFailed("API_NotSupportedFeature", `${about} cannot ${what}`);
