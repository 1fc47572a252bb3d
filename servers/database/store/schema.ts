// SPDX-License-Identifier: MIT
// The tables, under the names and columns of Tango's own MySQL schema, because tools send SELECTs for them (DbMySqlSelect).
// Names compare without regard to case, as there; NOCASE is ASCII only, which is what Tango names are made of.

const name = "TEXT NOT NULL COLLATE NOCASE";

/** A table of property values, one row an array element, and its history; `keys` say whose property it is. */
const properties = (table: string, keys: readonly string[]) => `
  CREATE TABLE ${table} (
    ${keys.map((key) => `${key} ${name},`).join(" ")} name ${name}, count INTEGER NOT NULL, value TEXT NOT NULL,
    updated TEXT NOT NULL DEFAULT (datetime('now', 'localtime')),
    PRIMARY KEY (${keys.join(", ")}, name, count)
  ) WITHOUT ROWID;
  CREATE TABLE ${table}_hist (
    id INTEGER NOT NULL, date TEXT NOT NULL, ${keys.map((key) => `${key} ${name},`).join(" ")}
    name ${name}, count INTEGER NOT NULL, value TEXT NOT NULL
  );
  CREATE INDEX ${table}_hist_id ON ${table}_hist (id);
  CREATE INDEX ${table}_hist_name ON ${table}_hist (${keys.join(", ")}, name, id);`;

/** Tables of properties and whose they are. */
export const propertyTables = {
  property: ["object"],
  property_class: ["class"],
  property_device: ["device"],
  property_attribute_class: ["class", "attribute"],
  property_attribute_device: ["device", "attribute"],
  property_pipe_class: ["class", "pipe"],
  property_pipe_device: ["device", "pipe"],
} as const;
export type PropertyTable = keyof typeof propertyTables;

const first = `
  CREATE TABLE device (
    name ${name} PRIMARY KEY, alias TEXT COLLATE NOCASE UNIQUE,
    domain ${name}, family ${name}, member ${name},
    exported INTEGER NOT NULL DEFAULT 0, ior TEXT NOT NULL DEFAULT 'nada', host ${name} DEFAULT 'nada',
    server ${name}, pid INTEGER NOT NULL DEFAULT 0, class ${name}, version TEXT NOT NULL DEFAULT '0',
    started TEXT, stopped TEXT, comment TEXT
  ) WITHOUT ROWID;
  CREATE INDEX device_server ON device (server, class);
  CREATE INDEX device_class ON device (class);
  CREATE INDEX device_host ON device (host, server);
  CREATE TABLE server (
    name ${name} PRIMARY KEY, host ${name} DEFAULT '', mode INTEGER NOT NULL DEFAULT 0, level INTEGER NOT NULL DEFAULT 0
  ) WITHOUT ROWID;
  CREATE TABLE event (
    name ${name} PRIMARY KEY, exported INTEGER NOT NULL, ior TEXT NOT NULL, host ${name}, server ${name} DEFAULT '',
    pid INTEGER NOT NULL, version TEXT NOT NULL, started TEXT, stopped TEXT
  ) WITHOUT ROWID;
  CREATE TABLE attribute_alias (
    alias ${name} PRIMARY KEY, name ${name} UNIQUE, device ${name}, attribute ${name}
  ) WITHOUT ROWID;
  CREATE INDEX attribute_alias_device ON attribute_alias (device);
  CREATE TABLE access_address (
    user ${name}, address ${name}, netmask TEXT NOT NULL DEFAULT 'FF.FF.FF.FF', PRIMARY KEY (user, address)
  ) WITHOUT ROWID;
  CREATE TABLE access_device (
    user ${name}, device ${name}, rights ${name}, PRIMARY KEY (user, device, rights)
  ) WITHOUT ROWID;
  ${Object.entries(propertyTables)
    .map(([table, keys]) => properties(table, keys))
    .join("")}`;

/** Few of many devices run: listing those need not look at the others. */
const second = "CREATE INDEX device_exported ON device (exported, name)";

/** Names alone: a search by wildcard need not read past every device's long IOR. */
const third = "CREATE INDEX device_name ON device (name)";

/** A search by member; members with a slash in them are few, and found apart. */
const fourth = `CREATE INDEX device_member ON device (member);
  CREATE INDEX device_long ON device (name) WHERE instr(member, '/') > 0`;

/** One script a schema version; a file of an older version is brought up to date when it is opened. */
export const migrations: readonly string[] = [first, second, third, fourth];
