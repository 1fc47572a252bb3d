// SPDX-License-Identifier: MIT
// Log levels and targets of the server's devices.
import { devFailed } from "../../errors.ts";
import type { LongStrings } from "../../idl/tango-types.ts";
import type { Acceptable } from "../../interface.ts";
import { levelNumber, levels } from "../logging/levels.ts";
import type { DeviceLogger } from "../logging/logging.ts";
import { devicesMatching } from "./found.ts";
import type { AdminHost } from "./host.ts";

type Words = Acceptable<LongStrings>;

const matching = (host: AdminHost, pattern: string): DeviceLogger[] =>
  devicesMatching(host, pattern).map(({ name }) => host.logging.of(name));

function pairs(words: readonly string[]): readonly (readonly [string, string])[] {
  if (words.length % 2 !== 0) {
    throw devFailed("API_MethodArgument", "Incorrect number of inout arguments", "Logging::add_logging_target");
  }
  return Array.from({ length: words.length / 2 }, (_, index) => [words[2 * index] ?? "", words[2 * index + 1] ?? ""]);
}

export const loggingCommands = (host: AdminHost) => ({
  SetLoggingLevel: ({ lvalue, svalue }: Words) => {
    if (lvalue.length !== svalue.length) {
      const problem = "Imcompatible command argument type, long and string arrays must have the same length";
      throw devFailed("API_IncompatibleCmdArgumentType", problem, "SetLoggingLevel::execute");
    }
    for (const [index, pattern] of svalue.entries()) {
      const level = levels[lvalue[index] ?? -1];
      if (!level) {
        const problem = `Invalid argument for command,${" ".repeat(38)}logging level out of range`;
        throw devFailed("API_MethodArgument", problem, "Logging::set_logging_level");
      }
      for (const logger of matching(host, pattern)) logger.level = level;
    }
  },
  GetLoggingLevel: (patterns: readonly string[]) => {
    const found = patterns.flatMap((pattern) => matching(host, pattern));
    const numbers = found.map(({ level }) => (host.logging.isStopped ? 0 : levelNumber(level)));
    return { lvalue: Int32Array.from(numbers), svalue: found.map(({ device }) => device.toLowerCase()) };
  },
  AddLoggingTarget: async (words: readonly string[]) => {
    for (const [pattern, target] of pairs(words)) {
      const found = matching(host, pattern);
      if (found.length === 0) {
        const problem = `No device name matching pattern  <${pattern}>`;
        throw devFailed("API_DeviceNotFound", problem, "Logging::add_logging_target");
      }
      for (const logger of found) await host.logging.add(logger, target);
    }
  },
  RemoveLoggingTarget: async (words: readonly string[]) => {
    for (const [pattern, target] of pairs(words)) {
      for (const logger of matching(host, pattern)) await host.logging.remove(logger, target);
    }
  },
  GetLoggingTarget: (name: string) => {
    const device = host.device(name);
    if (!device) throw devFailed("API_DeviceNotFound", `Device ${name} not found`, "Logging::get_logging_target");
    return [...host.logging.of(device.name).targets.keys()];
  },
  StartLogging: () => {
    host.logging.isStopped = false;
  },
  StopLogging: () => {
    host.logging.isStopped = true;
  },
});
