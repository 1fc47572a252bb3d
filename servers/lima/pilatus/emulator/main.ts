// SPDX-License-Identifier: MIT
// An emulated Pilatus to try things with: node servers/lima/pilatus/emulator/main.ts FOLDER [port]
import { emulatePilatus } from "./server.ts";

const [folder = ".", port = "41234"] = process.argv.slice(2);
await using camserver = await emulatePilatus({ folder, port: Number(port) });
console.log(`camserver of a Pilatus 100K at ${camserver.host}:${camserver.port}, images in ${folder}; Ctrl-C ends it`);
await new Promise((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
});
