// SPDX-License-Identifier: MIT
// Source: redis.io/docs/latest/commands/?group=json
import { parsePath } from "../json-path.ts";
import { compactJson, findPath, removePath, setPath } from "../json-text.ts";
import { CommandError, ok, type Reply } from "../reply.ts";
import { type Call, type CommandTable, keyOf, Options, textOf, upper } from "./command.ts";

function set({ args, store }: Call): Reply {
  const [key, pathText, text, only] = [keyOf(args[0]!), textOf(args[1]!), textOf(args[2]!), upper(args[3])];
  const { steps } = parsePath(pathText);
  const value = compactJson(text);
  const current = store.keyspace.of(key, "json")?.text;
  if (current === undefined && steps.length > 0) throw new CommandError("ERR new objects must be created at the root");
  const exists = current !== undefined && findPath(current, steps) !== undefined;
  if ((only === "NX" && exists) || (only === "XX" && !exists)) return null;
  const changed = current === undefined || steps.length === 0 ? value : setPath(current, steps, value);
  if (changed === undefined) return null;
  store.keyspace.setJson(key, changed);
  return ok;
}

/** The part at a path as JSON text; a JSONPath gives an array. */
function part(text: string, pathText: string, onMissing: () => string): string {
  const { steps, many } = parsePath(pathText);
  const span = findPath(text, steps);
  const found = span && text.slice(span.start, span.end);
  return many ? `[${found ?? ""}]` : (found ?? onMissing());
}

function get({ args, store }: Call): Reply {
  const options = new Options(args, 1);
  // Formatting is the client's; answers are compact.
  while (["INDENT", "NEWLINE", "SPACE"].includes(options.peek())) {
    options.next();
    options.value();
  }
  options.take("NOESCAPE");
  const paths = options.rest().map(textOf);
  const text = store.keyspace.of(keyOf(args[0]!), "json")?.text;
  if (text === undefined) return null;
  const missing = (path: string) => () => {
    throw new CommandError(`ERR Path '${path}' does not exist`);
  };
  const [only] = paths;
  if (paths.length <= 1) return part(text, only ?? ".", missing(only ?? "."));
  return `{${paths.map((path) => `${JSON.stringify(path)}:${part(text, path, missing(path))}`).join(",")}}`;
}

function getMany({ args, store }: Call): Reply {
  const path = textOf(args.at(-1)!);
  return args.slice(0, -1).map((key) => {
    const value = store.keyspace.value(keyOf(key));
    if (value?.kind !== "json") return null;
    return part(value.text, path, () => "") || null;
  });
}

function remove({ args, store }: Call): Reply {
  const key = keyOf(args[0]!);
  const text = store.keyspace.of(key, "json")?.text;
  if (text === undefined) return 0;
  const { steps } = parsePath(args[1] ? textOf(args[1]) : ".");
  if (steps.length === 0) return store.keyspace.remove(key) ? 1 : 0;
  const changed = removePath(text, steps);
  if (changed === undefined) return 0;
  store.keyspace.setJson(key, changed);
  return 1;
}

function typeOf(text: string): string {
  const value: unknown = JSON.parse(text);
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return /[.eE]/.test(text) ? "number" : "integer";
  return typeof value;
}

function type({ args, store }: Call): Reply {
  const text = store.keyspace.of(keyOf(args[0]!), "json")?.text;
  if (text === undefined) return null;
  const { steps, many } = parsePath(args[1] ? textOf(args[1]) : ".");
  const span = findPath(text, steps);
  const name = span ? typeOf(text.slice(span.start, span.end)) : null;
  return many ? (name === null ? [] : [name]) : name;
}

export const jsonCommands: CommandTable = {
  "JSON.SET": { arity: -4, effect: "add", run: set },
  "JSON.GET": { arity: -2, run: get },
  "JSON.MGET": { arity: -3, run: getMany },
  "JSON.DEL": { arity: -2, effect: "write", run: remove },
  "JSON.FORGET": { arity: -2, effect: "write", run: remove },
  "JSON.TYPE": { arity: -2, run: type },
};
