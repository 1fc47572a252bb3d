// SPDX-License-Identifier: MIT
// `bandoneon store`: the embedded data stream, for a machine without Redis.
import { type Command, InvalidArgumentError, Option } from "commander";
import { startStore } from "../writers/index.ts";

interface StoreFlags {
  readonly port: number;
  readonly host: string;
  readonly password?: string;
  readonly memory?: number;
  readonly protect: number;
  readonly folder?: string;
  readonly durability: "system" | "second" | "always";
}

export function register(program: Command): void {
  program
    .command("store")
    .description("run the embedded data stream: what blissdata needs of Redis Stack, for one machine")
    .option("--port <number>", "TCP port, 0 for a free one", wholeNumber, 6379)
    .option("--host <address>", "address to listen on; any but loopback needs a password", "127.0.0.1")
    .addOption(new Option("--password <text>", "password of the store").env("BANDONEON_STORE_PASSWORD"))
    .option("--memory <size>", "limit of the data, as 500mb or 2gb (default: a quarter of the machine's memory)", size)
    .option("--protect <seconds>", "points younger than this stay, also when memory is short", wholeSeconds, 180)
    .option("--folder <path>", "keep the data in this folder, so that a restart loses nothing")
    .addOption(
      new Option("--durability <when>", "when the folder is forced to disk")
        .choices(["system", "second", "always"])
        .default("second"),
    )
    .action(run);
}

async function run({ port, host, password, memory, protect, folder, durability }: StoreFlags): Promise<void> {
  await using store = await startStore({
    ...{ port, host, durability, warn: (message: string) => console.error(message) },
    housekeeping: { protectedSeconds: protect },
    ...(password !== undefined && { password }),
    ...(memory !== undefined && { maxMemory: memory }),
    ...(folder !== undefined && { folder }),
  });
  console.log(`The data stream answers at redis://${host}:${store.port}${folder ? `, kept in ${folder}` : ""}`);
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  await Promise.race([stopped, store.ended]);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || value > 65_535) throw new InvalidArgumentError("a port is a number from 0 to 65535.");
  return value;
}

function wholeSeconds(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("write whole seconds, as 60.");
  return Number(text);
}

const units: Readonly<Record<string, number>> = { "": 1, kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 };

function size(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*(kb|mb|gb)?$/i.exec(text) ?? [];
  if (number === undefined) throw new InvalidArgumentError("write bytes, or a number with kb, mb or gb, as 2gb.");
  return Math.round(Number(number) * units[(unit ?? "").toLowerCase()]!);
}
