// SPDX-License-Identifier: MIT
// Which device servers run on this host, by their command lines.
import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";

export interface ServerProcess {
  readonly pid: number;
  /** As on the command line; compared with case. */
  readonly executable: string;
  /** Compared without case. */
  readonly instance: string;
}

/** Interpreters whose first argument that is no option is the server. */
const interpreters: readonly { readonly name: RegExp; readonly withValue: ReadonlySet<string> }[] = [
  { name: /^(python|pypy)[\d.]*$/, withValue: new Set(["-Q", "-W", "-X"]) },
  { name: /^(node|nodejs|bun|deno|tsx)$/, withValue: new Set(["-r", "--require", "--import", "--loader", "-C"]) },
];

/** The server a command line runs, or undefined when it is none: `/path/Server inst`, `python3 Server.py inst`, `java ... Server inst`. */
export function serverOf(words: readonly string[]): Omit<ServerProcess, "pid"> | undefined {
  const [program, ...rest] = words;
  if (!program) return undefined;
  const name = basename(program);
  if (name === "java") return javaServer(rest);
  const interpreter = interpreters.find((candidate) => candidate.name.test(name));
  if (!interpreter) return rest[0] === undefined ? undefined : { executable: name, instance: rest[0] };
  for (let at = 0; at < rest.length; at++) {
    const word = rest[at]!;
    if (interpreter.withValue.has(word)) at++;
    else if (word === "-m" || !word.startsWith("-")) {
      const script = word === "-m" ? (rest[++at] ?? "") : word;
      const instance = rest[at + 1];
      return instance === undefined ? undefined : { executable: scriptName(script, rest[at]!), instance };
    }
  }
  return undefined;
}

/** `/x/Server.py` -> Server, `package.Server` -> Server, `servers/icepap/main.ts` -> icepap: a main is named by its folder. */
function scriptName(script: string, word: string): string {
  const file = basename(script).replace(/\.(py|[cm]?[jt]s)$/, "");
  if (file === "main" && word.includes("/")) return basename(word.slice(0, word.lastIndexOf("/")));
  return file.includes(".") ? file.slice(file.lastIndexOf(".") + 1) : file;
}

/** The last word that is no option is the instance; the one before the class (or the .jar). */
function javaServer(words: readonly string[]): Omit<ServerProcess, "pid"> | undefined {
  const plain = words.filter((word) => !word.startsWith("-"));
  const [main, instance] = plain.slice(-2);
  if (main === undefined || instance === undefined) return undefined;
  const name = main.endsWith(".jar") ? basename(main, ".jar") : main.slice(main.lastIndexOf(".") + 1);
  return { executable: name, instance };
}

export const runs = (process: ServerProcess, server: string): boolean => {
  const [executable, instance = executable] = server.split("/");
  return process.executable === executable && process.instance.toLowerCase() === instance!.toLowerCase();
};

/** The device servers among the processes of /proc. */
export async function serverProcesses(proc = "/proc"): Promise<ServerProcess[]> {
  const pids = (await readdir(proc)).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid): Promise<ServerProcess | undefined> => {
      // A process may end while it is looked at; a kernel thread has no command line.
      const line = await readFile(`${proc}/${pid}/cmdline`, "latin1").catch(() => "");
      const server = serverOf(line.split("\0").slice(0, -1));
      return server && { pid: Number(pid), ...server };
    }),
  );
  return found.filter((process) => process !== undefined);
}
