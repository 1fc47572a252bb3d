// SPDX-License-Identifier: MIT
// `bandoneon database`: the embedded Tango database, and moving contents into and out of any running one.
import { readFileSync, writeFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { type FormName, formOf, forms } from "../servers/database/contents/file.ts";
import { plan } from "../servers/database/contents/plan.ts";
import { type Call, readContents } from "../servers/database/contents/read.ts";
import { type ControlSystem, controlSystem } from "../tango/index.ts";

export function register(program: Command): void {
  const database = program
    .command("database")
    .description("run the embedded Tango database, or move contents into and out of a running one (TANGO_HOST)");
  database
    .command("run", { isDefault: true })
    .description("run it: --file PATH|:memory:, --host ADDRESS, --power-safe, -ORBendPoint giop:tcp:host:port")
    .argument("[arguments...]", "as bin/DataBaseds takes them")
    .allowUnknownOption()
    .passThroughOptions()
    .action(async (rest: string[]) => {
      const instance = rest[0] !== undefined && !rest[0].startsWith("-") ? [] : ["2"];
      process.argv = [process.argv[0]!, "DataBaseds", ...instance, ...rest];
      await import("../servers/database/main.ts");
    });
  const tangoHost = new Option("--tango-host <host:port>", "the database; default TANGO_HOST");
  database
    .command("export")
    .description("write the contents to a file: .yml, .res (Tango resource file) or .json (dsconfig)")
    .argument("[file]", "default: YAML to the terminal")
    .option("--filter <pattern>", "only servers that fit, e.g. SimulatedMotor/*", "*")
    .addOption(tangoHost)
    .action(exportContents);
  for (const [name, what] of [
    ["import", "put what a file says into the database"],
    ["apply", "make the database match a file: devices of its servers that it does not name go"],
  ] as const)
    database
      .command(name)
      .description(`${what}, after showing the changes`)
      .argument("<file>", ".yml, .res or .json")
      .option("--dry-run", "show the changes only")
      .option("--prune", "also remove what the file does not name: servers, devices, properties")
      .addOption(tangoHost)
      .action((file: string, flags: Flags) => bring(file, { ...flags, complete: name === "apply" }));
}

interface Flags {
  readonly tangoHost?: string;
  readonly filter?: string;
  readonly dryRun?: boolean;
  readonly prune?: boolean;
}

/** Calls commands of the database by their Tango names. */
export const callerOf =
  (system: ControlSystem): Call =>
  (command, argument) =>
    system.database().call(command as never, argument as never);

async function exportContents(file: string | undefined, { tangoHost, filter }: Flags): Promise<void> {
  const form: FormName = file === undefined ? "yaml" : formOf(file);
  await using system = controlSystem({ host: tangoHost });
  const text = forms[form].format(await readContents(callerOf(system), filter));
  if (file === undefined) process.stdout.write(text);
  else writeFileSync(file, text);
}

/** `complete`: the file names all devices of its servers. */
async function bring(
  file: string,
  { tangoHost, dryRun = false, prune = false, complete }: Flags & { readonly complete: boolean },
): Promise<void> {
  const want = forms[formOf(file)].parse(readFileSync(file, "utf8"), file);
  await using system = controlSystem({ host: tangoHost });
  const call = callerOf(system);
  const changes = plan(await readContents(call), want, { complete, prune });
  if (changes.length === 0) console.log("The database holds that already.");
  for (const { text } of changes) console.log(text);
  if (dryRun) return;
  for (const { command, argument } of changes) await call(command, argument);
}
