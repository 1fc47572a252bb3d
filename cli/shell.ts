// SPDX-License-Identifier: MIT
// `bandoneon shell`: the objects of a session file and the scan verbs at a prompt.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Command } from "commander";
import { openSessionFile, stateFolder } from "./session.ts";
import { startShell } from "./shell/start.ts";

export function register(program: Command): void {
  program
    .command("shell")
    .description("work with the objects of a session file at a prompt")
    .argument("[session]", "session file (YAML); default: BANDONEON_SESSION, else a session without objects")
    .action(shell);
}

async function shell(file: string | undefined): Promise<void> {
  await using opened = await openSessionFile(file ?? (process.env.BANDONEON_SESSION || undefined));
  const { session, names, devices } = opened;
  if (process.stdin.isTTY) console.log(welcome(session.name, session.objects.size));
  await mkdir(stateFolder(), { recursive: true });
  await using running = await startShell({
    session,
    objects: names,
    open: openSessionFile,
    devices,
    historyFile: join(stateFolder(), "history"),
  });
  process.on("SIGINT", running.interrupt);
  // The terminal was closed, or the machine goes down: stop what runs, and leave.
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => void running[Symbol.asyncDispose]());
  await running.ended;
  // Lines from a pipe are a script: it tells whether all of them did what they said.
  if (!process.stdin.isTTY && running.failures > 0) process.exitCode = 1;
}

const welcome = (name: string, objects: number): string =>
  `Session ${name}: ${objects} objects (lsobj). help() lists the verbs, Ctrl-C stops what runs, Ctrl-D leaves.`;
