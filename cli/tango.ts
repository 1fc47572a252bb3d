// SPDX-License-Identifier: MIT
// What the commands on Tango devices share: their options, the device they connect to, how they print.
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import type { ControlSystem, DeviceProxy } from "../tango/index.ts";
import { connect, controlSystem, DevFailed, parseTrl } from "../tango/index.ts";

export interface TangoFlags {
  readonly host?: string;
  readonly timeout: number;
  readonly json?: boolean;
}

/** A command with `--host`, `--timeout` and `--json`. */
export const tangoCommand = (program: Command, usage: string, description: string): Command =>
  program
    .command(usage)
    .description(description)
    .option("--host <host:port>", "database of the control system (default: TANGO_HOST, then the tangorc files)")
    .option("--timeout <ms>", "milliseconds to wait for the device", positive, 3000)
    .option("--json", "print JSON, one value or object a line");

export function positive(text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new InvalidArgumentError(`"${text}" is not a number above 0.`);
  return value;
}

export async function withSystem<T>({ host }: TangoFlags, job: (system: ControlSystem) => Promise<T>): Promise<T> {
  await using system = controlSystem({ host });
  return await job(system);
}

export const withDevice = <T>(trl: string, flags: TangoFlags, job: (device: DeviceProxy) => Promise<T>): Promise<T> =>
  withSystem(flags, async (system) => {
    await using device = await connect(trl, { system, timeout: flags.timeout });
    return await job(device);
  });

/** A device, and the attributes that are meant: those of the name (a fourth field, or an attribute's alias), then `more`. */
export const withAttributes = <T>(
  trl: string,
  more: readonly string[],
  flags: TangoFlags,
  job: (device: DeviceProxy, names: readonly string[]) => Promise<T>,
): Promise<T> =>
  withSystem(flags, async (system) => {
    const { attribute, ...place } = splitAttribute(await unaliased(trl, system));
    await using device = await connect(place.device, { system, timeout: flags.timeout });
    return await job(device, attribute === undefined ? more : [attribute, ...more]);
  });

/** The attribute an alias stands for, with the host it was given with; the name itself when it is no attribute's alias. */
async function unaliased(trl: string, system: ControlSystem): Promise<string> {
  const { alias, device, host } = parseTrl(trl);
  if (!alias) return trl;
  try {
    const attribute = await system.database(host).attributeOfAlias(device);
    return host ? `//${host.host}:${host.port}/${attribute}` : attribute;
  } catch (error) {
    if (error instanceof DevFailed && error.is("API_CommandFailed")) return trl;
    throw error;
  }
}

/** `domain/family/member/attribute` apart, when a name has four fields. */
function splitAttribute(trl: string): { readonly device: string; readonly attribute: string | undefined } {
  const [, device, attribute, rest] = /^((?:.*\/\/[^/]+\/)?[^/]+\/[^/]+\/[^/#]+)\/([^/#]+)(#.*)?$/.exec(trl) ?? [];
  return device ? { device: `${device}${rest ?? ""}`, attribute } : { device: trl, attribute: undefined };
}

const isTerminal = process.stdout.isTTY && !process.env.NO_COLOR;
const colour = (code: number) => (text: string) => (isTerminal ? `\u001b[${code}m${text}\u001b[0m` : text);
export const colours = { red: colour(31), green: colour(32), yellow: colour(33), blue: colour(34), dim: colour(2) };

/** Lines up columns; the last one is as long as it is. */
export function printTable(rows: readonly (readonly string[])[]): void {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => (column < row.length - 1 ? cell.padEnd(widths[column] ?? 0) : cell))
        .join("  ")
        .trimEnd(),
    );
  }
}
