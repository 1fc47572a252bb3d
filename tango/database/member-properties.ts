// SPDX-License-Identifier: MIT
// The properties of the attributes, or of the pipes, of one device or class.
import type { DatabaseCaller, DatabaseCallOptions } from "./caller.ts";
import type { DatabaseCommand } from "./command-table.ts";
import { Words } from "./words.ts";

/** Property values by property name. */
export type Properties = ReadonlyMap<string, readonly string[]>;

export interface MemberPropertyChange {
  readonly member: string;
  readonly name: string;
  /** `YYYY-MM-DD hh:mm:ss`, in the database's own time zone. */
  readonly date: string;
  readonly values: readonly string[];
}

export interface MemberPropertyStore {
  /** The properties of each of these members; one without properties has an empty map. */
  read(members: readonly string[], options?: DatabaseCallOptions): Promise<ReadonlyMap<string, Properties>>;
  /** Sets properties by member, then by property. */
  write(
    values: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
    options?: DatabaseCallOptions,
  ): Promise<void>;
  delete(member: string, properties: readonly string[], options?: DatabaseCallOptions): Promise<void>;
  /** Deletes everything known of a member. */
  deleteMember(member: string, options?: DatabaseCallOptions): Promise<void>;
  /** Names of the members that have properties. */
  members(filter?: string, options?: DatabaseCallOptions): Promise<readonly string[]>;
  /** The last changes of a property, oldest first; `*` in the names stands for anything. */
  history(member: string, property: string, options?: DatabaseCallOptions): Promise<readonly MemberPropertyChange[]>;
}

interface Commands {
  readonly read: DatabaseCommand;
  readonly write: DatabaseCommand;
  readonly delete: DatabaseCommand;
  readonly deleteMember: DatabaseCommand;
  readonly members: DatabaseCommand;
  readonly history: DatabaseCommand;
}

const commands = {
  "device attribute": {
    read: "DbGetDeviceAttributeProperty2",
    write: "DbPutDeviceAttributeProperty2",
    delete: "DbDeleteDeviceAttributeProperty",
    deleteMember: "DbDeleteDeviceAttribute",
    members: "DbGetDeviceAttributeList",
    history: "DbGetDeviceAttributePropertyHist",
  },
  "class attribute": {
    read: "DbGetClassAttributeProperty2",
    write: "DbPutClassAttributeProperty2",
    delete: "DbDeleteClassAttributeProperty",
    deleteMember: "DbDeleteClassAttribute",
    members: "DbGetClassAttributeList",
    history: "DbGetClassAttributePropertyHist",
  },
  "device pipe": {
    read: "DbGetDevicePipeProperty",
    write: "DbPutDevicePipeProperty",
    delete: "DbDeleteDevicePipeProperty",
    deleteMember: "DbDeleteDevicePipe",
    members: "DbGetDevicePipeList",
    history: "DbGetDevicePipePropertyHist",
  },
  "class pipe": {
    read: "DbGetClassPipeProperty",
    write: "DbPutClassPipeProperty",
    delete: "DbDeleteClassPipeProperty",
    deleteMember: "DbDeleteClassPipe",
    members: "DbGetClassPipeList",
    history: "DbGetClassPipePropertyHist",
  },
} as const satisfies Record<string, Commands>;
export type MemberKind = keyof typeof commands;

export function memberPropertyStore(call: DatabaseCaller, kind: MemberKind, owner: string): MemberPropertyStore {
  const names = commands[kind];
  return {
    read: async (members, options) => {
      if (members.length === 0) return new Map();
      return readMembers(new Words(await call(names.read, [owner, ...members], options), names.read));
    },
    write: async (values, options) => {
      const members = Object.entries(values);
      if (members.length === 0) return;
      const words = members.flatMap(([member, properties]) => [member, ...propertyWords(properties)]);
      await call(names.write, [owner, String(members.length), ...words], options);
    },
    delete: async (member, properties, options) => {
      if (properties.length > 0) await call(names.delete, [owner, member, ...properties], options);
    },
    deleteMember: async (member, options) => {
      await call(names.deleteMember, [owner, member], options);
    },
    members: (filter = "*", options) => call(names.members, [owner, filter], options),
    history: async (member, property, options) =>
      readHistory(new Words(await call(names.history, [owner, member, property], options), names.history)),
  };
}

function propertyWords(properties: Readonly<Record<string, readonly string[]>>): string[] {
  const entries = Object.entries(properties);
  return [String(entries.length), ...entries.flatMap(([name, values]) => [name, String(values.length), ...values])];
}

function readMembers(words: Words): ReadonlyMap<string, Properties> {
  words.next();
  const found = new Map<string, Properties>();
  for (let left = words.count(); left > 0; left--) {
    const member = words.next();
    const properties = new Map<string, readonly string[]>();
    for (let count = words.count(); count > 0; count--) properties.set(words.next(), words.take(words.count()));
    found.set(member, properties);
  }
  return found;
}

function readHistory(words: Words): MemberPropertyChange[] {
  const changes: MemberPropertyChange[] = [];
  while (!words.atEnd) {
    changes.push({ member: words.next(), name: words.next(), date: words.next(), values: words.take(words.count()) });
  }
  return changes;
}
