// SPDX-License-Identifier: MIT
// A child process of a test: started, awaited until it says it is ready, ended with the test.

import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { setMaxListeners } from "node:events";

export interface Running extends AsyncDisposable {
  readonly child: ChildProcess;
  /** Everything it printed so far, both streams. */
  readonly output: () => string;
  readonly exited: Promise<number | null>;
  /** Sends `signal` (default SIGTERM), SIGKILL after `patience` ms, and waits for the end. */
  stop(signal?: NodeJS.Signals, patience?: number): Promise<number | null>;
}

export interface RunOptions extends SpawnOptions {
  /** Resolve when this appears in the output, or when this function says so. */
  readonly ready?: RegExp | ((output: string) => boolean | Promise<boolean>);
  /** Milliseconds to wait for `ready`, default 20 s. */
  readonly patience?: number;
}

/** Starts `command`; rejects with its output when it ends, or is not ready in time. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<Running> {
  const { ready, patience = 20_000, ...spawnOptions } = options;
  const child = spawn(command, args, { ...spawnOptions, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const heard = new EventTarget();
  setMaxListeners(0, heard);
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output = (output + text).slice(-200_000);
      heard.dispatchEvent(new Event("output"));
    });
  }
  const exited = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => resolve(code));
  });
  exited.catch(() => {});
  const stop = async (signal: NodeJS.Signals = "SIGTERM", grace = 5_000) => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill(signal);
      const timer = setTimeout(() => child.kill("SIGKILL"), grace);
      await exited.catch(() => {});
      clearTimeout(timer);
    }
    return child.exitCode;
  };
  const running: Running = {
    child,
    output: () => output,
    exited,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop()),
  };
  if (!ready) return running;
  const isReady = typeof ready === "function" ? ready : (text: string) => ready.test(text);
  const deadline = Date.now() + patience;
  const say = (why: string) => new Error(`${command} ${args.join(" ")}: ${why}\n${output}`);
  try {
    while (!(await isReady(output))) {
      if (child.exitCode !== null || child.signalCode !== null)
        throw say(`ended with ${child.exitCode ?? child.signalCode}`);
      if (Date.now() > deadline) throw say(`not ready within ${patience} ms`);
      await Promise.race([
        new Promise((resolve) => heard.addEventListener("output", resolve, { once: true })),
        exited,
        delay(100),
      ]);
    }
    return running;
  } catch (error) {
    await stop("SIGKILL");
    throw error;
  }
}

export const delay = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));
