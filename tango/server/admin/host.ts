// SPDX-License-Identifier: MIT
// What the admin device can do to its server.
import type { ServedDevice } from "../device/device.ts";
import type { DeviceServer, ServedClass } from "../device/host.ts";
import type { Logging } from "../logging/logging.ts";
import type { Poller } from "../polling/poller.ts";

export interface AdminHost extends DeviceServer {
  readonly poller: Poller;
  readonly logging: Logging;
  /** In the order in which they were made, without the admin device. */
  readonly devices: readonly ServedDevice[];
  readonly classes: readonly ServedClass[];
  readonly admin: ServedDevice;
  /** Stops the server; resolves at once. */
  kill(): void;
  /** Closes and makes again everything but the admin device. */
  restart(): Promise<void>;
  /** Closes and makes again one device. */
  restartDevice(device: ServedDevice): Promise<void>;
}
