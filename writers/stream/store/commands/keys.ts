// SPDX-License-Identifier: MIT

import { sizeOf } from "../keyspace.ts";
import { binary, CommandError, ok, type Reply, Status } from "../reply.ts";
import { formatId } from "../stream-id.ts";
import { type Call, type CommandTable, integerOf, keyOf, Options, syntaxError, textOf, upper } from "./command.ts";

/** A pattern of KEYS and SCAN: `*`, `?`, `[a-c]`, `\` before a character. */
export function globToRegExp(pattern: string): RegExp {
  const source = pattern.replace(/\\(.)|\[(\^?)((?:[^\]\\]|\\.)*)\]|\*+|\?|[\s\S]/g, (all, escaped, negated, set) => {
    if (escaped !== undefined) return RegExp.escape(escaped);
    if (set !== undefined) return `[${negated}${set.replace(/[[\]^]/g, "\\$&")}]`;
    if (all.startsWith("*")) return "[\\s\\S]*";
    return all === "?" ? "[\\s\\S]" : RegExp.escape(all);
  });
  return new RegExp(`^${source}$`);
}

/** EXPIRE and its kin; `scale` and `absolute` make its number milliseconds since 1970. */
function expire({ args, store }: Call, scale: number, absolute: boolean): Reply {
  const { keyspace } = store;
  const key = keyOf(args[0]!);
  const number = integerOf(args[1]) * scale;
  const end = absolute ? number : keyspace.now + number;
  if (!Number.isSafeInteger(end)) throw new CommandError("ERR invalid expire time in 'expire' command");
  if (!keyspace.value(key)) return 0;
  const current = keyspace.expiry(key) ?? Number.POSITIVE_INFINITY;
  const conditions: Record<string, boolean> = {
    NX: current === Number.POSITIVE_INFINITY,
    XX: current !== Number.POSITIVE_INFINITY,
    LT: end < current,
    GT: end > current,
  };
  for (const option of args.slice(2)) {
    const holds = conditions[upper(option)];
    if (holds === undefined) throw new CommandError(`ERR Unsupported option ${textOf(option)}`);
    if (!holds) return 0;
  }
  keyspace.expireAt(key, end);
  return 1;
}

/** TTL and its kin: -2 no key, -1 no end. */
function timeLeft({ args, store }: Call, scale: number, absolute: boolean): number {
  const key = keyOf(args[0]!);
  if (!store.keyspace.value(key)) return -2;
  const end = store.keyspace.expiry(key);
  if (end === undefined) return -1;
  return Math.round((absolute ? end : end - store.keyspace.now) / scale);
}

function flush({ store }: Call): Reply {
  store.keyspace.clear();
  return ok;
}

const remove = ({ args, store }: Call): number => args.filter((key) => store.keyspace.remove(keyOf(key))).length;

const typeNames = { string: "string", json: "ReJSON-RL", stream: "stream" } as const;

function scan({ args, store }: Call): Reply {
  const options = new Options(args, 1);
  let match = /[\s\S]*/;
  let type: string | undefined;
  let count = 10;
  for (let option = options.next(); option !== undefined; option = options.next()) {
    if (option === "MATCH") match = globToRegExp(keyOf(options.value()));
    else if (option === "COUNT") count = Math.max(1, options.integer());
    else if (option === "TYPE") type = textOf(options.value()).toLowerCase();
    else throw syntaxError();
  }
  // Keys keep their place while they live, so a place is a cursor good enough: a key that stays all along is met.
  const from = integerOf(args[0], "invalid cursor");
  const keys = [...store.keyspace.keys()];
  const found = keys.slice(from, from + count).filter((key) => {
    const kind = store.keyspace.value(key)?.kind;
    return match.test(key) && (type === undefined || (kind && typeNames[kind].toLowerCase() === type));
  });
  const next = from + count < keys.length ? from + count : 0;
  return [String(next), found.map(binary)];
}

function rename({ args, store }: Call): Reply {
  const { keyspace } = store;
  const [from, to] = [keyOf(args[0]!), keyOf(args[1]!)];
  const value = keyspace.value(from);
  if (!value) throw new CommandError("ERR no such key");
  if (from === to) return ok;
  const end = keyspace.expiry(from);
  keyspace.remove(to);
  if (value.kind === "string") keyspace.setString(to, value.bytes);
  else if (value.kind === "json") keyspace.setJson(to, value.text);
  else for (const { id, fields } of value.log.snapshot()()) keyspace.append(to, id, fields);
  if (end !== undefined) keyspace.expireAt(to, end);
  keyspace.remove(from);
  return ok;
}

function object({ args, store }: Call): Reply {
  const value = store.keyspace.value(keyOf(args[1] ?? Buffer.alloc(0)));
  if (!value) return null;
  if (upper(args[0]) === "ENCODING") return value.kind === "string" ? "raw" : value.kind;
  if (upper(args[0]) === "IDLETIME") return 0;
  throw syntaxError();
}

export const keyCommands: CommandTable = {
  DEL: { arity: -2, effect: "write", run: remove },
  UNLINK: { arity: -2, effect: "write", run: remove },
  EXISTS: { arity: -2, run: ({ args, store }) => args.filter((key) => store.keyspace.value(keyOf(key))).length },
  TYPE: {
    arity: 2,
    run: ({ args, store }) => {
      const value = store.keyspace.value(keyOf(args[0]!));
      return new Status(value ? typeNames[value.kind] : "none");
    },
  },
  KEYS: {
    arity: 2,
    run: ({ args, store }) => {
      const pattern = globToRegExp(keyOf(args[0]!));
      return [...store.keyspace.keys()].filter((key) => pattern.test(key)).map(binary);
    },
  },
  SCAN: { arity: -2, run: scan },
  RENAME: { arity: 3, effect: "write", run: rename },
  OBJECT: { arity: -2, run: object },
  EXPIRE: { arity: -3, effect: "write", run: (call) => expire(call, 1000, false) },
  PEXPIRE: { arity: -3, effect: "write", run: (call) => expire(call, 1, false) },
  EXPIREAT: { arity: -3, effect: "write", run: (call) => expire(call, 1000, true) },
  PEXPIREAT: { arity: -3, effect: "write", run: (call) => expire(call, 1, true) },
  TTL: { arity: 2, run: (call) => timeLeft(call, 1000, false) },
  PTTL: { arity: 2, run: (call) => timeLeft(call, 1, false) },
  EXPIRETIME: { arity: 2, run: (call) => timeLeft(call, 1000, true) },
  PEXPIRETIME: { arity: 2, run: (call) => timeLeft(call, 1, true) },
  PERSIST: {
    arity: 2,
    effect: "write",
    run: ({ args, store }) => {
      const key = keyOf(args[0]!);
      if (!store.keyspace.value(key) || store.keyspace.expiry(key) === undefined) return 0;
      store.keyspace.expireAt(key, undefined);
      return 1;
    },
  },
  DBSIZE: { arity: 1, run: ({ store }) => store.keyspace.size },
  FLUSHALL: { arity: -1, effect: "write", run: flush },
  FLUSHDB: { arity: -1, effect: "write", run: flush },
  MEMORY: {
    arity: -2,
    run: ({ args, store }) => {
      if (upper(args[0]) !== "USAGE") throw new CommandError("ERR MEMORY: only MEMORY USAGE key is answered");
      const value = store.keyspace.value(keyOf(args[1] ?? Buffer.alloc(0)));
      return value ? sizeOf(value) : null;
    },
  },
  XINFO: { arity: -2, run: streamInfo },
};

function streamInfo({ args, store }: Call): Reply {
  if (upper(args[0]) !== "STREAM")
    throw new CommandError("ERR XINFO: only XINFO STREAM key is answered, there are no groups");
  const log = store.keyspace.of(keyOf(args[1] ?? Buffer.alloc(0)), "stream")?.log;
  if (!log) throw new CommandError("ERR no such key");
  const entry = (found: ReturnType<typeof log.first>) => (found ? [formatId(found.id), [...found.fields]] : null);
  return new Map<string, Reply>([
    ["length", log.length],
    ["last-generated-id", formatId(log.lastId)],
    ["entries-added", log.added],
    ["groups", 0],
    ["first-entry", entry(log.first())],
    ["last-entry", entry(log.last())],
  ]);
}
