// SPDX-License-Identifier: MIT
import { matches } from "../../database/index.ts";
import { DevFailed, devFailed } from "../../errors.ts";
import type { ServedDevice } from "../device/device.ts";
import type { AdminHost } from "./host.ts";

/** A device of the server by name, the admin device included. @throws DevFailed API_DeviceNotFound */
export function deviceOf(host: AdminHost, name: string, origin: string): ServedDevice {
  const found = host.device(name);
  if (found) return found;
  const desc = `Device ${name} not found`;
  const first = devFailed("API_DeviceNotFound", desc, "Util::get_device_by_name()");
  throw new DevFailed([...first.errors, ...devFailed("API_DeviceNotFound", desc, origin).errors]);
}

/** Devices by a name in which `*` stands for anything, ignoring case; the admin device last. */
export function devicesMatching(host: AdminHost, pattern: string): readonly ServedDevice[] {
  return [...host.devices, host.admin].filter(({ name }) => matches(pattern, name));
}

/** Refuses what concerns a device that another client has locked. */
export function checkUnlocked(
  device: ServedDevice,
  identity: Parameters<ServedDevice["lock"]["check"]>[0],
  origin: string,
): void {
  try {
    device.lock.check(identity, origin);
  } catch (error) {
    if (!(error instanceof DevFailed) || !error.is("API_DeviceLocked")) throw error;
    const desc = `Device ${device.name} is locked by another client. Your request is not allowed while a device is locked.`;
    throw devFailed("API_DeviceLocked", desc, origin);
  }
}
