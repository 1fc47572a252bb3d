// SPDX-License-Identifier: MIT
import { CommandError, ok, type Reply } from "../reply.ts";
import { type Call, type CommandTable, integerOf, keyOf, Options, syntaxError } from "./command.ts";

const stringAt = ({ store }: Call, key: Buffer | undefined): Uint8Array | null =>
  store.keyspace.of(keyOf(key!), "string")?.bytes ?? null;

/** Absolute end of a key from an option's name and number. */
function endFrom(option: string, argument: Buffer, now: number): number {
  const number = integerOf(argument);
  if (number <= 0) throw new CommandError("ERR invalid expire time in 'set' command");
  const milliseconds = option.startsWith("P") ? number : number * 1000;
  return option.endsWith("AT") ? milliseconds : now + milliseconds;
}

function set(call: Call): Reply {
  const { args, store } = call;
  const { keyspace } = store;
  const key = keyOf(args[0]!);
  const old = keyspace.value(key);
  let keepTtl = false;
  let end: number | undefined;
  let only: "NX" | "XX" | undefined;
  let get = false;
  const options = new Options(args, 2);
  for (let option = options.next(); option !== undefined; option = options.next()) {
    if (option === "NX" || option === "XX") only = option;
    else if (option === "KEEPTTL") keepTtl = true;
    else if (option === "GET") get = true;
    else if (/^P?EX(AT)?$/.test(option)) end = endFrom(option, options.value(), keyspace.now);
    else throw syntaxError();
  }
  const before = get ? stringAt(call, args[0]) : null;
  if ((only === "NX" && old) || (only === "XX" && !old)) return get ? before : null;
  keyspace.setString(key, args[1]!, { keepTtl });
  if (end !== undefined) keyspace.expireAt(key, end);
  return get ? before : ok;
}

function add(call: Call, key: Buffer, amount: bigint): Reply {
  const text = Buffer.from(stringAt(call, key) ?? Buffer.from("0")).toString("latin1");
  if (!/^-?\d{1,19}$/.test(text)) throw new CommandError("ERR value is not an integer or out of range");
  const sum = BigInt(text) + amount;
  if (BigInt.asIntN(64, sum) !== sum) throw new CommandError("ERR increment or decrement would overflow");
  call.store.keyspace.setString(keyOf(key), Buffer.from(String(sum)), { keepTtl: true });
  return sum;
}
const amountOf = (argument: Buffer | undefined): bigint => BigInt(integerOf(argument));

export const stringCommands: CommandTable = {
  GET: { arity: 2, run: (call) => stringAt(call, call.args[0]) },
  SET: { arity: -3, effect: "add", run: set },
  SETNX: {
    arity: 3,
    effect: "add",
    run: (call) => (set({ ...call, args: [...call.args, Buffer.from("NX")] }) ? 1 : 0),
  },
  SETEX: {
    arity: 4,
    effect: "add",
    run: (call) => set({ ...call, args: [call.args[0]!, call.args[2]!, Buffer.from("EX"), call.args[1]!] }),
  },
  GETDEL: {
    arity: 2,
    effect: "write",
    run: (call) => {
      const value = stringAt(call, call.args[0]);
      if (value) call.store.keyspace.remove(keyOf(call.args[0]!));
      return value;
    },
  },
  APPEND: {
    arity: 3,
    effect: "add",
    run: (call) => {
      const joined = Buffer.concat([stringAt(call, call.args[0]) ?? Buffer.alloc(0), call.args[1]!]);
      call.store.keyspace.setString(keyOf(call.args[0]!), joined, { keepTtl: true });
      return joined.length;
    },
  },
  STRLEN: { arity: 2, run: (call) => stringAt(call, call.args[0])?.length ?? 0 },
  MGET: {
    arity: -2,
    run: ({ args, store }) =>
      args.map((key) => {
        const value = store.keyspace.value(keyOf(key));
        return value?.kind === "string" ? value.bytes : null;
      }),
  },
  MSET: {
    arity: -3,
    effect: "add",
    run: ({ args, store }) => {
      if (args.length % 2) throw new CommandError("ERR wrong number of arguments for 'mset' command");
      for (let at = 0; at < args.length; at += 2) store.keyspace.setString(keyOf(args[at]!), args[at + 1]!);
      return ok;
    },
  },
  INCR: { arity: 2, effect: "add", run: (call) => add(call, call.args[0]!, 1n) },
  DECR: { arity: 2, effect: "add", run: (call) => add(call, call.args[0]!, -1n) },
  INCRBY: { arity: 3, effect: "add", run: (call) => add(call, call.args[0]!, amountOf(call.args[1])) },
  DECRBY: { arity: 3, effect: "add", run: (call) => add(call, call.args[0]!, -amountOf(call.args[1])) },
};
