// SPDX-License-Identifier: MIT
// DataBaseds 2 [--file PATH|:memory:] [--host ADDRESS] [--power-safe] [-ORBendPoint giop:tcp:host:port]: the Tango database
// of one SQLite file.
import { hostname } from "node:os";
import { type ControlSystem, controlSystem, serve } from "../../tango/index.ts";
import { databaseClass } from "./class.ts";
import { orExit, takeOptions } from "./options.ts";
import { OwnDatabase } from "./own-database.ts";
import { durable } from "./store/durable.ts";
import { openStore } from "./store/store.ts";
import { starterTeller } from "./tell-starters.ts";

const { file, host, powerSafe, rest } = orExit(() => takeOptions(process.argv.slice(2)));
using store = orExit(() => openStore(file, { powerSafe }));
await using clients = new AsyncDisposableStack();
let system: ControlSystem | undefined;
const own = () => (system ??= clients.use(controlSystem({ host: store.served.endpoint })));
const changes = durable(store, starterTeller(store, own));
await serve({
  server: "DataBaseds",
  args: rest,
  classes: [databaseClass(store, changes)],
  start: async ({ instance, endpoint }) => {
    const device = `sys/database/${instance}`;
    const where = { host: endpoint?.host || host, port: endpoint?.port ?? 10000 };
    const address = `${where.host || hostname()}:${where.port}`;
    store.served = { ...store.served, device, endpoint: address, since: store.now() };
    return { ...where, database: new OwnDatabase(store, changes, device), objectKeys: { database: device } };
  },
});
