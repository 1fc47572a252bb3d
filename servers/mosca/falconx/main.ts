// SPDX-License-Identifier: MIT
// An emulated FalconX for trying things out: node servers/mosca/falconx/main.ts [port]. Default port: 8756, that of the real.
import { once } from "node:events";
import { startFalconXEmulator } from "./emulator.ts";

const [word = "8756"] = process.argv.slice(2);
await using emulator = await startFalconXEmulator({ port: Number(word) });
const end = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
console.log(`Emulated FalconX of ${emulator.channels.length} channels at 127.0.0.1:${emulator.port}`);
await end;
