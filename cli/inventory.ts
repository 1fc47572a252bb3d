// SPDX-License-Identifier: MIT
// `bandoneon list | tree | properties`: what a control system's database holds.
import type { Command } from "commander";
import type { Database, PropertyStore } from "../tango/index.ts";
import { colours, type TangoFlags, tangoCommand, withSystem } from "./tango.ts";
import { json } from "./tango-values.ts";

export function register(program: Command): void {
  tangoCommand(program, "list [pattern]", "devices whose names fit a pattern with *")
    .option("--exported", "only those whose servers run")
    .option("--servers", "servers instead of devices")
    .option("--classes", "classes instead of devices")
    .option("--aliases", "aliases instead of devices")
    .action(list);
  tangoCommand(
    program,
    "tree [pattern]",
    "devices by domain and family, with their classes; running ones in colour or marked *",
  ).action(tree);
  tangoCommand(program, "properties <owner> [name] [value...]", "properties of a device: all, one, or sets one")
    .option("--class", "the owner is a class")
    .option("--object", "the owner is a free object, e.g. CtrlSystem")
    .option("--delete", "deletes the property")
    .option("--history", "what the property was before")
    .action(properties);
}

interface ListFlags extends TangoFlags {
  readonly exported?: boolean;
  readonly servers?: boolean;
  readonly classes?: boolean;
  readonly aliases?: boolean;
}

const listing = (database: Database, { exported, servers, classes, aliases }: ListFlags) => {
  if (servers) return database.servers;
  if (classes) return database.classes;
  if (aliases) return database.aliases;
  return exported ? database.exportedDevices : database.devices;
};

async function list(pattern = "*", flags: ListFlags): Promise<void> {
  await withSystem(flags, async (system) => {
    for (const name of await listing(system.database(), flags)(pattern)) console.log(flags.json ? json(name) : name);
  });
}

interface Leaf {
  readonly device: string;
  readonly class: string;
  readonly exported: boolean;
}

async function tree(pattern = "*", flags: TangoFlags): Promise<void> {
  await withSystem(flags, async (system) => {
    const database = system.database();
    const names = await database.devices(pattern);
    const running = new Set((await database.exportedDevices(pattern)).map((name) => name.toLowerCase()));
    const leaves = await Promise.all(
      names.map(async (device) => ({
        device,
        class: await database.classOf(device),
        exported: running.has(device.toLowerCase()),
      })),
    );
    if (flags.json) for (const leaf of leaves) console.log(json(leaf));
    else printTree(leaves.toSorted((one, other) => (one.device.toLowerCase() < other.device.toLowerCase() ? -1 : 1)));
  });
}

function printTree(leaves: readonly Leaf[]): void {
  let [lastDomain, lastFamily] = ["", ""];
  for (const leaf of leaves) {
    const [domain = "", family = "", member = ""] = leaf.device.split("/");
    if (domain.toLowerCase() !== lastDomain) console.log(domain);
    if (domain.toLowerCase() !== lastDomain || family.toLowerCase() !== lastFamily) console.log(`  ${family}`);
    [lastDomain, lastFamily] = [domain.toLowerCase(), family.toLowerCase()];
    const text = `${member}  ${leaf.class}`;
    console.log(`    ${leaf.exported ? colours.green(`${text} *`) : colours.dim(text)}`);
  }
}

interface PropertyFlags extends TangoFlags {
  readonly class?: boolean;
  readonly object?: boolean;
  readonly delete?: boolean;
  readonly history?: boolean;
}

function storeOf(database: Database, owner: string, flags: PropertyFlags): PropertyStore {
  if (flags.class) return database.classProperties(owner);
  return flags.object ? database.objectProperties(owner) : database.deviceProperties(owner);
}

async function properties(
  owner: string,
  name: string | undefined,
  values: readonly string[],
  flags: PropertyFlags,
): Promise<void> {
  await withSystem(flags, async (system) => {
    const store = storeOf(system.database(), owner, flags);
    if (name === undefined) {
      const found = await store.read(await store.names());
      for (const [each, words] of found)
        console.log(flags.json ? json({ name: each, values: words }) : `${each}: ${words.join("\n  ")}`);
    } else if (flags.delete) {
      await store.delete([name]);
    } else if (flags.history) {
      for (const { date, values: words } of await store.history(name)) {
        console.log(
          flags.json ? json({ date, values: words }) : `${date}  ${words.length > 0 ? words.join("  ") : "(deleted)"}`,
        );
      }
    } else if (values.length > 0) {
      await store.write({ [name]: values });
    } else {
      const words = (await store.read([name])).values().next().value;
      if (!words) throw new Error(`${owner} has no property ${name}`);
      console.log(flags.json ? json(words) : words.join("\n"));
    }
  });
}
