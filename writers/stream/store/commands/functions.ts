// SPDX-License-Identifier: MIT
// Function libraries are stored and listed as they come. There is no Lua here: the one function of blissdata's library,
// `seal_stream`, is built in.
import { CommandError, ok, type Reply } from "../reply.ts";
import { maxId } from "../stream-id.ts";
import { type Call, type CommandTable, integerOf, keyOf, syntaxError, textOf, upper } from "./command.ts";

/** Ends a data stream by the last possible entry, whose field `id` is the number of points before it. */
function sealStream({ store }: Call, [key]: readonly string[]): Reply {
  if (key === undefined) throw new CommandError("ERR seal_stream needs one key");
  const last = store.keyspace.of(key, "stream")?.log.last();
  let length = 0;
  if (last) {
    if (last.id.ms === maxId.ms) throw new CommandError(`ERR user_function: ${key} is already sealed.`);
    const names = last.fields.filter((_, index) => index % 2 === 0).map((name) => name.toString("latin1"));
    const at = names.indexOf("len");
    length = Number(last.id.ms) + (at < 0 ? 1 : Number(last.fields[2 * at + 1]!.toString("latin1")));
  }
  store.keyspace.append(key, maxId, [Buffer.from("id"), Buffer.from(String(length))]);
  return length;
}

const builtIn: Readonly<Record<string, (call: Call, keys: readonly string[]) => Reply>> = { seal_stream: sealStream };

function callFunction(call: Call): Reply {
  const name = textOf(call.args[0]!);
  const count = integerOf(call.args[1], "number of keys");
  if (count < 0 || count > call.args.length - 2)
    throw new CommandError("ERR Number of keys can't be greater than number of args");
  const registered = [...call.store.libraries.values()].some(
    (code) => code.includes(`'${name}'`) || code.includes(`"${name}"`),
  );
  const run = Object.hasOwn(builtIn, name) ? builtIn[name] : undefined;
  if (!registered) throw new CommandError("ERR Function not found");
  if (!run)
    throw new CommandError(
      `ERR function ${name} cannot run: this store has no Lua, only ${Object.keys(builtIn).join(", ")}. Use Redis for it`,
    );
  return run(call, call.args.slice(2, 2 + count).map(keyOf));
}

function load({ args, store }: Call): Reply {
  const replace = upper(args[1]) === "REPLACE";
  const code = textOf(args[replace ? 2 : 1] ?? Buffer.alloc(0));
  const name = /^#!lua\s+name=(\w+)/.exec(code)?.[1];
  if (!name) throw new CommandError("ERR Missing library metadata");
  if (!replace && store.libraries.has(name)) throw new CommandError(`ERR Library '${name}' already exists`);
  store.libraries.set(name, code);
  store.keyspace.record(["FUNCTION", "LOAD", "REPLACE", code]);
  return name;
}

function list({ store }: Call): Reply {
  return [...store.libraries].map(
    ([name, code]) =>
      new Map<string, Reply>([
        ["library_name", name],
        ["engine", "LUA"],
        [
          "functions",
          [...code.matchAll(/register_function\(\s*['"](\w+)['"]/g)].map(
            ([, registered]) =>
              new Map<string, Reply>([
                ["name", registered!],
                ["description", null],
                ["flags", []],
              ]),
          ),
        ],
      ]),
  );
}

function library(call: Call): Reply {
  const { args, store } = call;
  switch (upper(args[0])) {
    case "LOAD":
      return load(call);
    case "LIST":
      return list(call);
    case "FLUSH":
      store.libraries.clear();
      store.keyspace.record(["FUNCTION", "FLUSH"]);
      return ok;
    case "DELETE":
      if (!store.libraries.delete(textOf(args[1] ?? Buffer.alloc(0)))) throw new CommandError("ERR Library not found");
      store.keyspace.record(["FUNCTION", "DELETE", args[1]!]);
      return ok;
    default:
      throw syntaxError();
  }
}

export const functionCommands: CommandTable = {
  FUNCTION: { arity: -2, effect: "write", run: library },
  FCALL: { arity: -3, effect: "add", run: callFunction },
};
