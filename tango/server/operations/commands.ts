// SPDX-License-Identifier: MIT
// Executing commands.
import type { Any } from "../../cdr/index.ts";
import { DevFailed, devFailed } from "../../errors.ts";
import { type DevSource, toAny } from "../../idl/index.ts";
import type { ServedCommand } from "../command.ts";
import type { ServedDevice } from "../device/device.ts";
import type { Awaitable, Call } from "../types.ts";
import { notPolled } from "./read.ts";

export function commandOf(device: ServedDevice, name: string, origin = "DeviceClass::command_handler"): ServedCommand {
  const command = device.commands.get(name.toLowerCase());
  if (command) return command;
  throw devFailed("API_CommandNotFound", `Command ${name} not found`, origin);
}

export function executeCommand(
  device: ServedDevice,
  name: string,
  argument: Any,
  source: DevSource,
  call: Call,
): Awaitable<Any> {
  const command = commandOf(device, name);
  const stored = cached(device, command, source);
  if (stored) return stored;
  // State and Status of the admin device must answer whatever it does.
  const execute = () => command.execute(argument, call);
  return command.definition.options.waits ? execute() : device.turns.run(execute);
}

/** The last polled result, when the client wants it and there is a good one. */
function cached(device: ServedDevice, command: ServedCommand, source: DevSource): Any | undefined {
  if (source === "DEV") return undefined;
  const polled = device.polling.find("command", command.name) ?? polledAttribute(device, command);
  if (!polled) {
    if (source === "CACHE") throw notPolled("Command", command.name);
    return undefined;
  }
  try {
    const { result, sample, errors } = polled.cached(performance.now(), device.polling.oldFactor);
    const failed = errors ?? sample?.errors;
    if (failed) throw new Stored(failed);
    return result ?? toAny(command.definition.output.code, sample?.read?.elements[0]);
  } catch (error) {
    if (error instanceof Stored) throw new DevFailed(error.errors);
    if (source === "CACHE") throw error;
    return undefined;
  }
}

/** The failure of the last poll: what the client gets, fresh or not. */
class Stored extends DevFailed {}

const polledAttribute = (device: ServedDevice, { key }: ServedCommand) =>
  key === "state" || key === "status" ? device.polling.find("attribute", key) : undefined;
