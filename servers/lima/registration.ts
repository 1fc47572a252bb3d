// SPDX-License-Identifier: MIT
// Plugin devices need no registering by hand: those a LimaCCDs server lacks are added to the database when it starts.
import { controlSystem, type TangoEnvironment, tangoEnvironment } from "../../tango/index.ts";

/** `domain/<type>/member` beside the LimaCCDs device: "RoiCounterDeviceServer" of id00/limaccds/simu is id00/roicounter/simu. */
export function pluginDevice(limaDevice: string, pluginClass: string): string {
  const [domain = "", , member = ""] = limaDevice.split("/");
  return `${domain}/${pluginClass.toLowerCase().replace(/deviceserver$/, "")}/${member}`;
}

/**
 * Adds what is missing; does nothing for a server that is not in the database, has no LimaCCDs device, or runs without one
 * (`-nodb`, `-file`). @throws DevFailed when the database cannot be reached.
 */
export async function registerPlugins(
  args: readonly string[],
  pluginClasses: readonly string[],
  env: TangoEnvironment = tangoEnvironment(),
): Promise<void> {
  const [instance] = args;
  if (!instance || instance.startsWith("-") || args.some((arg) => arg === "-nodb" || arg.startsWith("-file="))) return;
  await using system = controlSystem({ env });
  const database = system.database();
  const server = `LimaCCDs/${instance}`;
  const devices = await database.devicesOfServer(server);
  const lima = devices.find((device) => device.class.toLowerCase() === "limaccds");
  if (!lima) return;
  const present = new Set(devices.map((device) => device.class.toLowerCase()));
  for (const name of pluginClasses)
    if (!present.has(name.toLowerCase()))
      await database.addDevice(server, { device: pluginDevice(lima.device, name), class: name });
}
