// SPDX-License-Identifier: MIT
// The properties of one device, class or free object. Each value is a list of strings.
import type { DatabaseCaller, DatabaseCallOptions } from "./caller.ts";
import type { DatabaseCommand } from "./command-table.ts";
import { Words } from "./words.ts";

/** What a property was, from a moment on; without values from its deletion on. */
export interface PropertyChange {
  readonly name: string;
  /** `YYYY-MM-DD hh:mm:ss`, in the database's own time zone. */
  readonly date: string;
  readonly values: readonly string[];
}

export interface PropertyStore {
  /** The properties of these names that exist. */
  read(names: readonly string[], options?: DatabaseCallOptions): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Sets each property, replacing all its values. */
  write(values: Readonly<Record<string, readonly string[]>>, options?: DatabaseCallOptions): Promise<void>;
  delete(names: readonly string[], options?: DatabaseCallOptions): Promise<void>;
  /** Names of the properties that exist, `*` in the filter standing for anything. */
  names(filter?: string, options?: DatabaseCallOptions): Promise<readonly string[]>;
  /** The last changes of a property (10 unless the database is told otherwise), oldest first. */
  history(name: string, options?: DatabaseCallOptions): Promise<readonly PropertyChange[]>;
}

type Query = "DbGetDeviceProperty" | "DbGetClassProperty" | "DbGetProperty";
interface Commands {
  readonly read: Query;
  readonly write: "DbPutDeviceProperty" | "DbPutClassProperty" | "DbPutProperty";
  readonly delete: "DbDeleteDeviceProperty" | "DbDeleteClassProperty" | "DbDeleteProperty";
  readonly names: "DbGetDevicePropertyList" | "DbGetClassPropertyList" | "DbGetPropertyList";
  readonly history: "DbGetDevicePropertyHist" | "DbGetClassPropertyHist" | "DbGetPropertyHist";
}

const commands = {
  device: {
    read: "DbGetDeviceProperty",
    write: "DbPutDeviceProperty",
    delete: "DbDeleteDeviceProperty",
    names: "DbGetDevicePropertyList",
    history: "DbGetDevicePropertyHist",
  },
  class: {
    read: "DbGetClassProperty",
    write: "DbPutClassProperty",
    delete: "DbDeleteClassProperty",
    names: "DbGetClassPropertyList",
    history: "DbGetClassPropertyHist",
  },
  object: {
    read: "DbGetProperty",
    write: "DbPutProperty",
    delete: "DbDeleteProperty",
    names: "DbGetPropertyList",
    history: "DbGetPropertyHist",
  },
} satisfies Record<string, Commands & Record<string, DatabaseCommand>>;
export type PropertyOwner = keyof typeof commands;

export function propertyStore(call: DatabaseCaller, kind: PropertyOwner, owner: string): PropertyStore {
  const names: Commands = commands[kind];
  return {
    read: async (wanted, options) => {
      if (wanted.length === 0) return new Map();
      return readProperties(new Words(await call(names.read, [owner, ...wanted], options), names.read));
    },
    write: async (values, options) => {
      const entries = Object.entries(values);
      if (entries.length === 0) return;
      const words = entries.flatMap(([name, items]) => [name, String(items.length), ...items]);
      await call(names.write, [owner, String(entries.length), ...words], options);
    },
    delete: async (wanted, options) => {
      if (wanted.length > 0) await call(names.delete, [owner, ...wanted], options);
    },
    names: (filter = "*", options) =>
      // The class command takes no filter: it is applied here.
      names.names === "DbGetClassPropertyList"
        ? call(names.names, owner, options).then((found) => found.filter((name) => matches(filter, name)))
        : call(names.names, [owner, filter], options),
    history: async (name, options) =>
      readHistory(new Words(await call(names.history, [owner, name], options), names.history)),
  };
}

function readProperties(words: Words): ReadonlyMap<string, readonly string[]> {
  words.next();
  const found = new Map<string, readonly string[]>();
  for (let left = words.count(); left > 0; left--) {
    const name = words.next();
    const count = words.count();
    if (count > 0) found.set(name, words.take(count));
    // Device and free properties that are absent have one blank value after their count of 0.
    else if (words.peek() === " ") words.next();
  }
  return found;
}

function readHistory(words: Words): PropertyChange[] {
  const changes: PropertyChange[] = [];
  while (!words.atEnd) changes.push({ name: words.next(), date: words.next(), values: words.take(words.count()) });
  return changes;
}

/** `*` stands for anything; case is ignored, as everywhere in Tango. */
export function matches(filter: string, name: string): boolean {
  const pattern = filter.split("*").map(RegExp.escape).join(".*");
  return new RegExp(`^${pattern}$`, "is").test(name);
}
