// SPDX-License-Identifier: MIT
// An emulated IcePAP for those who have none: node servers/icepap/emulator/main.ts --port 5000 --axes 1,2,11
import { parseArgs } from "node:util";
import { emulateIcepap } from "./server.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "5000" },
    host: { type: "string", default: "127.0.0.1" },
    axes: { type: "string", default: "1,2,3,4" },
  },
});
const axes = values.axes.split(",").map((text) => {
  const address = Number(text);
  const slot = address % 10;
  if (!Number.isInteger(address) || address < 1 || address > 158 || slot < 1 || slot > 8)
    throw new RangeError(`--axes: "${text}" is no axis; an address is rack x 10 + slot, racks 0 to 15, slots 1 to 8`);
  return { address, name: `axis${address}`, low: -100_000, high: 100_000, home: 0 };
});
const emulator = await emulateIcepap({ axes, host: values.host, port: Number(values.port) });
console.log(`IcePAP with axes ${values.axes} on ${emulator.host}:${emulator.port}`);
