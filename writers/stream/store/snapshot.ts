// SPDX-License-Identifier: MIT
// All data of a store as commands, as it was at one moment: strings and documents are replaced, never changed, and
// entries of streams never change, so holding on to them is a copy.
import type { ChangeRecord, Keyspace, Value } from "./keyspace.ts";
import type { SearchIndexes } from "./search-index.ts";
import { formatId } from "./stream-id.ts";

export interface SnapshotSource {
  readonly keyspace: Keyspace;
  readonly indexes: SearchIndexes;
  readonly libraries: ReadonlyMap<string, string>;
}

export function takeSnapshot({ keyspace, indexes, libraries }: SnapshotSource): () => Generator<ChangeRecord> {
  const head: ChangeRecord[] = [...libraries.values()].map((code) => ["FUNCTION", "LOAD", "REPLACE", code]);
  for (const name of indexes.names) head.push(indexes.find(name)!.schema.source);
  const keys = [...keyspace.keys()].map((key) => ({
    key: Buffer.from(key, "latin1"),
    write: writerOf(keyspace.value(key)!),
    end: keyspace.expiry(key),
  }));
  return function* commands() {
    yield* head;
    for (const { key, write, end } of keys) {
      yield* write(key);
      if (end !== undefined) yield ["PEXPIREAT", key, String(end)];
    }
  };
}

function writerOf(value: Value): (key: Buffer) => Iterable<ChangeRecord> {
  if (value.kind === "string") return (key) => [["SET", key, value.bytes]];
  if (value.kind === "json") return (key) => [["JSON.SET", key, "$", value.text]];
  const entries = value.log.snapshot();
  const lastId = formatId(value.log.lastId);
  return function* stream(key) {
    let last = "";
    for (const { id, fields } of entries()) {
      last = formatId(id);
      yield ["XADD", key, last, ...fields];
    }
    // Everything was trimmed: an entry to hold the last identifier, removed again.
    if (last === "")
      yield* [
        ["XADD", key, lastId, "", ""],
        ["XTRIM", key, "MAXLEN", "0"],
      ] as ChangeRecord[];
    else if (last !== lastId) yield ["XSETID", key, lastId];
  };
}
