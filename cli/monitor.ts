// SPDX-License-Identifier: MIT
// `bandoneon monitor`: attributes as they change, by events, or by reading them again and again.
import { setTimeout as delay } from "node:timers/promises";
import { type Command, Option } from "commander";
import type { AttributeReading, DeviceProxy, ValueEventName } from "../tango/index.ts";
import { DevFailed } from "../tango/index.ts";
import { colours, positive, type TangoFlags, tangoCommand, withAttributes } from "./tango.ts";
import { json, shown } from "./tango-values.ts";

interface MonitorFlags extends TangoFlags {
  readonly event: ValueEventName;
  readonly poll?: number;
  readonly count?: number;
}

export function register(program: Command): void {
  tangoCommand(
    program,
    "monitor <device> [attribute...]",
    "attributes as they change; also domain/family/member/attribute, or an attribute's alias",
  )
    .addOption(
      new Option("--event <kind>", "kind of event")
        .choices(["change", "periodic", "archive", "user_event", "alarm"])
        .default("change"),
    )
    .option("--poll <ms>", "read every so many milliseconds, for attributes that send no events", positive)
    .option("--count <n>", "end after so many values", positive)
    .action(monitor);
}

async function monitor(name: string, more: readonly string[], flags: MonitorFlags): Promise<void> {
  const stop = new AbortController();
  process.once("SIGINT", () => stop.abort());
  let left = flags.count ?? Number.POSITIVE_INFINITY;
  const print = (reading: AttributeReading) => {
    if (left-- <= 0) return;
    console.log(flags.json ? json(reading) : line(reading));
    if (left <= 0) stop.abort();
  };
  await withAttributes(name, more, flags, async (device, names) => {
    if (names.length === 0) throw new Error("monitor which attribute? `bandoneon info DEVICE` lists them");
    await Promise.all(names.map((each) => follow(device, each, flags, stop.signal, print)));
  });
}

type Print = (reading: AttributeReading) => void;

async function follow(
  device: DeviceProxy,
  name: string,
  flags: MonitorFlags,
  signal: AbortSignal,
  print: Print,
): Promise<void> {
  if (flags.poll !== undefined) return poll(device, name, flags.poll, signal, print);
  try {
    for await (const event of device.events(name, flags.event, { signal })) print(event);
  } catch (error) {
    if (!(error instanceof DevFailed) || !error.is("API_DSFailedRegisteringEvent")) throw error;
    throw new Error(`${error.message}\n(--poll 500 reads ${name} every 500 ms instead)`, { cause: error });
  }
}

async function poll(
  device: DeviceProxy,
  name: string,
  period: number,
  signal: AbortSignal,
  print: Print,
): Promise<void> {
  while (!signal.aborted) {
    const [reading] = await device.readAttributes([name]);
    if (reading) print(reading);
    await delay(period, undefined, { signal }).catch(() => {});
  }
}

function line({ name, value, quality, time, error }: AttributeReading): string {
  const at = colours.dim(new Date(time || Date.now()).toISOString());
  if (error) return `${at}  ${name}  ${colours.red(error.message.replaceAll("\n", "; "))}`;
  return `${at}  ${name}  ${shown(value)}${quality === "VALID" ? "" : colours.yellow(`  ${quality}`)}`;
}
