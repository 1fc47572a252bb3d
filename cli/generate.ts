// SPDX-License-Identifier: MIT
// `bandoneon generate`: a typed interface file from a device that runs.
import { writeFile } from "node:fs/promises";
import type { Command } from "commander";
import { interfaceFile } from "./generate-interface.ts";
import { type TangoFlags, tangoCommand, withDevice } from "./tango.ts";

interface GenerateFlags extends TangoFlags {
  readonly output?: string;
  readonly from?: string;
}

export function register(program: Command): void {
  tangoCommand(program, "generate <device>", "a typed interface file from a running device")
    .option("-o, --output <file>", "write it there instead of printing it")
    .option("--from <module>", "where the file imports from", "bandoneon/tango")
    .action(generate);
}

async function generate(name: string, flags: GenerateFlags): Promise<void> {
  await withDevice(name, flags, async (device) => {
    const [about, attributes, commands, version] = await Promise.all([
      device.info(),
      device.attributes(),
      device.commands(),
      device.idlVersion(),
    ]);
    const pipes = version >= 5 ? await device.pipes.list() : [];
    const described = { name: about.class, attributes, commands, pipes };
    const file = interfaceFile(described, flags.from);
    if (flags.output === undefined) process.stdout.write(flags.json ? `${JSON.stringify(described)}\n` : file);
    else await writeFile(flags.output, file);
  });
}
