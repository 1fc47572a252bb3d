// SPDX-License-Identifier: MIT
// Every command of the database, by name. The type makes sure none of the table is forgotten.
import { changes } from "../change-table.ts";
import type { StoreCommand } from "../interface.ts";
import { attributeAliases, deviceAliases } from "./aliases.ts";
import type { Runs } from "./command.ts";
import { deviceLists, devices } from "./devices.ts";
import { events } from "./events.ts";
import { attributeProperties, pipeProperties } from "./member-properties.ts";
import { miscellaneous } from "./miscellaneous.ts";
import { classProperties, deviceProperties, objectProperties } from "./properties.ts";
import { serverCache } from "./server-cache.ts";
import { serverLists, servers } from "./servers.ts";

export const commands: Runs = {
  ...devices,
  ...deviceLists,
  ...deviceAliases,
  ...attributeAliases,
  ...servers,
  ...serverLists,
  ...deviceProperties,
  ...classProperties,
  ...objectProperties,
  ...attributeProperties,
  ...pipeProperties,
  ...events,
  ...serverCache,
  ...miscellaneous,
};

/** Whether a command changes the store: the others only look. */
export const isChange = (command: StoreCommand): command is keyof typeof changes => command in changes;
