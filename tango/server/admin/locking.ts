// SPDX-License-Identifier: MIT
// Locks, as clients ask the admin device for them.
import { devFailed } from "../../errors.ts";
import type { LongStrings } from "../../idl/tango-types.ts";
import type { Acceptable } from "../../interface.ts";
import type { ServedCall } from "../call.ts";
import type { ServedDevice } from "../device/device.ts";
import type { Identity } from "../device/identity.ts";
import type { Call } from "../types.ts";
import { deviceOf } from "./found.ts";
import type { AdminHost } from "./host.ts";

type Words = Acceptable<LongStrings>;
const DEFAULT_VALIDITY = 10;

function identity(call: Call, origin: string): Identity {
  const found = (call as ServedCall).identity;
  if (found) return found;
  const problem = "Your client library says nothing of who it is: it is too old to lock devices";
  throw devFailed("API_ClientTooOld", problem, `DServer::${origin}`);
}

function lockable(host: AdminHost, name: string): ServedDevice {
  const device = deviceOf(host, name, "DServer::lock_device");
  const what =
    device === host.admin ? "device server administration" : device.className === "DataBase" ? "database" : undefined;
  if (what) throw devFailed("API_DeviceUnlockable", `Impossible to lock ${what} device`, "DServer::lock_device");
  return device;
}

export const lockingCommands = (host: AdminHost) => ({
  LockDevice: async ({ lvalue, svalue }: Words, call: Call) => {
    const by = identity(call, "lock_device");
    const { lock, forwarding } = lockable(host, svalue[0] ?? "");
    lock.lock(by, lvalue[0] ?? DEFAULT_VALIDITY);
    try {
      await forwarding.lockRoots();
    } catch (error) {
      lock.unlock(by, false);
      throw error;
    }
  },
  ReLockDevices: (names: readonly string[], call: Call) => {
    const by = identity(call, "re_lock_devices");
    for (const name of names) deviceOf(host, name, "DServer::re_lock_devices").lock.relock(by);
  },
  UnLockDevice: async ({ lvalue, svalue }: Words, call: Call) => {
    const by = identity(call, "un_lock_device");
    let left = 0;
    for (const name of svalue) {
      const { lock, forwarding } = deviceOf(host, name, "DServer::un_lock_device");
      left = lock.unlock(by, lvalue[0] === 1);
      await forwarding.freeRoots();
    }
    return left;
  },
  DevLockStatus: (name: string) => deviceOf(host, name, "DServer::dev_lock_status").lock.status(),
});
