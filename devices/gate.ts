// SPDX-License-Identifier: MIT
// Anything a Tango device can open and close, as the gate of detectors: a fast shutter, a digital output, a pulse generator.
import type { CallOptions, Gate } from "../scanning/index.ts";
import { type ConnectOptions, connect, devFailed } from "../tango/index.ts";

export interface GateOptions extends ConnectOptions {
  /** Commands without argument; default "Open" and "Close". */
  readonly open?: string | undefined;
  readonly close?: string | undefined;
  /** A boolean attribute that is written instead: true is open. */
  readonly attribute?: string | undefined;
}

/** @throws DevFailed when the device cannot be reached, or has not what opens and closes it */
export async function openGate<const Name extends string>(
  name: Name,
  trl: string,
  { attribute, open = "Open", close = "Close", ...options }: GateOptions = {},
): Promise<Gate<Name> & AsyncDisposable> {
  await using resources = new AsyncDisposableStack();
  const device = resources.use(await connect(trl, options));
  const [attributes, commands] = await Promise.all([device.attributes(), device.commands()]);
  const has = (all: readonly { readonly name: string }[], wanted: string) => all.some((one) => one.name.toLowerCase() === wanted.toLowerCase()); // biome-ignore format: one glance
  if (attribute !== undefined && !has(attributes, attribute))
    throw devFailed("API_AttrNotFound", `${trl} has no attribute ${attribute}: it cannot be the gate ${name}`);
  const missing = attribute === undefined && [open, close].find((command) => !has(commands, command));
  if (missing)
    throw devFailed("API_CommandNotFound", `${trl} has no command ${missing}: it cannot be the gate ${name}`);
  const set = async (to: boolean, call?: CallOptions) => {
    if (attribute === undefined) await device.call(to ? open : close, undefined, call);
    else await device.write(attribute, to, call);
  };
  const owned = resources.move();
  return {
    kind: "gate",
    name,
    open: (call) => set(true, call),
    close: (call) => set(false, call),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
