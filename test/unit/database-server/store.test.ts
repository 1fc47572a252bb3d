// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { commands } from "../../../servers/database/commands/index.ts";
import { durable } from "../../../servers/database/store/durable.ts";
import { migrations } from "../../../servers/database/store/schema.ts";
import { openStore } from "../../../servers/database/store/store.ts";

function folder(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "database-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

test("a change is answered when it is in the file, and another process sees it", async () => {
  using place = folder();
  const file = join(place.path, "new/folder/tango.db");
  using store = openStore(file);
  const { change } = durable(store);
  const count = () => {
    using other = openStore(file);
    return other.properties.property.values(["o"], "p").length;
  };
  const changes = [1, 2, 3].map((n) =>
    change(() => commands.DbPutProperty(store, ["o", "1", "p", String(n), ...Array(n).fill("v")])),
  );
  expect(count()).toBe(0);
  await Promise.all(changes);
  expect(count()).toBe(3);
});

test("a change that fails undoes only itself", async () => {
  using store = openStore(":memory:");
  const { change } = durable(store);
  const good = change(() => commands.DbPutProperty(store, ["o", "1", "good", "1", "v"]));
  const bad = change(() => commands.DbPutProperty(store, ["o", "2", "first", "1", "v", "second", "2", "v"]));
  await expect(bad).rejects.toThrow("2 elements from 7 should be values of second, but only 1 are left");
  await good;
  expect(commands.DbGetPropertyList(store, ["o", "*"])).toEqual(["good"]);
});

test("a read during a change waits for the disk with it, later reads do not", async () => {
  using store = openStore(":memory:");
  const { change, read } = durable(store);
  const changed = change(() => commands.DbPutProperty(store, ["o", "1", "p", "1", "v"]));
  const early = read(() => store.properties.property.values(["o"], "p"));
  expect(early).toBeInstanceOf(Promise);
  await changed;
  expect(await early).toEqual(["v"]);
  expect(read(() => store.properties.property.values(["o"], "p"))).toEqual(["v"]);
});

test("a full disk fails the change with the reason, and what was there stays", async () => {
  using place = folder();
  using store = openStore(join(place.path, "tango.db"));
  const { change } = durable(store);
  await change(() => commands.DbPutProperty(store, ["o", "1", "p", "1", "kept"]));
  const pages = Number(Object.values(store.database.prepare("PRAGMA page_count").get() ?? {})[0]);
  store.database.exec(`PRAGMA max_page_count = ${pages + 5}`);
  const big = Array.from({ length: 1000 }, () => "x".repeat(1000));
  const before = change(() => commands.DbPutProperty(store, ["o", "1", "same turn", "1", "lost"]));
  const failing = change(() => commands.DbPutProperty(store, ["o", "1", "p", String(big.length), ...big]));
  await expect(failing).rejects.toThrow("database or disk is full");
  await expect(before).rejects.toThrow("database or disk is full");
  store.database.exec("PRAGMA max_page_count = 1000000");
  await change(() => commands.DbPutProperty(store, ["o", "1", "q", "1", "after"]));
  expect(commands.DbGetProperty(store, ["o", "p", "q"])).toEqual(["o", "2", "p", "1", "kept", "q", "1", "after"]);
});

test("a file of an older version is brought up to date with what it holds", () => {
  using place = folder();
  const file = join(place.path, "older.db");
  {
    using store = openStore(file);
    commands.DbPutProperty(store, ["o", "1", "p", "1", "kept"]);
    store.database.exec(
      "DROP INDEX device_exported; DROP INDEX device_name; DROP INDEX device_member; DROP INDEX device_long; PRAGMA user_version = 1; DELETE FROM device",
    );
  }
  using store = openStore(file);
  expect(commands.DbGetProperty(store, ["o", "p"])).toEqual(["o", "1", "p", "1", "kept"]);
  expect(store.sql.get`SELECT count(*) AS n FROM sqlite_schema WHERE name = 'device_exported'`).toEqual({ n: 1 });
  expect(commands.DbGetDeviceWideList(store, "*")).toEqual([]);
});

test("files that are not ours are left alone, with a message", () => {
  using place = folder();
  const newer = join(place.path, "newer.db");
  openStore(newer)[Symbol.dispose]();
  const database = new DatabaseSync(newer);
  database.exec(`PRAGMA user_version = ${migrations.length + 1}`);
  database.close();
  expect(() => openStore(newer)).toThrow(/newer\.db is of schema version \d, this program knows up to \d/);

  const foreign = join(place.path, "foreign.db");
  const other = new DatabaseSync(foreign);
  other.exec("CREATE TABLE t (a)");
  other.close();
  expect(() => openStore(foreign)).toThrow(/foreign\.db is an SQLite file of another program/);
  expect(() => openStore(place.path)).toThrow(`cannot open the database file ${place.path}`);
});

test("SELECT reads, and neither writes nor runs for ever", () => {
  using store = openStore(":memory:");
  const select = (text: string) => commands.DbMySqlSelect(store, text);
  expect(() =>
    select("select * from (with recursive n(i) as (select 1 union all select i+1 from n) select i from n)"),
  ).toThrow("Failed to query TANGO database (error=not authorized)");
  expect(() => select("load_extension('x')")).toThrow("Failed to query TANGO database");
  expect(select("name, count(*) from server group by name").svalue).toEqual(["tangoaccesscontrol/1", "1"]);
  expect(select("name, name, alias from server join device using (name)").lvalue).toEqual(Int32Array.of(0, 3));
  expect(select("name, name from server").svalue).toEqual(["tangoaccesscontrol/1", "tangoaccesscontrol/1"]);
  expect(select("count(*) from device where name in (select device from property_device)").svalue).toEqual(["0"]);
  expect(select("d.name from property_device p join device d on d.name = p.device").lvalue).toEqual(
    Int32Array.of(0, 1),
  );
  for (const product of [
    "count(*) from device a, device b",
    "count(*) from device a join device b on a.name < b.name",
    "name, (select count(*) from property_device p where p.value = device.name) from device",
    "name from device where exists (select 1 from property_device p where p.value like device.name)",
  ])
    expect(() => select(product), product).toThrow("goes through every row of one table for every row of another");
  for (const large of ["hex(zeroblob(500000000))", "printf('%1000000000d', 1)", "randomblob(1000000000)"])
    expect(() => select(large), large).toThrow("Failed to query TANGO database (error=not authorized");
  // The server's own statements are not restrained by what SELECT may do.
  commands.DbPutProperty(store, ["o", "1", "p", "1", "v"]);
});

test("wrong counts are told by name", () => {
  using store = openStore(":memory:");
  const put = (...argument: string[]) => commands.DbPutDeviceProperty(store, argument);
  expect(() => put("a/b/c", "x", "p", "1", "v")).toThrow(
    'element 1 of the argument should be the number of properties, not "x"',
  );
  expect(() => put("a/b/c", "1", "p", "-1")).toThrow(
    'element 3 of the argument should be the number of values of p, not "-1"',
  );
  expect(() => put("a/b/c", "1", "p", "99999999999")).toThrow(
    "99999999999 elements from 4 should be values of p, but only 0 are left",
  );
  expect(() => put("a/b/c", "2", "p", "0")).toThrow(
    "element 4 of the argument should be the name of a property, but it has only 4",
  );
});

test("who starts servers on a host is told when something there changed", () => {
  using store = openStore(":memory:");
  const told = (change: () => void) => {
    store.changedHosts.clear();
    change();
    return [...store.changedHosts];
  };
  const exported = (device: string, host: string) => () =>
    commands.DbExportDevice(store, [device, "IOR:00", host, "1", "5"]);
  expect(told(exported("sys/tg_test/1", "h1"))).toEqual([]);
  expect(told(exported("dserver/TangoTest/test", "h1"))).toEqual(["h1"]);
  expect(told(exported("dserver/TangoTest/test", "h2"))).toEqual(["h2", "h1"]);
  expect(told(() => commands.DbPutServerInfo(store, ["TangoTest/test", "", "1", "1"]))).toEqual(["h2"]);
  expect(told(() => commands.DbRenameServer(store, ["TangoTest/test", "TangoTest/other"]))).toEqual(["h2"]);
  expect(told(() => commands.DbDeleteServer(store, "TangoTest/other"))).toEqual(["h2"]);
});

test("a filter finds the same devices whichever way they are looked up", () => {
  using store = openStore(":memory:");
  const names = ["a/x/mot1", "a/y/MOT2", "A/y/motor", "b/x/mot3", "a/x/mo_t", "a/x/y/mot4", "a/x/ymot", "a/mot/x"];
  for (const name of names) commands.DbAddDevice(store, ["S/1", name, "C"]);
  const found = (filter: string) => commands.DbGetDeviceWideList(store, filter);
  expect(found("a/*/mot*")).toEqual(["a/x/mot1", "a/x/y/mot4", "a/y/MOT2", "A/y/motor"]);
  expect(found("*/x/mot*")).toEqual(["a/x/mot1", "b/x/mot3"]);
  expect(found("*/*/mo_t")).toEqual(["a/x/mo_t"]);
  expect(found("*/*/mot*1")).toEqual(["a/x/mot1"]);
  expect(found("*/*/*t1")).toEqual(["a/x/mot1"]);
  expect(found("a/x/mot*")).toEqual(["a/x/mot1"]);
  expect(found("*mot*")).toHaveLength(7);
  expect(found("a/*/x/*")).toEqual([]);
  expect(found("*/x/*/mot*")).toEqual(["a/x/y/mot4"]);
});
