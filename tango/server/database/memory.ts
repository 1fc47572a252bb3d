// SPDX-License-Identifier: MIT
// The configuration of one server in memory: for servers without a database, and behind a file.
import type {
  ClassRecord, DeviceExport, DeviceRecord, MemberRows, PropertyRows, ServerDatabase, ServerRecord,
} from "./port.ts"; // biome-ignore format: a list

/** Properties of a device or class as people write them: one value or several, text or numbers. */
export type PropertyInput = Readonly<Record<string, Scalar | readonly Scalar[]>>;
type Scalar = string | number | bigint | boolean;

/** Class name -> device name -> properties. */
export type DeviceInput = Readonly<Record<string, Readonly<Record<string, PropertyInput>>>>;

export const rowsOf = (input: PropertyInput): PropertyRows =>
  Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, (Array.isArray(value) ? value : [value]).map(String)]),
  );

type Rows = Record<string, readonly string[]>;
type Members = Record<string, Rows>;

interface Owner {
  name: string;
  properties: Rows;
  attributes: Members;
  pipes: Members;
}
export interface StoredClass extends Owner {
  devices: Owner[];
}

/** Everything of one server that is stored. */
export interface ServerStore {
  classes: StoredClass[];
  /** Of objects without a class in the server: the admin device, CtrlSystem. */
  others: Map<string, Owner>;
}

export const owner = (name: string): Owner => ({ name, properties: {}, attributes: {}, pipes: {} });

export function storeOf(devices: DeviceInput): ServerStore {
  const classes = Object.entries(devices).map(([name, members]) => ({
    ...owner(name),
    devices: Object.entries(members).map(([device, properties]) => ({
      ...owner(device),
      properties: { ...rowsOf(properties) },
    })),
  }));
  return { classes, others: new Map() };
}

const same = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();
/** The stored spelling of a name, or the given one when there is none. */
const spelled = (record: Readonly<Record<string, unknown>>, name: string) =>
  Object.keys(record).find((key) => same(key, name)) ?? name;

export class MemoryDatabase implements ServerDatabase {
  readonly kind: "none" | "file";
  readonly host = undefined;
  protected readonly store: ServerStore;

  constructor(store: ServerStore, kind: "none" | "file" = "none") {
    this.store = store;
    this.kind = kind;
  }

  /** Called after each change. */
  protected async changed(): Promise<void> {}

  async load(server: string): Promise<ServerRecord> {
    const admin = this.store.others.get(`dserver/${server}`.toLowerCase());
    return {
      classes: this.store.classes.map(snapshot),
      admin: { ...admin?.properties },
      adminClass: {},
      controlSystem: {},
    };
  }

  async exportDevices(_devices: readonly DeviceExport[]): Promise<void> {}
  async unexportServer(_server: string): Promise<void> {}
  async instances(_executable: string): Promise<readonly string[]> {
    return [];
  }
  async importDevice(_name: string): Promise<undefined> {}

  #owner(device: string): Owner {
    for (const { devices } of this.store.classes) {
      const found = devices.find(({ name }) => same(name, device));
      if (found) return found;
    }
    const key = device.toLowerCase();
    let other = this.store.others.get(key);
    if (!other) this.store.others.set(key, (other = owner(device)));
    return other;
  }

  async deviceProperties(device: string, names: readonly string[]): Promise<PropertyRows> {
    const { properties } = this.#owner(device);
    return Object.fromEntries(
      names.flatMap((name) => {
        const rows = properties[spelled(properties, name)];
        return rows ? [[name, rows] as const] : [];
      }),
    );
  }

  async putDeviceProperties(device: string, rows: PropertyRows): Promise<void> {
    put(this.#owner(device).properties, rows);
    await this.changed();
  }
  async deleteDeviceProperties(device: string, names: readonly string[]): Promise<void> {
    remove(this.#owner(device).properties, names);
    await this.changed();
  }
  async putAttributeProperties(device: string, attribute: string, rows: PropertyRows): Promise<void> {
    put(memberOf(this.#owner(device).attributes, attribute), rows);
    await this.changed();
  }
  async deleteAttributeProperties(device: string, attribute: string, names: readonly string[]): Promise<void> {
    remove(memberOf(this.#owner(device).attributes, attribute), names);
    await this.changed();
  }
  async putPipeProperties(device: string, pipe: string, rows: PropertyRows): Promise<void> {
    put(memberOf(this.#owner(device).pipes, pipe), rows);
    await this.changed();
  }
  async deletePipeProperties(device: string, pipe: string, names: readonly string[]): Promise<void> {
    remove(memberOf(this.#owner(device).pipes, pipe), names);
    await this.changed();
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}

function put(into: Rows, rows: PropertyRows): void {
  for (const [name, values] of Object.entries(rows)) into[spelled(into, name)] = values;
}
function remove(from: Rows, names: readonly string[]): void {
  for (const name of names) delete from[spelled(from, name)];
}
function memberOf(members: Members, name: string): Rows {
  const key = spelled(members, name);
  members[key] ??= {};
  return members[key];
}

const copyMembers = (members: Members): MemberRows =>
  Object.fromEntries(Object.entries(members).map(([name, rows]) => [name, { ...rows }]));
const device = ({ name, properties, attributes, pipes }: Owner): DeviceRecord => ({
  name,
  properties: { ...properties },
  attributes: copyMembers(attributes),
  pipes: copyMembers(pipes),
});
const snapshot = (stored: StoredClass): ClassRecord => ({ ...device(stored), devices: stored.devices.map(device) });
