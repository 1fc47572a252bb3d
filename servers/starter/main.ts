// SPDX-License-Identifier: MIT
// Starter <host>: starts, stops and watches the device servers of this host, for Astor and for itself.
import { hostname } from "node:os";
import { controlSystem, serve } from "../../tango/index.ts";
import { starterClass } from "./class.ts";
import { hostsOf, isDebugging, wrongHost } from "./host-name.ts";

const [wanted = "", ...rest] = process.argv.slice(2);
const [host = ""] = wanted.split(".");
const refusal = wrongHost(host, hostname(), process.env);
if (refusal) {
  console.error(refusal);
  process.exit(255);
}
await using system = controlSystem();
using starter = starterClass({ system, hosts: hostsOf(host, process.env), hurried: isDebugging(process.env) });
await serve({ server: "Starter", args: [host, ...rest].filter(Boolean), classes: [starter.deviceClass] });
