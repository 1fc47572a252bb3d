// SPDX-License-Identifier: MIT
// The processes of a beamline: started, watched, and stopped together, with nothing left behind.
import { type ChildProcess, spawn } from "node:child_process";
import { accessSync, constants, createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";

export interface StartOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Resolves the start when this appears in the output. */
  readonly ready: RegExp;
  /** Milliseconds to wait for it. */
  readonly patience: number;
}

export interface Processes extends AsyncDisposable {
  /**
   * Starts `name` and waits until it is ready; its output goes to `<folder>/<name>.log`.
   * @throws Error naming the process and quoting the end of its log, when it ends or is not ready in time.
   */
  start(name: string, command: string, args: readonly string[], options: StartOptions): Promise<void>;
  /** Aborted with an Error naming the process when one ends that was not asked to. */
  readonly lost: AbortSignal;
}

/** Where `setpriv` is: it lets the kernel end a child whose parent dies, even by SIGKILL (Linux, util-linux). */
const setpriv = ["/usr/bin/setpriv", "/bin/setpriv"].find((path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
});

/** `folder` receives the log files. Disposing stops the last started first: SIGTERM, then SIGKILL after 5 s. */
export function processes(folder: string): Processes {
  const children: { readonly name: string; readonly child: ChildProcess }[] = [];
  const lost = new AbortController();
  let closing = false;

  const start: Processes["start"] = async (name, command, args, { env, ready, patience }) => {
    const log = join(folder, `${name.replaceAll("/", "_")}.log`);
    const file = createWriteStream(log);
    const [program, ...before] = setpriv ? [setpriv, "--pdeathsig", "TERM", "--", command] : [command];
    // A group of its own: Ctrl-C of the terminal reaches only us, and we stop motors before servers.
    const child = spawn(program, [...before, ...args], { env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    children.push({ name, child });
    child.stdout.pipe(file, { end: false });
    child.stderr.pipe(file, { end: false });
    const tail = () => readTail(log);
    await new Promise<void>((resolve, reject) => {
      const fail = (why: string) => reject(new Error(`${name} ${why}\n${tail()}\nIts log: ${log}`));
      const timer = setTimeout(() => fail(`was not ready within ${patience / 1000} s`), patience);
      let heard = "";
      const listen = (text: Buffer) => {
        heard = (heard + text.toString("latin1")).slice(-4096);
        if (!ready.test(heard)) return;
        clearTimeout(timer);
        child.stdout.off("data", listen);
        resolve();
      };
      child.stdout.on("data", listen);
      child.once("error", (error) => fail(`could not be started: ${error.message}`));
      // "close", not "exit": by then all that it printed has been read.
      child.once("close", (code, signal) => {
        clearTimeout(timer);
        file.end(() => {
          fail(`ended with ${signal ?? `exit code ${code}`} before it was ready`);
          if (!closing)
            lost.abort(new Error(`${name} ended with ${signal ?? `exit code ${code}`}\n${tail()}\nIts log: ${log}`));
        });
      });
    });
  };

  const dispose = async () => {
    closing = true;
    // Servers first, together; what they use (database, store), which was started before them, afterwards.
    for (const { child } of children.splice(0).reverse()) await end(child);
  };
  return { start, lost: lost.signal, [Symbol.asyncDispose]: dispose };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 5_000);
  await ended;
  clearTimeout(timer);
}

function readTail(log: string): string {
  try {
    return readFileSync(log, "utf8")
      .trimEnd()
      .split("\n")
      .slice(-8)
      .map((line) => `  | ${line}`)
      .join("\n");
  } catch {
    return "  (no log)";
  }
}
