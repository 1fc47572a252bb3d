// SPDX-License-Identifier: MIT
// `bandoneon scan`: runs a script with the objects and verbs of a session.
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Command } from "commander";
import { type Beamline, beamline } from "../scanning/index.ts";
import { openSessionFile } from "./session.ts";

export function register(program: Command): void {
  program
    .command("scan")
    .description("run a scan script: a file whose function run(beamline, ...arguments) is called")
    .argument("<script>", "TypeScript or JavaScript")
    .argument("[arguments...]", "given to the script")
    .option("--session <file>", "session file (YAML); default: BANDONEON_SESSION, else a session without objects")
    .passThroughOptions()
    .action(scan);
}

/** A script's `run`. */
type Run = (beamline: Beamline, ...words: readonly string[]) => unknown;

async function scan(script: string, words: readonly string[], { session: file }: { session?: string }): Promise<void> {
  await using opened = await openSessionFile(file ?? (process.env.BANDONEON_SESSION || undefined));
  const bench = { ...opened.names, ...beamline(opened.session, process.stdout) };
  const interrupt = () => (bench.desk.busy ? bench.desk.interrupt() : process.exit(130));
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  const { run } = (await import(pathToFileURL(resolve(script)).href)) as { readonly run?: Run };
  // A script without `run` has done its work when it is loaded.
  if (run !== undefined && typeof run !== "function") throw new TypeError(`${script}: \`run\` is not a function`);
  await run?.(bench, ...words);
}
