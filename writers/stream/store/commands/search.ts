// SPDX-License-Identifier: MIT
// Source: redis.io/docs/latest/commands/?group=search
import { parsePath } from "../json-path.ts";
import { findPath } from "../json-text.ts";
import { binary, CommandError, ok, type Reply } from "../reply.ts";
import type { IndexField, IndexSchema, SearchIndex } from "../search-index.ts";
import { parseQuery } from "../search-query.ts";
import { type Call, type CommandTable, integerOf, keyOf, Options, syntaxError, textOf, upper } from "./command.ts";

/** FT.CREATE index ON JSON [PREFIX n prefix...] SCHEMA path AS name TAG|NUMERIC [options] ... */
function create({ args, store }: Call): Reply {
  const options = new Options(args, 1);
  const prefixes: string[] = [];
  let on = "HASH";
  for (let option = options.next(); option !== "SCHEMA"; option = options.next()) {
    if (option === "ON") on = upper(options.value());
    else if (option === "PREFIX")
      for (let left = options.integer(); left > 0; left--) prefixes.push(keyOf(options.value()));
    else throw new CommandError(`ERR FT.CREATE: option ${option} is not answered by this store`);
  }
  if (on !== "JSON") throw new CommandError("ERR FT.CREATE: only ON JSON is answered by this store");
  const fields: IndexField[] = [];
  while (options.left > 0) fields.push(field(options));
  const schema: IndexSchema = {
    name: textOf(args[0]!),
    prefixes: prefixes.length ? prefixes : [""],
    fields,
    source: [Buffer.from("FT.CREATE"), ...args.map((argument) => Uint8Array.from(argument))],
  };
  store.indexes.create(schema);
  return ok;
}

function field(options: Options): IndexField {
  const path = textOf(options.value());
  const name = options.take("AS") ? textOf(options.value()) : path;
  const type = options.next();
  if (type !== "TAG" && type !== "NUMERIC")
    throw new CommandError(`ERR FT.CREATE: field ${name} is ${type}; this store indexes TAG and NUMERIC`);
  const separator = options.take("SEPARATOR") ? textOf(options.value()) : ",";
  const caseSensitive = options.take("CASESENSITIVE");
  while (options.take("SORTABLE") || options.take("UNF") || options.take("NOINDEX"));
  return { name, path: parsePath(path), type, separator, caseSensitive };
}

function indexOf({ args, store }: Call): SearchIndex {
  const name = textOf(args[0]!);
  const index = store.indexes.find(name);
  if (!index) throw new CommandError(`Unknown index name (or name is an alias itself): ${name}`);
  return index;
}

interface SearchOptions {
  content: boolean;
  first: number;
  count: number;
  fields: string[] | undefined;
  sort: { field: string; descending: boolean } | undefined;
}

function searchOptions(options: Options): SearchOptions {
  const found: SearchOptions = { content: true, first: 0, count: 10, fields: undefined, sort: undefined };
  for (let option = options.next(); option !== undefined; option = options.next()) {
    if (option === "NOCONTENT") found.content = false;
    else if (option === "DIALECT" || option === "TIMEOUT") options.integer();
    else if (option === "LIMIT") [found.first, found.count] = [options.integer(), options.integer()];
    else if (option === "RETURN")
      found.fields = Array.from({ length: options.integer() }, () => textOf(options.value()));
    else if (option === "SORTBY") {
      found.sort = { field: textOf(options.value()), descending: options.take("DESC") };
      options.take("ASC");
    } else if (option !== "VERBATIM" && option !== "NOSTOPWORDS")
      throw new CommandError(`ERR Unknown argument \`${option}\` at FT.SEARCH`);
  }
  return found;
}

/** Answers RESP2's form in RESP3 too: blissdata, which was written for it, then needs no `protocol=2` in its address. */
function search(call: Call): Reply {
  const index = indexOf(call);
  const { content, first, count, fields, sort } = searchOptions(new Options(call.args, 2));
  if (first < 0 || count < 0) throw syntaxError();
  const keys = index.search(parseQuery(textOf(call.args[1]!)));
  if (sort) {
    const { field: name, descending } = sort;
    const order = (a: string, b: string) => (index.sortValue(a, name) < index.sortValue(b, name) ? -1 : 1);
    keys.sort(descending ? (a, b) => order(b, a) : order);
  }
  const page = keys.slice(first, first + count);
  if (!content) return [keys.length, ...page.map(binary)];
  return [keys.length, ...page.flatMap((key) => [binary(key), contentOf(call, index, key, fields)])];
}

function contentOf({ store }: Call, index: SearchIndex, key: string, fields: string[] | undefined): string[] {
  const text = store.keyspace.of(key, "json")?.text ?? "null";
  if (!fields) return ["$", text];
  return fields.flatMap((name) => {
    const path = index.schema.fields.find((known) => known.name === name)?.path ?? parsePath(name);
    const span = findPath(text, path.steps);
    if (!span) return [];
    const value = text.slice(span.start, span.end);
    return [name, value.startsWith('"') ? (JSON.parse(value) as string) : value];
  });
}

function info(call: Call): Reply {
  const { schema, size } = indexOf(call);
  return new Map<string, Reply>([
    ["index_name", schema.name],
    ["index_options", []],
    ["index_definition", ["key_type", "JSON", "prefixes", schema.prefixes.map(binary), "default_score", "1"]],
    [
      "attributes",
      schema.fields.map(({ name, path, type, separator }) => [
        ...["identifier", path.text, "attribute", name, "type", type],
        ...(type === "TAG" ? ["SEPARATOR", separator] : []),
      ]),
    ],
    ["num_docs", size],
    ["indexing", 0],
    ["percent_indexed", "1"],
  ]);
}

/** Settings of the search module are kept and told, and change nothing: no query here is cut short. */
function config({ args, store }: Call): Reply {
  const name = textOf(args[1] ?? Buffer.alloc(0)).toUpperCase();
  const key = `search:${name}`;
  if (upper(args[0]) === "SET") {
    store.settings.other.set(key, String(integerOf(args[2])));
    return ok;
  }
  return [[name, store.settings.other.get(key) ?? null]];
}

export const searchCommands: CommandTable = {
  "FT.CREATE": { arity: -5, effect: "add", run: create },
  "FT.SEARCH": { arity: -3, run: search },
  "FT.INFO": { arity: 2, run: info },
  "FT._LIST": { arity: 1, run: ({ store }) => store.indexes.names },
  "FT.DROPINDEX": {
    arity: -2,
    effect: "write",
    run: (call) => {
      const { schema } = indexOf(call);
      if (upper(call.args[1]) === "DD")
        for (const key of [...call.store.keyspace.keys()])
          if (schema.prefixes.some((prefix) => key.startsWith(prefix))) call.store.keyspace.remove(key);
      call.store.indexes.drop(schema.name);
      return ok;
    },
  },
  "FT.CONFIG": { arity: -3, run: config },
};
