// SPDX-License-Identifier: MIT
import { CommandError, ok, type Reply, Status } from "../reply.ts";
import { type Call, type CommandTable, type Settings, syntaxError, textOf, upper } from "./command.ts";
import { globToRegExp } from "./keys.ts";

const sizes: Readonly<Record<string, number>> = {
  "": 1, b: 1, k: 1e3, kb: 1024, m: 1e6, mb: 1024 ** 2, g: 1e9, gb: 1024 ** 3,
}; // biome-ignore format: a table

/** Bytes of "4gb", "100mb", "1000". @throws CommandError */
export function parseSize(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)([a-z]*)$/.exec(text.trim().toLowerCase()) ?? [];
  const scale = unit === undefined ? undefined : sizes[unit];
  if (number === undefined || scale === undefined)
    throw new CommandError(`ERR '${text}' is no size: write bytes, or a number with kb, mb or gb`);
  return Math.round(Number(number) * scale);
}

const read = (settings: Settings): Map<string, string> =>
  new Map([["maxmemory", String(settings.maxMemory)], ...settings.other]);

function config({ args, store }: Call): Reply {
  const { settings } = store;
  if (upper(args[0]) === "GET") {
    const patterns = args.slice(1).map((pattern) => globToRegExp(textOf(pattern).toLowerCase()));
    const found = [...read(settings)].filter(([name]) => patterns.some((pattern) => pattern.test(name)));
    return new Map<string, Reply>(found);
  }
  if (upper(args[0]) === "RESETSTAT") return ok;
  if (upper(args[0]) !== "SET" || args.length < 3 || args.length % 2 === 0) throw syntaxError();
  for (let at = 1; at < args.length; at += 2) {
    const [name, value] = [textOf(args[at]!).toLowerCase(), textOf(args[at + 1]!)];
    if (name === "maxmemory") settings.maxMemory = parseSize(value);
    else if (name === "maxmemory-policy" && value !== "noeviction")
      throw new CommandError(`ERR maxmemory-policy ${value}: this store never evicts keys, set noeviction`);
    else if (settings.other.has(name)) settings.other.set(name, value);
    else throw new CommandError(`ERR Unknown option or number of arguments for CONFIG SET - '${name}'`);
  }
  return ok;
}

function info({ args, store }: Call): Reply {
  const wanted = args.map((section) => textOf(section).toLowerCase());
  const all = wanted.length === 0 || wanted.some((section) => ["all", "default", "everything"].includes(section));
  return Object.entries(store.report())
    .filter(([section]) => all || wanted.includes(section.toLowerCase()))
    .map(
      ([section, numbers]) =>
        `# ${section}\r\n${Object.entries(numbers)
          .map(([k, v]) => `${k}:${v}\r\n`)
          .join("")}`,
    )
    .join("\r\n");
}

function shutdown({ store }: Call): Reply {
  store.shutdown();
  return ok;
}

function monitor({ store, connection }: Call): Reply {
  store.monitors.add(connection);
  return ok;
}

/** The modules whose commands this store answers, at the versions it is like. */
const modules = [
  ["search", 21_005],
  ["ReJSON", 20_803],
] as const;

export const adminCommands: CommandTable = {
  CONFIG: { arity: -2, run: config },
  INFO: { arity: -1, run: info },
  MONITOR: { arity: 1, run: monitor },
  TIME: {
    arity: 1,
    run: ({ store }) => {
      const now = store.keyspace.now;
      return [String(Math.floor(now / 1000)), String((now % 1000) * 1000)];
    },
  },
  MODULE: {
    arity: -2,
    run: ({ args }) => {
      if (upper(args[0]) !== "LIST") throw new CommandError("ERR MODULE: only MODULE LIST is answered");
      return modules.map(
        ([name, version]) =>
          new Map<string, Reply>([
            ["name", name],
            ["ver", version],
            ["path", ""],
            ["args", []],
          ]),
      );
    },
  },
  BGREWRITEAOF: {
    arity: 1,
    run: ({ store }) => {
      store.rewriteJournal();
      return new Status("Background append only file rewriting started");
    },
  },
  SHUTDOWN: { arity: -1, run: shutdown },
  LOLWUT: { arity: -1, run: () => "Bandoneon embedded store\n" },
};
