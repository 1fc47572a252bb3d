// SPDX-License-Identifier: MIT
// Locking a device: nobody else may write to it or command it until the lock is released, or its owner is gone.
import { devFailed } from "../errors.ts";
import type { LongStrings } from "../idl/tango-types.ts";
import { DevString, DevVarLongStringArray, DevVarStringArray } from "../idl/tango-types.ts";
import type { DeviceLink } from "./device-link.ts";
import type { CallOptions } from "./device-route.ts";

export interface LockOptions extends CallOptions {
  /** Seconds until the lock of a client that is gone ends; default 10, at least 2. Renewed as long as it is held. */
  readonly validity?: number | undefined;
}
export interface LockStatus {
  readonly locked: boolean;
  /** Process id of a C++, Python or Bandoneon owner. */
  readonly pid: number | undefined;
  /** The server's words, naming the owner. */
  readonly text: string;
}

/** A lock that is held. Disposing of it releases the device. */
export interface DeviceLock extends AsyncDisposable {
  /** Aborted when the lock could not be renewed, with the reason: somebody broke it, or the server is gone. */
  readonly lost: AbortSignal;
}

/** @throws DevFailed API_DeviceLocked when another client holds it. */
export async function lockDevice(
  link: DeviceLink,
  { validity = 10, ...options }: LockOptions = {},
): Promise<DeviceLock> {
  if (!(validity >= 2)) {
    throw devFailed("API_MethodArgument", "Lock validity can not be lower than 2 seconds", "DeviceProxy::lock");
  }
  const device = await link.deviceName(options);
  await link.admin("LockDevice", DevVarLongStringArray, { lvalue: [validity], svalue: [device] }, options);
  const lost = new AbortController();
  const renew = async () => {
    try {
      await link.admin("ReLockDevices", DevVarStringArray, [device]);
    } catch (error) {
      clearInterval(timer);
      lost.abort(error);
    }
  };
  const timer = setInterval(() => void renew(), (validity * 1000) / 2).unref();
  let isHeld = true;
  return {
    lost: lost.signal,
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      if (!isHeld) return;
      isHeld = false;
      if (!lost.signal.aborted) await unlockDevice(link);
    },
  };
}

/** How many locks of this process remain. `force` breaks those of others. */
export async function unlockDevice(link: DeviceLink, force = false, options?: CallOptions): Promise<number> {
  const argument = { lvalue: [force ? 1 : 0], svalue: [await link.deviceName(options)] };
  return (await link.admin("UnLockDevice", DevVarLongStringArray, argument, options)) as number;
}

export async function lockStatus(link: DeviceLink, options?: CallOptions): Promise<LockStatus> {
  const answer = await link.admin("DevLockStatus", DevString, await link.deviceName(options), options);
  const { lvalue, svalue } = answer as LongStrings;
  const locked = lvalue[0] === 1;
  return { locked, pid: locked ? lvalue[1] || undefined : undefined, text: svalue[0] ?? "" };
}
