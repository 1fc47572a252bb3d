// SPDX-License-Identifier: MIT
import { CommandError, EncodedItems, nullArray, ok, Pairs, type Reply } from "../reply.ts";
import { formatId, maxId, nextId, parseBound, parseId, previousId, type StreamId } from "../stream-id.ts";
import type { StreamLog } from "../stream-log.ts";
import { type Call, type CommandTable, keyOf, Options, syntaxError, textOf, Waiting } from "./command.ts";

interface Trimming {
  readonly apply: (log: StreamLog) => number;
}

/**
 * `MAXLEN|MINID [=|~] threshold [LIMIT count]`. With `~` Redis may keep more than asked; here both trim exactly, since
 * entries are freed at no cost.
 */
function trimming(options: Options): Trimming {
  const strategy = options.next();
  if (!options.take("~")) options.take("=");
  const threshold = textOf(options.value());
  const limit = options.take("LIMIT") ? options.integer() : Number.POSITIVE_INFINITY;
  const atMost = limit === 0 ? Number.POSITIVE_INFINITY : limit;
  if (strategy === "MINID") {
    const id = parseId(threshold);
    return { apply: (log) => log.trimBefore(id, atMost) };
  }
  const length = Number(threshold);
  if (strategy !== "MAXLEN" || !Number.isSafeInteger(length) || length < 0) throw syntaxError();
  return { apply: (log) => log.trimTo(length, atMost) };
}

/** `*`, `ms-*`, or an identifier. */
function newId(text: string, log: StreamLog | undefined, now: number): StreamId {
  const last = log?.lastId ?? { ms: 0n, seq: 0n };
  if (text === "*") return log ? log.nextId(now) : { ms: BigInt(now), seq: 0n };
  if (!text.endsWith("-*")) return parseId(text);
  const { ms } = parseId(text.slice(0, -2));
  return ms === last.ms ? nextId(last) : { ms, seq: ms === 0n ? 1n : 0n };
}

function add({ args, store }: Call): Reply {
  const { keyspace } = store;
  const key = keyOf(args[0]!);
  const options = new Options(args, 1);
  const mustExist = options.take("NOMKSTREAM");
  const trim = ["MAXLEN", "MINID"].includes(options.peek()) ? trimming(options) : undefined;
  const idText = textOf(options.value());
  const fields = options.rest();
  if (fields.length === 0 || fields.length % 2)
    throw new CommandError("ERR wrong number of arguments for 'xadd' command");
  const log = keyspace.of(key, "stream")?.log;
  if (!log && mustExist) return null;
  const id = newId(idText, log, keyspace.now);
  keyspace.append(key, id, fields);
  if (trim) keyspace.trim(key, trim.apply);
  return formatId(id);
}

function range({ args, store }: Call, reverse: boolean): Reply {
  const [key, first, second] = args;
  const options = new Options(args, 3);
  let count: number | undefined;
  if (options.take("COUNT")) count = options.integer();
  if (options.left > 0) throw syntaxError();
  const high = parseBound(textOf(reverse ? first! : second!), "high");
  const low = parseBound(textOf(reverse ? second! : first!), "low");
  const log = store.keyspace.of(keyOf(key!), "stream")?.log;
  if (count !== undefined && count <= 0) return nullArray;
  if (!log) return [];
  const found = reverse ? log.reverseRange(low, high, count) : log.range(low, high, count);
  return new EncodedItems(found.count, found.bytes);
}

/** XREAD [COUNT n] [BLOCK ms] STREAMS key... id... */
function read({ args, store }: Call): Reply | Waiting {
  const options = new Options(args, 0);
  let count: number | undefined;
  let timeout: number | undefined;
  for (let option = options.next(); option !== "STREAMS"; option = options.next()) {
    if (option === "COUNT") count = options.integer() || undefined;
    else if (option === "BLOCK") timeout = options.integer();
    else throw syntaxError();
  }
  if (timeout !== undefined && timeout < 0) throw new CommandError("ERR timeout is negative");
  const names = options.rest();
  if (names.length === 0 || names.length % 2)
    throw new CommandError(
      "ERR Unbalanced 'xread' list of streams: for each stream key an ID, '+', or '$' must be specified.",
    );
  const half = names.length / 2;
  const keys = names.slice(0, half).map(keyOf);
  const after = keys.map((key, index) => startOf(store.keyspace.of(key, "stream")?.log, textOf(names[half + index]!)));
  const retry = () => entriesAfter(store, keys, after, count && count > 0 ? count : undefined);
  const reply = retry() ?? (timeout === undefined ? nullArray : undefined);
  return reply ?? new Waiting({ keys, timeout: timeout ?? 0, retry, timedOut: nullArray });
}

/** Entries after the answer are wanted. `$`: the last one there is, `+`: the last one but one. */
function startOf(log: StreamLog | undefined, text: string): StreamId {
  if (text === "$") return log?.lastId ?? { ms: 0n, seq: 0n };
  if (text === "+") {
    const last = log?.last()?.id;
    return last ? previousId(last) : { ms: 0n, seq: 0n };
  }
  return parseId(text);
}

function entriesAfter(
  store: Call["store"],
  keys: readonly string[],
  after: readonly StreamId[],
  count: number | undefined,
): Reply | undefined {
  const found = new Map<string, Reply>();
  for (const [index, key] of keys.entries()) {
    const start = after[index]!;
    const log = store.keyspace.of(key, "stream")?.log;
    if (!log || (start.ms === maxId.ms && start.seq === maxId.seq)) continue;
    const entries = log.range(nextId(start), maxId, count);
    if (entries.count > 0) found.set(key, new EncodedItems(entries.count, entries.bytes));
  }
  return found.size > 0 ? new Pairs(found) : undefined;
}

export const streamCommands: CommandTable = {
  XADD: { arity: -5, effect: "add", run: add },
  XLEN: { arity: 2, run: ({ args, store }) => store.keyspace.of(keyOf(args[0]!), "stream")?.log.length ?? 0 },
  XRANGE: { arity: -4, run: (call) => range(call, false) },
  XREVRANGE: { arity: -4, run: (call) => range(call, true) },
  XREAD: { arity: -4, run: read },
  XTRIM: {
    arity: -4,
    effect: "write",
    run: ({ args, store }) => {
      const options = new Options(args, 1);
      const { apply } = trimming(options);
      if (options.left > 0) throw syntaxError();
      return store.keyspace.trim(keyOf(args[0]!), apply);
    },
  },
  XSETID: {
    arity: -3,
    effect: "write",
    run: ({ args, store }) => {
      store.keyspace.setLastId(keyOf(args[0]!), parseId(textOf(args[1]!)));
      return ok;
    },
  },
};
