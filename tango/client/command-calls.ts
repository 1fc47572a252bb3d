// SPDX-License-Identifier: MIT
// Executing a device's commands, whatever version of the interface it speaks.
import { toAny, writeArgs } from "../idl/index.ts";
import { DevVoid } from "../idl/tango-types.ts";
import { refusedValue } from "./attribute-writing.ts";
import { callee } from "./callee.ts";
import type { DeviceLink } from "./device-link.ts";
import type { CallOptions } from "./device-route.ts";
import { dialects } from "./dialect/index.ts";
import { deeds } from "./failures.ts";

/** The command's result. @throws DevFailed */
export const callCommand = (link: DeviceLink, name: string, value: unknown, options?: CallOptions): Promise<unknown> =>
  command(link, name, value, options, callee);

/** Sends a command whose result, or failure, nobody waits for. @throws DevFailed when it cannot be sent. */
export const sendCommand = async (
  link: DeviceLink,
  name: string,
  value: unknown,
  options?: CallOptions,
): Promise<void> => {
  await command(link, name, value, options, deaf);
};

function command(
  link: DeviceLink,
  name: string,
  value: unknown,
  options: CallOptions | undefined,
  caller: typeof callee,
): Promise<unknown> {
  return link.run(deeds.command(name), options, async (live, limits) => {
    const code = await link.members.commandInput(live, name, limits);
    const { commandInOut } = dialects[live.version];
    try {
      return await commandInOut(caller(live, limits, link.source), name, { code, value });
    } catch (error) {
      const where = `command ${name} of device ${link.name}`;
      throw refusedValue(error, where, "API_IncompatibleCmdArgumentType", "Connection::command_inout()");
    }
  });
}

/** A caller that asks for no reply, and takes as one that nothing came. */
const deaf: typeof callee = (live, limits, source) => ({
  ...callee(live, limits, source),
  invoke: async (operation, args) => {
    const { connection, key } = live;
    await connection.invoke(key, operation, (writer) => writeArgs(writer, operation, args), { oneWay: true });
    return toAny(DevVoid.code, undefined) as never;
  },
});
