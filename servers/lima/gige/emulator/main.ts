// SPDX-License-Identifier: MIT
// An emulated GigE Vision camera to try things with: node servers/lima/gige/emulator/main.ts 127.0.0.5 [width height]
import { emulateGige } from "./camera.ts";

const [address = "127.0.0.1", width = "640", height = "480"] = process.argv.slice(2);
await using camera = await emulateGige({ address, sensor: { width: Number(width), height: Number(height) } });
console.log(`GigE Vision camera at ${camera.address}:${camera.port}, ${width} x ${height} pixels; Ctrl-C ends it`);
await new Promise((resolve) => {
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
});
