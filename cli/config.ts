// SPDX-License-Identifier: MIT
// `bandoneon config`: what a session file says, and whether it can be used, without touching any device.
import { writeFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { Command } from "commander";
import { stringify } from "yaml";
import {
  ConfigError,
  type ImportOptions,
  importBeacon,
  loadConfig,
  readBeaconTree,
  type SessionConfig,
} from "../config/index.ts";

export function register(program: Command): void {
  const config = program.command("config").description("look at session files (YAML)");
  config
    .command("check <file>")
    .description("whether a session file can be used; all that is wrong, as file:line:column")
    .action(check);
  config
    .command("show <file>")
    .description("what a session file says, its includes and the environment taken in")
    .option("--json", "as JSON")
    .action(async (file: string, { json }: { json?: boolean }) => {
      const shown = plain(await loadConfig(file));
      console.log(json ? JSON.stringify(shown, undefined, 1) : stringify(shown).trimEnd());
    });
  config
    .command("import-bliss <folder>")
    .description("make a session file, and the devices it needs, from a Beacon tree of YAML files")
    .option("--session <name>", "take the objects of this session; default: all of the tree")
    .option("--domain <name>", "first part of the names of new devices; default: the session's name")
    .option("--out <folder>", "write NAME.yml and NAME-devices.yml there; default: print them")
    .action(importBliss);
}

interface ImportWords extends ImportOptions {
  readonly out?: string;
}
async function importBliss(folder: string, { out, ...options }: ImportWords): Promise<void> {
  const { session, database, left } = importBeacon(await readBeaconTree(folder), options);
  const head = `# Imported from ${basename(resolve(folder))}; see what could not be taken at the end.\n`;
  const notes = left.map((line) => `# not taken: ${line}\n`).join("");
  const texts = [
    [`${session.name}.yml`, `${head}${stringify(session)}${notes}`],
    ...(database ? [[`${session.name}-devices.yml`, `# For: bandoneon database apply\n${stringify(database)}`]] : []),
  ] as [name: string, text: string][];
  for (const [name, text] of texts) {
    if (out === undefined) console.log(`# ---- ${name}\n${text}`);
    else await writeFile(join(out, name), text, { flag: "wx" });
  }
  if (out !== undefined) console.log(`Written: ${texts.map(([name]) => join(out, name)).join(", ")}`);
  for (const line of left) console.error(`not taken: ${line}`);
}

async function check(file: string): Promise<void> {
  try {
    const { name, objects, groups, setup, files } = await loadConfig(file);
    const counts = [counted(objects, "object"), counted(groups, "measurement group"), counted(setup, "setup script")];
    console.log(`${file}: session ${name} has ${counts.join(", ")} (${files.join(", ")})`);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    console.error(error.message);
    throw new Error(`${file}: ${counted(error.problems, "problem")}`);
  }
}

const counted = ({ length }: readonly unknown[], what: string) => `${length} ${what}${length === 1 ? "" : "s"}`;

/** In the words of a session file: what is shown can be used as one. */
function plain({ name, objects, groups, data, chain, setup, stream, writer, tangoHost }: SessionConfig): object {
  return {
    name,
    objects: Object.fromEntries(objects.map(({ spec: { name: object, ...options } }) => [object, options])),
    ...(groups.length > 0 && { groups: Object.fromEntries(groups.map((group) => [group.name, group.members])) }),
    data,
    ...(chain.length > 0 && { chain: chain.map(({ setting }) => setting) }),
    ...(setup.length > 0 && { setup }),
    ...(stream !== undefined && { stream }),
    ...(writer !== undefined && { writer }),
    ...(tangoHost !== undefined && { tango_host: tangoHost }),
  };
}
