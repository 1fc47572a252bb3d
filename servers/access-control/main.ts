// SPDX-License-Identifier: MIT
// TangoAccessControl 1 [--file PATH]: who may write to what, kept in the tables of the embedded database.
import { serve } from "../../tango/index.ts";
import { orExit, takeOptions } from "../database/options.ts";
import { durable } from "../database/store/durable.ts";
import { openStore } from "../database/store/store.ts";
import { accessControlClass } from "./class.ts";

const { file, rest } = orExit(() => takeOptions(process.argv.slice(2)));
if (file === ":memory:") {
  console.error(
    "TangoAccessControl shares the file of DataBaseds, and a database in memory has none: give both --file",
  );
  process.exit(255);
}
// Who may write is changed seldom: each change waits for the disk.
using store = orExit(() => openStore(file, { powerSafe: true }));
await serve({ server: "TangoAccessControl", args: rest, classes: [accessControlClass(store, durable(store))] });
