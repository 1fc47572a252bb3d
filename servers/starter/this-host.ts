// SPDX-License-Identifier: MIT
// The host a Starter runs on, as the supervisor needs it: real processes, the real database, real admin devices.
import { spawn } from "node:child_process";
import { accessSync, appendFileSync, constants } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { devFailed } from "../../tango/errors.ts";
import { type ControlSystem, connect, type DeviceProxy } from "../../tango/index.ts";
import type { Host } from "./host.ts";
import { closeLog, type LogFiles } from "./log-files.ts";
import { serverProcesses } from "./process-list.ts";

export interface HostOptions {
  readonly system: ControlSystem;
  /** Hosts whose servers are looked after, as the database knows them: this one, or all of its cluster. */
  readonly names: readonly string[];
  /** Where the log files are now: Init may change it. */
  readonly logs: () => LogFiles;
  /** The folders executables are looked for in now. */
  readonly paths: () => readonly string[];
}

export function thisHost({ system, names, logs, paths }: HostOptions): Host {
  const admins = new Map<string, DeviceProxy>();
  /** Kept between calls, so that a running server is seen to answer while the database is away. */
  const admin = async (server: string): Promise<DeviceProxy> => {
    let proxy = admins.get(server);
    if (!proxy) admins.set(server, (proxy = await connect(`dserver/${server}`, { system, lazy: true })));
    return proxy;
  };
  return {
    listed: async () => {
      const infos = await Promise.all(names.map((name) => system.database().serverInfosOfHost(name)));
      return infos.flat().map(({ server, mode, level }) => ({ name: server, controlled: mode === 1, level }));
    },
    processes: () => serverProcesses(),
    answers: async (server) => {
      try {
        await (await admin(server)).ping();
        return true;
      } catch {
        return false;
      }
    },
    kill: async (server) => void (await (await admin(server)).call("Kill")),
    signal: (pid) => void process.kill(pid, "SIGKILL"),
    find: (server) => find(server, paths()),
    launch: (server, file) => launch(server, file, logs()),
    note: (text) => logs().note(text),
    statistic: (line) => logs().statistic(line),
    now: Date.now,
    delay: (milliseconds) => setTimeout(milliseconds),
  };
}

/** @throws DevFailed CANNOT_RUN_FILE naming the folders that were looked in. */
function find(server: string, paths: readonly string[]): string {
  const [executable = server] = server.split("/");
  for (const path of paths) {
    const file = join(path, executable);
    try {
      accessSync(file, constants.R_OK);
      return file;
    } catch {
      // Looked for in the next one.
    }
  }
  const folders = paths.map((path) => ` - ${path}\n`).join("");
  const desc = `${executable} :  not found in 'StartDsPath' property:\n${folders}`;
  throw devFailed("CANNOT_RUN_FILE", desc, "StarterUtil::check_exe_file()");
}

/** Starts a process of its own session, which outlives the Starter: errors go to its log, what it prints to nowhere. */
async function launch(server: string, file: string, logs: LogFiles): Promise<void> {
  const [executable, instance = executable] = server.split("/");
  const log = logs.open(server);
  try {
    const child = spawn(file, [instance ?? ""], {
      cwd: logs.folder,
      detached: true,
      stdio: ["ignore", "ignore", log],
    });
    await new Promise<void>((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    child.unref();
  } catch (error) {
    // The log is where people look for why a server did not start.
    appendFileSync(log, `Exec(${file}) failed \n${error instanceof Error ? error.message : error}\n`);
    throw error;
  } finally {
    closeLog(log);
  }
}
