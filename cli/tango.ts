// SPDX-License-Identifier: MIT
// What the commands on Tango devices share: their options, the device they connect to, how they print.
import type { Command } from "commander";
import { InvalidArgumentError } from "commander";
import type { ControlSystem, DeviceProxy } from "../tango/index.ts";
import { connect, controlSystem } from "../tango/index.ts";

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

/** `domain/family/member/attribute` apart, when a name has four fields. */
export function splitAttribute(trl: string): { readonly device: string; readonly attribute: string | undefined } {
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
