// SPDX-License-Identifier: MIT
// Executing a device's commands, whatever version of the interface it speaks.
import { refusedValue } from "./attribute-writing.ts";
import { callee } from "./callee.ts";
import type { DeviceLink } from "./device-link.ts";
import type { CallOptions } from "./device-route.ts";
import { dialects } from "./dialect/index.ts";
import { deeds } from "./failures.ts";

/** The command's result. @throws DevFailed */
export function callCommand(link: DeviceLink, name: string, value: unknown, options?: CallOptions): Promise<unknown> {
  return link.run(deeds.command(name), options, async (live, limits) => {
    const code = await link.members.commandInput(live, name, limits);
    const { commandInOut } = dialects[live.version];
    try {
      return await commandInOut(callee(live, limits, link.source), name, { code, value });
    } catch (error) {
      const where = `command ${name} of device ${link.name}`;
      throw refusedValue(error, where, "API_IncompatibleCmdArgumentType", "Connection::command_inout()");
    }
  });
}
