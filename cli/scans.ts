// SPDX-License-Identifier: MIT
// `bandoneon scans`: what is in a data stream, ours or any other blissdata one.
import { type Command, InvalidArgumentError } from "commander";
import { openDataStore, type ScanQuery } from "../writers/index.ts";
import { findScan } from "./find-scan.ts";
import { exportScan, formats } from "./scans-export.ts";
import { rowsOf } from "./scans-points.ts";
import { streamOption } from "./stream-option.ts";

interface Where {
  readonly stream: string;
}

export function register(program: Command): void {
  const scans = program.command("scans").description("look at the scans of a data stream");
  const command = (nameAndArguments: string, description: string): Command =>
    scans.command(nameAndArguments).description(description).addOption(streamOption());
  command("list", "scans, oldest first")
    .option("--name <text>", "of that name; * at the start or end stands for anything")
    .option("--session <text>", "of that session")
    .option("--dataset <text>", "of that dataset")
    .option("--number <n>", "of that number", whole)
    .option("--json", "one JSON object a line")
    .action(list);
  command("show [scan]", "a scan's document and channels (default: the last one)")
    .option("--json", "the whole document as JSON")
    .action(show);
  command("follow [scan]", "the points of a scan as they come (default: the next one)")
    .option("--channels <names...>", "these channels only; * at the start or end stands for anything")
    .action(follow);
  command("export <scan> <file>", `a scan as a file: ${formats.join(", ")}, by the file's end`)
    .option("--channels <names...>", "these channels only; * at the start or end stands for anything")
    .action(async (which: string, file: string, flags: Where & { channels?: string[] }) => {
      await using store = await openDataStore(flags.stream);
      const points = await exportScan(await findScan(store, which), file, flags.channels);
      console.log(`${file}: ${points} points`);
    });
}

type ListFlags = Where & ScanQuery & { readonly json?: boolean };

async function list({ stream, json, name, session, dataset, number }: ListFlags): Promise<void> {
  await using store = await openDataStore(stream);
  const query = { name, session, dataset, number };
  const found = await store.search(
    Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)),
  );
  const keys = found.keys.toSorted();
  const states = await store.states(keys);
  for (const key of keys) {
    const scan = await store.loadScan(key).catch(() => undefined);
    if (!scan) continue;
    const { identity, info } = scan;
    const state = states.get(key) ?? scan.state;
    if (json) console.log(JSON.stringify({ key, state, ...identity, title: info.title }));
    else
      console.log(
        [
          key,
          state.padEnd(8),
          String(identity.number).padStart(5),
          `${info.title ?? identity.name}`,
          identity.path ?? "",
        ].join("  "),
      );
  }
}

async function show(which: string | undefined, { stream, json }: Where & { json?: boolean }): Promise<void> {
  await using store = await openDataStore(stream);
  const scan = await findScan(store, which);
  const { key, state, identity, info } = scan;
  const channels = [];
  for (const [name, channel] of scan.streams)
    channels.push({
      name,
      kind: channel.kind,
      dtype: channel.dtype,
      shape: channel.shape,
      points: await channel.length(),
    });
  if (json) return console.log(JSON.stringify({ key, state, id: identity, info, channels }, undefined, 1));
  console.log(
    `${info.title ?? identity.name}  (${key})\n${state}  number ${identity.number}  session ${identity.session ?? "-"}`,
  );
  for (const field of ["start_time", "end_time", "end_reason", "npoints", "count_time", "filename"])
    if (info[field] !== undefined) console.log(`${field}: ${String(info[field])}`);
  for (const { name, kind, dtype, shape, points } of channels)
    console.log(`  ${name.padEnd(32)} ${String(points).padStart(8)} points  ${dtype ?? "json"} [${shape}]  ${kind}`);
  for (const [name, error] of scan.broken) console.log(`  ${name}: ${error.message}`);
}

async function follow(which: string | undefined, { stream, channels }: Where & { channels?: string[] }): Promise<void> {
  await using store = await openDataStore(stream);
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  const { signal } = stop;
  try {
    const key = which === undefined ? (await store.nextScan({ signal }))?.key : undefined;
    const scan = key === undefined ? await findScan(store, which) : await store.loadScan(key);
    await scan.reach("PREPARED", { signal });
    console.error(`${scan.info.title ?? scan.identity.name}  (${scan.key})`);
    for await (const cells of rowsOf(scan, channels, signal)) console.log(cells.join("\t"));
    await scan.reach("CLOSED", { signal });
    console.error(`ended: ${scan.info.end_reason ?? "unknown"}`);
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

function whole(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError("a scan number is a whole number.");
  return Number(text);
}
