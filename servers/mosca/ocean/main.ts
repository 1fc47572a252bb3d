// SPDX-License-Identifier: MIT
// An emulated Ocean FX for trying things out: node servers/mosca/ocean/main.ts [port]. Default port: 57357, that of the real.
import { once } from "node:events";
import { startOceanEmulator } from "./emulator.ts";

const [word = "57357"] = process.argv.slice(2);
await using emulator = await startOceanEmulator({ port: Number(word) });
const end = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
console.log(`Emulated Ocean FX at 127.0.0.1:${emulator.port}`);
await end;
