// SPDX-License-Identifier: MIT
// Search indexes over JSON documents, as FT.CREATE describes them. Documents are indexed as they are set.
import type { JsonPath } from "./json-path.ts";
import { findPath } from "./json-text.ts";
import type { Keyspace, Observer, Value } from "./keyspace.ts";
import { CommandError } from "./reply.ts";
import type { Query, TagPattern } from "./search-query.ts";

export interface IndexField {
  readonly name: string;
  readonly path: JsonPath;
  readonly type: "TAG" | "NUMERIC";
  readonly separator: string;
  readonly caseSensitive: boolean;
}
export interface IndexSchema {
  readonly name: string;
  readonly prefixes: readonly string[];
  readonly fields: readonly IndexField[];
  /** The command that made it. */
  readonly source: readonly Uint8Array[];
}

type Indexed = ReadonlyMap<string, number | readonly string[]>;

export class SearchIndex {
  readonly schema: IndexSchema;
  readonly #documents = new Map<string, Indexed>();

  constructor(schema: IndexSchema) {
    this.schema = schema;
  }

  get size(): number {
    return this.#documents.size;
  }

  update(key: string, value: Value | undefined): void {
    if (!this.schema.prefixes.some((prefix) => key.startsWith(prefix))) return;
    if (value?.kind === "json") this.#documents.set(key, this.#index(value.text));
    else this.#documents.delete(key);
  }

  clear(): void {
    this.#documents.clear();
  }

  /** Keys of the documents that match, oldest first. @throws CommandError for an unknown field */
  search(query: Query): string[] {
    const matches = this.#compile(query);
    return [...this.#documents].filter(([, document]) => matches(document)).map(([key]) => key);
  }

  /** What a document is sorted by. */
  sortValue(key: string, field: string): number | string {
    const value = this.#documents.get(key)?.get(this.#field(field).name);
    return typeof value === "number" ? value : (value?.[0] ?? "");
  }

  #field(name: string): IndexField {
    const field = this.schema.fields.find((candidate) => candidate.name === name);
    if (!field) throw new CommandError(`ERR Unknown field '${name}' in index ${this.schema.name}`);
    return field;
  }

  #index(text: string): Indexed {
    const found = new Map<string, number | readonly string[]>();
    for (const { name, path, type, separator, caseSensitive } of this.schema.fields) {
      const span = findPath(text, path.steps);
      if (!span) continue;
      const value: unknown = JSON.parse(text.slice(span.start, span.end));
      if (type === "NUMERIC") {
        if (typeof value === "number") found.set(name, value);
      } else if (typeof value === "string" || Array.isArray(value)) {
        const tags = [value].flat().flatMap((tag) => (typeof tag === "string" ? tag.split(separator) : []));
        found.set(
          name,
          tags.map((tag) => (caseSensitive ? tag.trim() : tag.trim().toLowerCase())),
        );
      }
    }
    return found;
  }

  #compile(query: Query): (document: Indexed) => boolean {
    switch (query.match) {
      case "all":
        return () => true;
      case "not": {
        const inner = this.#compile(query.of);
        return (document) => !inner(document);
      }
      case "and": {
        const parts = query.of.map((part) => this.#compile(part));
        return (document) => parts.every((part) => part(document));
      }
      case "or": {
        const parts = query.of.map((part) => this.#compile(part));
        return (document) => parts.some((part) => part(document));
      }
      case "range": {
        const { name } = this.#field(query.field);
        const { low, high } = query;
        return (document) => {
          const value = document.get(name);
          if (typeof value !== "number") return false;
          const above = low.included ? value >= low.value : value > low.value;
          return above && (high.included ? value <= high.value : value < high.value);
        };
      }
      case "tag": {
        const { name } = this.#field(query.field);
        return (document) => {
          const tags = document.get(name);
          return (
            typeof tags === "object" && tags.some((tag) => query.patterns.some((pattern) => tagMatches(pattern, tag)))
          );
        };
      }
    }
  }
}

function tagMatches({ text, anyStart, anyEnd }: TagPattern, tag: string): boolean {
  if (anyStart) return anyEnd ? tag.includes(text) : tag.endsWith(text);
  return anyEnd ? tag.startsWith(text) : tag === text;
}

/** The indexes of a store, kept up to date with its keys. */
export class SearchIndexes implements Observer {
  readonly #indexes = new Map<string, SearchIndex>();
  readonly #keyspace: Keyspace;

  constructor(keyspace: Keyspace) {
    this.#keyspace = keyspace;
    keyspace.observe(this);
  }

  get names(): string[] {
    return [...this.#indexes.keys()];
  }

  find(name: string): SearchIndex | undefined {
    return this.#indexes.get(name);
  }

  create(schema: IndexSchema): void {
    if (this.#indexes.has(schema.name)) throw new CommandError("ERR Index already exists");
    const index = new SearchIndex(schema);
    for (const key of this.#keyspace.keys()) index.update(key, this.#keyspace.value(key));
    this.#indexes.set(schema.name, index);
    this.#keyspace.record(schema.source);
  }

  drop(name: string): boolean {
    const dropped = this.#indexes.delete(name);
    if (dropped) this.#keyspace.record(["FT.DROPINDEX", name]);
    return dropped;
  }

  touched(key: string, value: Value | undefined): void {
    if (value === undefined || value.kind === "json")
      for (const index of this.#indexes.values()) index.update(key, value);
  }

  /** FLUSHALL removes the indexes too. */
  cleared(): void {
    this.#indexes.clear();
  }
}
