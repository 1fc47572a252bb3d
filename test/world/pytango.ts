// SPDX-License-Identifier: MIT
// A PyTango client in a process of its own that runs what a test says, line by line, in the test's own words of Python.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { type PyTango, pyTangos } from "./everything.ts";

export interface PyTangoClient extends AsyncDisposable {
  /**
   * Runs Python source; gives the value of its last expression (enumerations as their names, arrays as lists).
   * @throws PyTangoFailure when the source raised DevFailed; Error with the traceback for anything else.
   */
  py(source: string): Promise<unknown>;
}

export interface TangoError {
  readonly reason: string;
  readonly desc: string;
  readonly origin: string;
}

/** The DevFailed a PyTango client saw. */
export class PyTangoFailure extends Error {
  readonly errors: readonly TangoError[];
  constructor(errors: readonly TangoError[]) {
    super(errors.map(({ reason, desc }) => `${reason}: ${desc}`).join("\n"));
    this.errors = errors;
  }
}

type Answer = { value: unknown } | { failed: TangoError[] } | { broken: string };

/** `environment` is added to the process's, e.g. `{ TANGO_HOST }`. */
export async function pyTangoClient(which: PyTango, environment: NodeJS.ProcessEnv = {}): Promise<PyTangoClient> {
  const child = spawn(pyTangos[which], [join(import.meta.dirname, "pytango.py")], {
    env: { ...process.env, ...environment },
    stdio: ["pipe", "pipe", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said = (said + text).slice(-20_000);
  });
  const exited = once(child, "exit");
  const answers = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async py(source) {
      child.stdin.write(`${JSON.stringify(dedent(source))}\n`);
      const line = await answers.next();
      if (line.done) throw new Error(`the ${which} client ended at\n${source}\n${said}`);
      const answer = JSON.parse(line.value) as Answer;
      if ("failed" in answer) throw new PyTangoFailure(answer.failed);
      if ("broken" in answer) throw new Error(`${source}\n${answer.broken}`);
      return answer.value;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), 3_000);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Source written inside a template keeps its relative indentation only. */
function dedent(source: string): string {
  const lines = source
    .replace(/^\s*\n/, "")
    .trimEnd()
    .split("\n");
  const indents = lines.filter((line) => line.trim()).map((line) => line.length - line.trimStart().length);
  return lines.map((line) => line.slice(Math.min(...indents))).join("\n");
}
