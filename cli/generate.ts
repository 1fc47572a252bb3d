// SPDX-License-Identifier: MIT
// `bandoneon generate`: a typed interface file from a device that runs, or from a class description of Pogo (.xmi).
import { readFile, writeFile } from "node:fs/promises";
import type { Command } from "commander";
import type { DeviceProxy } from "../tango/index.ts";
import type { Described } from "./generate-interface.ts";
import { interfaceFile } from "./generate-interface.ts";
import { pogoClasses } from "./generate-pogo.ts";
import { type TangoFlags, tangoCommand, withDevice } from "./tango.ts";

interface GenerateFlags extends TangoFlags {
  readonly output?: string;
  readonly from?: string;
  readonly class?: string;
}

export function register(program: Command): void {
  tangoCommand(
    program,
    "generate <device-or-xmi>",
    "a typed interface file from a running device, or a .xmi file of Pogo",
  )
    .option("-o, --output <file>", "write it there instead of printing it")
    .option("--from <module>", "where the file imports from", "bandoneon/tango")
    .option("--class <name>", "which class, when a .xmi file describes several")
    .action(generate);
}

async function generate(name: string, flags: GenerateFlags): Promise<void> {
  const isFile = name.toLowerCase().endsWith(".xmi");
  const described = isFile ? await fromFile(name, flags.class) : await withDevice(name, flags, fromDevice);
  const source = isFile
    ? `Pogo's description of class ${described.name}`
    : `a running device of class ${described.name}`;
  const file = flags.json ? `${JSON.stringify(described)}\n` : interfaceFile(described, source, flags.from);
  if (flags.output === undefined) process.stdout.write(file);
  else await writeFile(flags.output, file);
}

async function fromFile(file: string, wanted: string | undefined): Promise<Described> {
  const classes = pogoClasses(await readFile(file, "utf8"), file);
  const names = classes.map(({ name }) => name).join(", ");
  const [only, ...others] = wanted === undefined ? classes : classes.filter(({ name }) => name === wanted);
  if (!only) throw new Error(`${file} describes ${names}, not ${wanted}`);
  if (others.length > 0) throw new Error(`${file} describes ${names}: choose one by --class`);
  return only;
}

async function fromDevice(device: DeviceProxy): Promise<Described> {
  const [about, attributes, commands, version] = await Promise.all([
    device.info(),
    device.attributes(),
    device.commands(),
    device.idlVersion(),
  ]);
  const pipes = version >= 5 ? await device.pipes.list() : [];
  return { name: about.class, attributes, commands, pipes };
}
