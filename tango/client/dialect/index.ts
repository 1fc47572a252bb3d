// SPDX-License-Identifier: MIT
// The six versions of the device interface behind one face. Which one is spoken is chosen once, when a device is connected.
import type { IdlVersion } from "../../idl/index.ts";
import type { CommandInOut } from "./command.ts";
import { commandInOut } from "./command.ts";
import type { CommandHistory } from "./command-history.ts";
import { commandHistory } from "./command-history.ts";
import type { QueryCommand, QueryCommands } from "./command-info.ts";
import { queryCommand, queryCommands } from "./command-info.ts";
import type { ReadConfigs, WriteConfigs } from "./config.ts";
import { readConfigs, writeConfigs } from "./config.ts";
import type { ReadHistory } from "./history.ts";
import { readHistory } from "./history.ts";
import type { DescribeDevice } from "./info.ts";
import { describeDevice } from "./info.ts";
import type { ReadAttributes } from "./read.ts";
import { readAttributes } from "./read.ts";
import type { WriteAttributes, WriteReadAttributes } from "./write.ts";
import { writeAttributes, writeReadAttributes } from "./write.ts";

export interface Dialect {
  readonly version: IdlVersion;
  readonly readAttributes: ReadAttributes;
  readonly writeAttributes: WriteAttributes;
  readonly writeReadAttributes: WriteReadAttributes;
  readonly commandInOut: CommandInOut;
  readonly queryCommand: QueryCommand;
  readonly queryCommands: QueryCommands;
  readonly readConfigs: ReadConfigs;
  readonly writeConfigs: WriteConfigs;
  readonly describeDevice: DescribeDevice;
  /** From IDL 2 on, when polling began. */
  readonly readHistory: ReadHistory | undefined;
  readonly commandHistory: CommandHistory | undefined;
}

/** The newest variant a device of `version` knows. */
function newest<T>(variants: Readonly<Record<number, T>>, version: IdlVersion): T {
  for (let candidate: number = version; candidate > 0; candidate--) {
    const variant = variants[candidate];
    if (variant !== undefined) return variant;
  }
  throw new RangeError(`no variant for IDL ${version}`);
}

const dialectOf = (version: IdlVersion): Dialect => ({
  version,
  readAttributes: newest(readAttributes, version),
  writeAttributes: newest(writeAttributes, version),
  writeReadAttributes: newest(writeReadAttributes, version),
  commandInOut: newest(commandInOut, version),
  queryCommand: newest(queryCommand, version),
  queryCommands: newest(queryCommands, version),
  readConfigs: newest(readConfigs, version),
  writeConfigs: newest(writeConfigs, version),
  describeDevice: newest(describeDevice, version),
  readHistory: version >= 2 ? newest(readHistory, version) : undefined,
  commandHistory: version >= 2 ? newest(commandHistory, version) : undefined,
});

export const dialects: Readonly<Record<IdlVersion, Dialect>> = {
  1: dialectOf(1),
  2: dialectOf(2),
  3: dialectOf(3),
  4: dialectOf(4),
  5: dialectOf(5),
  6: dialectOf(6),
};
