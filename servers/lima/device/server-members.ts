// SPDX-License-Identifier: MIT
// What the server says of itself and of the devices beside it.
import { homedir } from "node:os";
import { join } from "node:path";
import { Configurations, configurationModules } from "./configurations.ts";
import type { Lima, LimaMembers } from "./lima.ts";

/** The interface's level that clients look for: BLISS wants 1.9.23 or later, and offers MEAN binning from 1.10.4 on. */
const version = "1.10.5";

export const serverMembers = ({ detector, acquisition }: Lima) =>
  ({
    lima_version: () => version,
    lima_type: () => acquisition.camera.capabilities.type,
    plugin_type_list: () => [...detector.devices.keys()],
    plugin_list: () => [...detector.devices].flat(),
    getPluginDeviceNameFromType: (type) => detector.deviceOf(type),
    buffer_max_number: () => acquisition.buffers,
  }) satisfies LimaMembers;

/**
 * `settings`: the handlers that may be stored. Those of the configuration that property ConfigurationDefaultName names are
 * written first. @throws Error naming the file when they cannot be.
 */
export async function configurationMembers({ device }: Lima, settings: Readonly<Record<string, unknown>>) {
  const instance = device.server.split("/").at(-1) ?? "";
  const { ConfigurationFilePath, ConfigurationDefaultName } = device.properties;
  const file = ConfigurationFilePath ?? join(homedir(), `lima_${instance}.cfg`);
  const configurations = new Configurations(settings, file);
  await configurations.restore(ConfigurationDefaultName).catch((error: Error) => {
    throw new Error(`Configuration "${ConfigurationDefaultName}" of ${file}: ${error.message}`, { cause: error });
  });
  return {
    config_available_module: () => Object.keys(configurationModules),
    config_available_name: () => configurations.names,
    configStore: (words) => configurations.store(words),
    configApply: (name) => configurations.apply(name),
    configPop: (name) => configurations.pop(name),
    configDelete: (name) => configurations.delete(name),
    configFileSave: () => configurations.save(),
    configFileLoad: () => configurations.load(),
  } satisfies LimaMembers;
}
