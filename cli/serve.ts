// SPDX-License-Identifier: MIT
// `bandoneon serve <Server> <instance>`: runs one of our device servers in this process, as bin/<Server> does.
import type { Command } from "commander";
import { servers } from "./servers.ts";

export function register(program: Command): void {
  program
    .command("serve")
    .description(`run a device server (${Object.keys(servers).join(", ")})`)
    .argument("<Server>", "name as Tango knows it")
    .argument("[arguments...]", "instance and Tango options: -nodb, -dlist, -ORBendPoint, -v4 ...")
    .passThroughOptions()
    .allowUnknownOption()
    .action(async (name: string, rest: string[]) => {
      const load = servers[name];
      if (!load) throw new Error(`no server "${name}"; there are: ${Object.keys(servers).join(", ")}`);
      process.argv = [process.argv[0]!, name, ...rest];
      await load();
    });
}
