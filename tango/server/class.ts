// SPDX-License-Identifier: MIT
import type { InterfaceDefinition } from "../interface.ts";
import type { Awaitable, Device, DeviceClass, Handlers } from "./types.ts";

/** A device class of any interface: what a server is made of. */
export interface ServableClass {
  readonly definition: InterfaceDefinition;
  readonly open: (device: never) => Awaitable<object>;
}

/**
 * Joins an interface to the function that opens one device of it. `open` is called when the device starts, and again at
 * every Init and DevRestart, after what it returned before was disposed.
 */
export const deviceClass = <const I extends InterfaceDefinition>(
  definition: I,
  // NoInfer around the whole function: inside it, handlers would not be typed by the interface.
  open: NoInfer<(device: Device<I>) => Awaitable<Handlers<I>>>,
): DeviceClass<I> => ({ definition, open });
