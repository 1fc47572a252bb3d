// SPDX-License-Identifier: MIT
// `bandoneon ping | info | read | write | call`: one device at the prompt.
import type { Command } from "commander";
import type { AttributeReading } from "../tango/index.ts";
import { connect } from "../tango/index.ts";
import { colours, printTable, type TangoFlags, tangoCommand, withAttributes, withDevice, withSystem } from "./tango.ts";
import { attributeValue, brief, commandArgument, json, shown } from "./tango-values.ts";

export function register(program: Command): void {
  tangoCommand(program, "ping <device...>", "whether devices answer, and how fast; status 1 when one does not").action(
    ping,
  );
  tangoCommand(program, "info <device>", "what a device is and has: class, server, attributes, commands").action(info);
  tangoCommand(
    program,
    "read <device> [attribute...]",
    "values of attributes (default: all); also domain/family/member/attribute, or an attribute's alias",
  )
    .option("--full", "also set value, quality and time")
    .action(read);
  tangoCommand(
    program,
    "write <device> <attribute-and-value...>",
    "sets an attribute; images as JSON rows; also domain/family/member/attribute (or its alias) and the value",
  ).action(write);
  tangoCommand(program, "call <device> <command> [argument...]", "executes a command and prints its result").action(
    call,
  );
}

async function ping(names: readonly string[], flags: TangoFlags): Promise<void> {
  await withSystem(flags, async (system) => {
    const results = await Promise.all(
      names.map(async (name) => {
        try {
          await using device = await connect(name, { system, timeout: flags.timeout });
          return { device: name, milliseconds: Number((await device.ping()).toFixed(3)) };
        } catch (error) {
          return { device: name, error: error instanceof Error ? error.message : String(error) };
        }
      }),
    );
    for (const each of results) {
      if (each.error !== undefined) process.exitCode = 1;
      if (flags.json) console.log(json(each));
      else
        console.log(
          `${each.device}  ${each.error === undefined ? `${each.milliseconds} ms` : colours.red(each.error)}`,
        );
    }
  });
}

async function info(name: string, flags: TangoFlags): Promise<void> {
  await withDevice(name, flags, async (device) => {
    const [about, state, status, version, attributes, commands] = await Promise.all([
      device.info(),
      device.state(),
      device.status(),
      device.idlVersion(),
      device.attributes(),
      device.commands(),
    ]);
    if (flags.json)
      return console.log(
        json({ name: device.name, ...about, idlVersion: version, state, status, attributes, commands }),
      );
    console.log(`${device.name}  ${colours.green(state)}\n${colours.dim(status)}`);
    console.log(`class ${about.class}, server ${about.server} on ${about.host}, IDL ${version}`);
    console.log("\nattributes");
    printTable(
      attributes.map(({ name, type, format, access, unit, label }) => [
        `  ${name}`,
        format === "SCALAR" ? type : `${type} ${format.toLowerCase()}`,
        access === "READ" ? "read" : access === "WRITE" ? "write" : "read, write",
        unit === "No unit" ? "" : unit,
        label === name ? "" : label,
      ]),
    );
    console.log("\ncommands");
    printTable(commands.map(({ name, input, output }) => [`  ${name}`, `${input} -> ${output}`]));
  });
}

type ReadFlags = TangoFlags & { readonly full?: boolean };

async function read(name: string, more: readonly string[], flags: ReadFlags): Promise<void> {
  await withAttributes(name, more, flags, async (device, asked) => {
    const names = asked.length > 0 ? asked : (await device.attributes()).map((each) => each.name);
    const readings = await device.readAttributes(names);
    const isAll = asked.length === 0;
    for (const reading of readings) {
      const isFailure = reading.error !== undefined && !isAll;
      if (isFailure) process.exitCode = 1;
      if (flags.json) console.log(json(record(reading, flags)));
      else if (isFailure) console.error(`bandoneon: ${reading.name}: ${reading.error?.message}`);
      else console.log(line(reading, isAll ? brief : shown, names.length === 1, flags));
    }
  });
}

function record(reading: AttributeReading, { full }: ReadFlags): object {
  const { name, value, error } = reading;
  if (full) return reading;
  return error ? { name, error } : { name, value };
}

function line(
  reading: AttributeReading,
  show: (value: unknown) => string,
  isOnly: boolean,
  { full }: ReadFlags,
): string {
  const { name, value, set, quality, time, error } = reading;
  const text = error ? colours.red(error.message.replaceAll("\n", "; ")) : show(value);
  if (isOnly && !full) return text;
  const more = full && !error ? colours.dim(`  set ${show(set)}  ${quality}  ${new Date(time).toISOString()}`) : "";
  const mark = quality === "VALID" || full || error ? "" : colours.yellow(`  ${quality}`);
  return `${name} = ${text.includes("\n") ? `\n${text}` : text}${mark}${more}`;
}

async function write(name: string, words: readonly string[], flags: TangoFlags): Promise<void> {
  await withAttributes(name, words, flags, async (device, [attribute = "", ...values]) => {
    if (values.length === 0) throw new Error("write what? DEVICE ATTRIBUTE VALUE..., or DEVICE/ATTRIBUTE VALUE...");
    const { type, format } = await device.attribute(attribute);
    const kind = format === "SCALAR" ? type : `${format.toLowerCase()} of ${type}`;
    await device.write(
      attribute,
      explained(`${attribute} is a ${kind}`, () => attributeValue(type, format, values)),
    );
  });
}

async function call(name: string, command: string, words: readonly string[], flags: TangoFlags): Promise<void> {
  await withDevice(name, flags, async (device) => {
    const { input, output } = await device.command(command);
    const argument = explained(`${command} takes ${input}`, () => commandArgument(input, words));
    const result = await device.call(command, argument);
    if (output !== "DevVoid") console.log(flags.json ? json(result) : shown(result));
  });
}

/** What is wrong with words of the command line, after what they were for. */
function explained<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new Error(`${what}: ${error.message}`, { cause: error });
  }
}
