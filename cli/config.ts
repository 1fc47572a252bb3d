// SPDX-License-Identifier: MIT
// `bandoneon config`: what a session file says, and whether it can be used, without touching any device.
import type { Command } from "commander";
import { stringify } from "yaml";
import { ConfigError, loadConfig, type SessionConfig } from "../config/index.ts";

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
function plain({ name, objects, groups, data, setup, stream, tangoHost }: SessionConfig): object {
  return {
    name,
    objects: Object.fromEntries(objects.map(({ spec: { name: object, ...options } }) => [object, options])),
    ...(groups.length > 0 && { groups: Object.fromEntries(groups.map((group) => [group.name, group.members])) }),
    data,
    ...(setup.length > 0 && { setup }),
    ...(stream !== undefined && { stream }),
    ...(tangoHost !== undefined && { tango_host: tangoHost }),
  };
}
