// SPDX-License-Identifier: MIT
// `bandoneon COMMAND`: a command's file is loaded only when it is the one called, so that each starts fast.
import { readFileSync } from "node:fs";
import { Command } from "commander";
import { commandFiles } from "./commands.ts";

const packageFile = ["../package.json", "../../package.json"]
  .map((path) => new URL(path, import.meta.url))
  .find((url) => URL.canParse(url.href) && exists(url));

function exists(url: URL): boolean {
  try {
    readFileSync(url);
    return true;
  } catch {
    return false;
  }
}

const program = new Command("bandoneon")
  .description("A Tango-native beamline control system")
  .version(packageFile ? JSON.parse(readFileSync(packageFile, "utf8")).version : "unknown")
  .showHelpAfterError("(bandoneon --help lists the commands)")
  .enablePositionalOptions();

const wanted = process.argv[2];
const load = wanted !== undefined ? commandFiles[wanted] : undefined;
const files = load ? [load] : [...new Set(Object.values(commandFiles))];
for (const file of files) (await file()).register(program);
try {
  await program.parseAsync();
} catch (error) {
  // What a command throws is for a person: its message; the stack only on request.
  console.error(
    `bandoneon: ${process.env.BANDONEON_DEBUG && error instanceof Error ? error.stack : error instanceof Error ? error.message : error}`,
  );
  process.exitCode = 1;
}
