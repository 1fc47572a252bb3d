// SPDX-License-Identifier: MIT
// The admin device: the server's own door for tools and clients.

import { devFailed } from "../../errors.ts";
import type { ServedCall } from "../call.ts";
import { deviceClass } from "../class.ts";
import type { Call } from "../types.ts";
import { dserver } from "./dserver-table.ts";
import { eventCommands } from "./events.ts";
import { checkUnlocked } from "./found.ts";
import type { AdminHost } from "./host.ts";
import { lockingCommands } from "./locking.ts";
import { loggingCommands } from "./logging.ts";
import { pollingCommands } from "./polling.ts";
import { queryCommands } from "./query.ts";
import { telemetryCommands } from "./telemetry.ts";

export const adminClass = (host: AdminHost) =>
  deviceClass(dserver, () => ({
    ...queryCommands(host),
    ...pollingCommands(host),
    ...lockingCommands(host),
    ...loggingCommands(host),
    ...eventCommands(host),
    ...telemetryCommands(host),
    ...lifeCommands(host),
    State: () => "ON" as const,
    Status: () => `The device is ON\nThe polling is ${host.poller.isOn ? "ON" : "OFF"}`,
  }));

const lifeCommands = (host: AdminHost) => ({
  DevRestart: async (name: string, call: Call) => {
    const device = host.device(name);
    if (!device || device === host.admin) {
      throw devFailed("API_DeviceNotFound", `Device ${name} not found`, "Dserver::restart()");
    }
    checkUnlocked(device, (call as ServedCall).identity, "DServer::dev_restart");
    await host.restartDevice(device);
  },
  // Both answer before they act: the caller must hear of it.
  RestartServer: () => {
    setImmediate(() => void host.restart());
  },
  Kill: () => {
    setTimeout(() => host.kill(), 5);
  },
});
