// SPDX-License-Identifier: MIT
// The database client: every method beside the one of PyTango's Database that does the same, on the real DataBaseds and on
// ours. What ours writes PyTango reads, and the other way round.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ControlSystem, Database } from "../../tango/index.ts";
import { controlSystem } from "../../tango/index.ts";
import { embeddedDatabase } from "../world/embedded-database.ts";
import { describeWith } from "../world/peers.ts";
import { type PyTangoClient, pyTangoClient } from "../world/pytango.ts";
import { tangoStack } from "../world/tango-stack.ts";

type Ask = (database: Database) => Promise<unknown>;
/** One question in our words and in PyTango's. */
type Row = readonly [what: string, ours: Ask, theirs: string];

const plain = (value: unknown): unknown => (value instanceof Map ? Object.fromEntries(value) : value);
const properties = (read: (database: Database) => Promise<ReadonlyMap<string, unknown>>): Ask => {
  return async (database) => plain(await read(database));
};

const device = "test/db/1";
const listings: readonly Row[] = [
  ["devices of a server", (db) => db.devicesOf("Db/one", "Db"), `list(db.get_device_name("Db/one", "Db"))`],
  ["devices that run", (db) => db.exportedDevices("test/*"), `list(db.get_device_exported("test/*"))`],
  [
    "devices of a class that run",
    (db) => db.exportedDevicesOfClass("Db"),
    `list(db.get_device_exported_for_class("Db"))`,
  ],
  ["domains", (db) => db.domains("te*"), `list(db.get_device_domain("te*"))`],
  ["families", (db) => db.families("test/*"), `list(db.get_device_family("test/*"))`],
  ["members", (db) => db.members("test/db/*"), `list(db.get_device_member("test/db/*"))`],
  ["class of a device", (db) => db.classOf(device), `db.get_class_for_device("${device}")`],
  ["its ancestors", (db) => db.classesOf(device), `list(db.get_class_inheritance_for_device("${device}"))`],
  ["classes", (db) => db.classes("D*"), `list(db.get_class_list("D*"))`],
  ["servers", (db) => db.servers("Db/*"), `list(db.get_server_list("Db/*"))`],
  ["names of servers", (db) => db.serverNames(), `list(db.get_server_name_list())`],
  ["instances", (db) => db.instances("Db"), `list(db.get_instance_name_list("Db"))`],
  ["classes of a server", (db) => db.classesOfServer("Db/one"), `list(db.get_server_class_list("Db/one"))`],
  [
    "devices and classes of a server",
    async (db) => (await db.devicesOfServer("Db/one")).flatMap((each) => [each.device, each.class]),
    `list(db.get_device_class_list("Db/one"))`,
  ],
  ["hosts", (db) => db.hosts("nowhere*"), `list(db.get_host_list("nowhere*"))`],
  ["servers of a host", (db) => db.serversOfHost("nowhere"), `list(db.get_host_server_list("nowhere"))`],
  ["aliases", (db) => db.aliases("d*"), `list(db.get_device_alias_list("d*"))`],
  ["alias of a device", (db) => db.aliasOf(device), `db.get_alias_from_device("${device}")`],
  ["device of an alias", (db) => db.deviceOfAlias("dbone"), `db.get_device_from_alias("dbone")`],
  ["attribute aliases", (db) => db.attributeAliases("s*"), `list(db.get_attribute_alias_list("s*"))`],
  ["attribute of an alias", (db) => db.attributeOfAlias("speed"), `db.get_attribute_from_alias("speed")`],
  [
    "alias of an attribute",
    (db) => db.aliasOfAttribute(`${device}/Speed`),
    `db.get_alias_from_attribute("${device}/Speed")`,
  ],
  ["objects", (db) => db.objects("Fr*"), `list(db.get_object_list("Fr*"))`],
  [
    "names of free properties",
    (db) => db.objectProperties("Free").names(),
    `list(db.get_object_property_list("Free", "*"))`,
  ],
  [
    "free properties",
    properties((db) => db.objectProperties("Free").read(["Colours", "Number"])),
    `{k: list(v) for k, v in db.get_property("Free", ["Colours", "Number"]).items()}`,
  ],
  [
    "names of device properties",
    (db) => db.deviceProperties(device).names("H*"),
    `list(db.get_device_property_list("${device}", "H*"))`,
  ],
  [
    "device properties",
    properties((db) => db.deviceProperties(device).read(["Host", "Axes"])),
    `{k: list(v) for k, v in db.get_device_property("${device}", ["Host", "Axes"]).items()}`,
  ],
  ["names of class properties", (db) => db.classProperties("Db").names(), `list(db.get_class_property_list("Db"))`],
  [
    "class properties",
    properties((db) => db.classProperties("Db").read(["Doc"])),
    `{k: list(v) for k, v in db.get_class_property("Db", ["Doc"]).items()}`,
  ],
  [
    "attributes with properties",
    (db) => db.deviceAttributeProperties(device).members(),
    `list(db.command_inout("DbGetDeviceAttributeList", ["${device}", "*"]))`,
  ],
  [
    "attribute properties",
    async (db) => plain((await db.deviceAttributeProperties(device).read(["Speed"])).get("Speed")),
    `{k: list(v) for k, v in db.get_device_attribute_property("${device}", ["Speed"])["Speed"].items()}`,
  ],
  [
    "class attributes",
    (db) => db.classAttributeProperties("Db").members(),
    `list(db.get_class_attribute_list("Db", "*"))`,
  ],
  [
    "class attribute properties",
    async (db) => plain((await db.classAttributeProperties("Db").read(["Speed"])).get("Speed")),
    `{k: list(v) for k, v in db.get_class_attribute_property("Db", ["Speed"])["Speed"].items()}`,
  ],
  [
    "how Starter treats the servers of a host",
    async (db) =>
      (await db.serverInfosOfHost("nowhere")).flatMap(({ server, mode, level }) => [server, `${mode}`, `${level}`]),
    `list(db.command_inout("DbGetHostServersInfo", "nowhere"))`,
  ],
  [
    "forwarded attributes",
    (db) => db.forwardedAttributes(device),
    `list(db.command_inout("DbGetForwardedAttributeListForDevice", "${device}"))`,
  ],
  [
    "what a server needs to start",
    (db) => db.serverCache("Db/one", "nowhere%%9"),
    `list(db.command_inout("DbGetDataForServerCache", ["Db/one", "nowhere%%9"]))`,
  ],
  ["devices", (db) => db.devices("test/*"), `list(db.command_inout("DbGetDeviceWideList", "test/*"))`],
  [
    "how Starter treats a server",
    async (db) => Object.values(await db.serverInfo("Db/one")),
    `[(i := db.get_server_info("Db/one")).name, i.host, i.mode, i.level]`,
  ],
  [
    "what a device was exported with",
    async (db) => {
      const { device: name, ior, version, server, class: type, exported, pid } = await db.deviceInfo(device);
      return [name, ior, version, server, type, exported, pid];
    },
    `[(i := db.get_device_info("${device}")).name, i.ior, i.version, i.ds_full_name, i.class_name, bool(i.exported), i.pid]`,
  ],
  [
    "where a device is",
    async (db) => {
      const { device: name, ior, version, server, exported } = await db.importDevice(device);
      return [name, ior, version, server, exported];
    },
    `[(i := db.import_device("${device}")).name, i.ior, i.version, "Db/one", bool(i.exported)]`,
  ],
  [
    "services",
    async (db) => (await db.services()).map((each) => `${each.name}/${each.instance}:${each.device}`),
    `list(db.get_property("CtrlSystem", "Services")["Services"])`,
  ],
  ["the first line about the database", async (db) => (await db.info())[0], `db.get_info().split("\\n")[0]`],
];

/** The history of a property, newest last: its values at each change. */
const histories: readonly Row[] = [
  [
    "device property",
    async (db) => (await db.deviceProperties(device).history("Host")).map(({ values }) => values),
    `[list(h.get_value().value_string) for h in db.get_device_property_history("${device}", "Host")]`,
  ],
  [
    "free property",
    async (db) => (await db.objectProperties("Free").history("Number")).map(({ values }) => values),
    `[list(h.get_value().value_string) for h in db.get_property_history("Free", "Number")]`,
  ],
  [
    "class property",
    async (db) => (await db.classProperties("Db").history("Doc")).map(({ values }) => values),
    `[list(h.get_value().value_string) for h in db.get_class_property_history("Db", "Doc")]`,
  ],
  [
    "attribute property",
    async (db) => (await db.deviceAttributeProperties(device).history("Speed", "unit")).map(({ values }) => values),
    `[list(h.get_value().value_string) for h in db.get_device_attribute_property_history("${device}", "Speed", "unit")]`,
  ],
  [
    "class attribute property",
    async (db) => (await db.classAttributeProperties("Db").history("Speed", "label")).map(({ values }) => values),
    `[list(h.get_value().value_string) for h in db.get_class_attribute_property_history("Db", "Speed", "label")]`,
  ],
];

/** PyTango 10 has dropped the pipes of the database: these are asked of PyTango 9.3. */
const pipes: readonly Row[] = [
  [
    "pipes with properties",
    (db) => db.devicePipeProperties(device).members(),
    `list(db.command_inout("DbGetDevicePipeList", ["${device}", "*"]))`,
  ],
  [
    "pipe properties",
    async (db) => plain((await db.devicePipeProperties(device).read(["Stream"])).get("Stream")),
    `{k: list(v) for k, v in db.get_device_pipe_property("${device}", ["Stream"])["Stream"].items()}`,
  ],
  ["class pipes", (db) => db.classPipeProperties("Db").members(), `list(db.get_class_pipe_list("Db", "*"))`],
  [
    "class pipe properties",
    async (db) => plain((await db.classPipeProperties("Db").read(["Stream"])).get("Stream")),
    `{k: list(v) for k, v in db.get_class_pipe_property("Db", ["Stream"])["Stream"].items()}`,
  ],
  [
    "pipe property",
    async (db) => (await db.devicePipeProperties(device).history("Stream", "label")).map(({ values }) => values),
    `[list(h.get_value().value_string) for h in db.get_device_pipe_property_history("${device}", "Stream", "label")]`,
  ],
  [
    "class pipe property",
    async (db) => (await db.classPipeProperties("Db").history("Stream", "description")).map(({ values }) => values),
    `[list(h.get_value().value_string) for h in db.get_class_pipe_property_history("Db", "Stream", "description")]`,
  ],
];

async function write(db: Database): Promise<void> {
  await db.addServer("Db/one", [
    { device, class: "Db" },
    { device: "test/db/2", class: "Db" },
  ]);
  await db.addDevice("Db/two", { device: "test/db/3", class: "Other" });
  await db.putAlias(device, "dbone");
  await db.putAttributeAlias(`${device}/Speed`, "speed");
  await db.objectProperties("Free").write({ Colours: ["red", "light blue", ""], Number: ["1"] });
  await db.objectProperties("Free").write({ Number: ["2"] });
  await db.deviceProperties(device).write({ Host: ["a"], Axes: ["x", "y"] });
  await db.deviceProperties(device).write({ Host: ["b"] });
  await db.classProperties("Db").write({ Doc: ["one", "two"], InheritedFrom: ["Device_5Impl"] });
  await db
    .deviceAttributeProperties(device)
    .write({ Speed: { unit: ["mm/s"], list: ["1", "2"] }, Other: { unit: ["s"] } });
  await db.deviceAttributeProperties(device).delete("Other", ["unit"]);
  await db.classAttributeProperties("Db").write({ Speed: { label: ["Velocity"] } });
  await db.devicePipeProperties(device).write({ Stream: { label: ["one"], list: ["1", "2"] } });
  await db.devicePipeProperties(device).write({ Stream: { label: ["two"] } });
  await db.classPipeProperties("Db").write({ Stream: { description: ["what flows"] } });
  await db.deviceAttributeProperties("test/db/3").write({ Forwarded: { __root_att: [`${device}/Speed`] } });
  await db.putServerInfo({ server: "Db/one", host: "nowhere", mode: 1, level: 3 });
  await db.exportDevice({ device, ior: "IOR:01", host: "nowhere", pid: 42, version: "6" });
  await db.registerService({ name: "Logger", instance: "one", device: "test/log/1" });
  await db.registerService({ name: "Logger", instance: "two", device: "test/log/2" });
  await db.registerService({ name: "logger", instance: "ONE", device: device });
  await db.unregisterService({ name: "Logger", instance: "two" });
}

const places = {
  "the real DataBaseds": () => tangoStack({ tangoTest: false }),
  "our database": embeddedDatabase,
} as const;

describeWith(["DataBaseds on MariaDB", "PyTango 9.3", "PyTango 10.3"], "the database's client", () => {
  describe.each(["the real DataBaseds", "our database"] as const)("of %s", (which) => {
    const resources = new AsyncDisposableStack();
    let system: ControlSystem;
    let db: Database;
    let client: PyTangoClient;
    let older: PyTangoClient;
    beforeAll(async () => {
      const { host } = resources.use(await places[which]());
      system = resources.use(controlSystem({ host }));
      db = system.database();
      client = resources.use(await pyTangoClient("PyTango 10.3", { TANGO_HOST: host }));
      older = resources.use(await pyTangoClient("PyTango 9.3", { TANGO_HOST: host }));
      for (const each of [client, older]) await each.py("db = tango.Database()");
      await write(db);
    }, 60_000);
    afterAll(() => resources.disposeAsync());

    test.each([...listings, ...histories])("%s", async (_what, ours, theirs) => {
      expect(await ours(db)).toEqual(await client.py(theirs));
    });

    test.each(pipes)("%s", async (_what, ours, theirs) => {
      expect(await ours(db)).toEqual(await older.py(theirs));
    });

    test("what is deleted is gone for both", async () => {
      await db.deviceProperties(device).delete(["Axes"]);
      await db.deleteAttributeAlias("speed");
      await db.deleteAlias("dbone");
      await db.deleteAllAttributeProperties(device, ["Speed"]);
      await db.unexportDevice(device);
      await db.renameServer("Db/two", "Db/three");
      await db.deleteServerInfo("Db/one");
      await db.deleteAllPipeProperties(device, ["Stream"]);
      await db.classPipeProperties("Db").delete("Stream", ["description"]);
      await db.classAttributeProperties("Db").delete("Speed", ["label"]);
      await db.classProperties("Db").delete(["Doc"]);
      await db.objectProperties("Free").delete(["Number"]);
      expect(
        await older.py(`[
          list(db.command_inout("DbGetDevicePipeList", ["${device}", "*"])), list(db.get_class_property_list("Db")),
          dict(db.get_class_attribute_property("Db", ["Speed"])["Speed"]),
          dict(db.get_class_pipe_property("Db", ["Stream"])["Stream"]), list(db.get_object_property_list("Free", "*"))]`),
      ).toEqual([[], ["InheritedFrom"], {}, {}, ["Colours"]]);
      await db.deleteDevice("test/db/2");
      expect(
        await client.py(`[
          list(db.get_device_property("${device}", "Axes")["Axes"]), list(db.get_attribute_alias_list("s*")),
          list(db.get_device_alias_list("d*")), list(db.command_inout("DbGetDeviceAttributeList", ["${device}", "*"])),
          bool(db.get_device_info("${device}").exported), list(db.get_server_list("Db/*")),
          list(db.get_device_name("Db/one", "Db"))]`),
      ).toEqual([[], [], [], [], false, ["Db/one", "Db/three"], [device]]);
      await db.deleteServer("Db/one");
      expect(await db.servers("Db/*")).toEqual(["Db/three"]);
    });

    test("tables by SQL, other databases, events", async () => {
      const { rows } = await db.select('name, alias FROM device WHERE name = "test/db/3"');
      expect(rows).toEqual([["test/db/3", null]]);
      expect((await db.databaseServers()).length).toBeGreaterThan(0);
      await db.exportEvent({
        channel: "test/db/channel",
        ior: "IOR:02",
        host: "nowhere",
        pid: 7,
        version: "6",
        exported: true,
      });
      expect(await db.importEvent("test/db/channel")).toMatchObject({ ior: "IOR:02", pid: 7, exported: true });
      await db.unexportEvent("test/db/channel");
      expect((await db.importEvent("test/db/channel")).exported).toBe(false);
    });
  });
});

test("of several database servers the next one answers when the first has gone, and while it is away", async () => {
  await using second = await embeddedDatabase();
  await using first = await embeddedDatabase();
  await using system = controlSystem({ host: `${first.host},${second.host}` });
  const db = system.database();
  await db.addServer("Only/first", [{ device: "only/first/1", class: "Only" }]);
  expect(await db.devices("only/*")).toEqual(["only/first/1"]);
  await first[Symbol.asyncDispose]();
  expect(await db.devices("only/*")).toEqual([]);
  await db.addServer("Only/second", [{ device: "only/second/1", class: "Only" }]);
  expect(await db.devices("only/*")).toEqual(["only/second/1"]);
  await second[Symbol.asyncDispose]();
  await expect(db.devices("only/*")).rejects.toMatchObject({
    errors: [{ reason: "API_CorbaException" }, { reason: "API_CantConnectToDatabase" }],
  });
});
