// SPDX-License-Identifier: MIT
// `bandoneon writer`: the file writer without Tango, for every saved scan of a data stream, or for one again.
import { existsSync } from "node:fs";
import { type Command, Option } from "commander";
import {
  openDataStore,
  repairFile,
  type ScanStatus,
  type WritingServiceOptions,
  writingService,
} from "../writers/index.ts";
import { findScan } from "./find-scan.ts";
import { streamOption } from "./stream-option.ts";

interface Flags {
  readonly stream: string;
  readonly name: string;
  readonly hdf5?: "h5wasm" | "libhdf5";
  readonly swmr?: boolean;
}

export function register(program: Command): void {
  const writer = program.command("writer").description("write the scans of a data stream into NeXus files");
  const command = (nameAndArguments: string, description: string): Command =>
    writer
      .command(nameAndArguments)
      .description(description)
      .addOption(streamOption())
      .addOption(
        new Option("--hdf5 <library>", "default: libhdf5 where the system has it").choices(["h5wasm", "libhdf5"]),
      );
  command("run", "every saved scan, until Ctrl-C; what was begun then, or by a kill, goes on with the next run")
    .option("--name <text>", "what the writer is known by in the data stream", "command-line")
    .option(
      "--swmr",
      "readers may follow open files (libhdf5 only); those that do not ask for it cannot open them then",
    )
    .action(runWriter);
  command(
    "repair <what...>",
    "scans by their keys or numbers: into a new file, or what a file lacks of them; files by their paths: what a killed writer left half-written is undone",
  ).action(repair);
}

const optionsOf = ({ hdf5 }: Pick<Flags, "hdf5">, name: string): WritingServiceOptions => ({
  name,
  warn: (message, scan) => console.error(scan ? `${scan}: ${message}` : message),
  ...(hdf5 && { adapter: hdf5 }),
});

async function runWriter({ stream, name, hdf5, swmr = false }: Flags): Promise<void> {
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  // A writer may be there before the first scan.
  await using store = await openDataStore(stream, { init: true, log: (message) => console.error(message) });
  const report = (key: string, status: ScanStatus) => console.log(line(key, status));
  await using _service = await writingService(store, {
    ...optionsOf(hdf5 ? { hdf5 } : {}, name),
    ...{ listen: true, swmr },
    report,
  });
  console.log(`Writing the scans of ${store.connection.url}`);
  await stopped;
}

async function repair(what: readonly string[], flags: Pick<Flags, "stream" | "hdf5">): Promise<void> {
  const scans = what.filter((one) => /^(esrf:|\d+$)/.test(one) && !existsSync(one));
  for (const file of what.filter((one) => !scans.includes(one))) {
    if (!existsSync(file)) throw new Error(`there is no file ${file}; scans are named by key or number`);
    console.log(`${file}: ${repairFile(file) ? "as at its last completed flush" : "nothing to undo"}`);
  }
  if (scans.length > 0) await repairScans(scans, flags);
}

async function repairScans(scans: readonly string[], flags: Pick<Flags, "stream" | "hdf5">): Promise<void> {
  await using store = await openDataStore(flags.stream);
  await using service = await writingService(store, optionsOf(flags, `repair-${process.pid}`));
  for (const which of scans) {
    const { key } = await findScan(store, which);
    await service.request(key);
    const status = await service.done(key);
    if (!status) continue;
    console.log(line(key, status));
    if (status.state === "FAILED") process.exitCode = 1;
  }
}

const line = (key: string, { state, reason, progress }: ScanStatus): string =>
  `${key} ${state.toLowerCase()}: ${reason} (${progress.points} points, ${progress.bytes} bytes)`;
