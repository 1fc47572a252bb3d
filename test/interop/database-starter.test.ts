// SPDX-License-Identifier: MIT
// The embedded database tells the Starter of a host when something about the host's servers changed.
import { expect, test } from "vitest";
import { controlSystem, DevVoid, deviceClass, startServer } from "../../tango/index.ts";
import { command, defineInterface } from "../../tango/interface.ts";
import { embeddedDatabase } from "../world/embedded-database.ts";

const starter = defineInterface({ name: "Starter", commands: { UpdateServersInfo: command(DevVoid, DevVoid) } });

test("the Starter of the host is told, others are not; a property keeps the database quiet", async () => {
  await using embedded = await embeddedDatabase();
  await using system = controlSystem({ host: embedded.host });
  const database = system.database();
  const told: string[] = [];
  const starters = ["here", "there"].map((host) => ({ device: `tango/admin/${host}`, class: "Starter" }));
  await database.addServer("Starter/all", starters);
  await database.addServer("S/1", [{ device: "a/b/1", class: "A" }]);
  await using _server = await startServer({
    server: "Starter/all",
    classes: [deviceClass(starter, ({ name }) => ({ UpdateServersInfo: () => void told.push(name) }))],
    database: embedded.host,
  });
  const now = async (names: string[]) => {
    await expect.poll(() => told.toSorted(), { timeout: 5_000 }).toEqual(names);
    told.length = 0;
  };
  const admin = { device: "dserver/S/1", ior: "IOR:00", pid: 1, version: "5" };
  await database.putServerInfo({ server: "S/1", host: "here.example.org", mode: 1, level: 1 });
  await now(["tango/admin/here"]);
  await database.exportDevice({ ...admin, host: "here" });
  await now(["tango/admin/here"]);
  await database.exportDevice({ ...admin, host: "there" });
  await now(["tango/admin/here", "tango/admin/there"]);
  await database.exportDevice({ ...admin, device: "a/b/1", host: "here" });
  await database.addDevice("S/1", { device: "a/b/2", class: "A" });
  await database.objectProperties("Default").write({ FireToStarter: ["false"] });
  await database.deleteServer("S/1");
  // Nothing of the last four told anybody: what is told next comes alone.
  await database.objectProperties("Default").delete(["FireToStarter"]);
  await database.addServer("S/2", [{ device: "a/b/3", class: "A" }]);
  await database.exportDevice({ ...admin, device: "dserver/S/2", host: "here" });
  await now(["tango/admin/here"]);
});
