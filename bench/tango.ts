// SPDX-License-Identifier: MIT
// Our device server beside the same class on cppTango, called by one C++ client in one run: node bench/tango.ts
// Needs g++ and Debian's libtango-dev. Both over TCP; ROUNDS, N and BURST change the client's counts.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "../tango/index.ts";
import { freePorts } from "../test/world/ports.ts";
import { run } from "../test/world/process.ts";
import { compiled } from "./cpp.ts";

const here = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), "bench-tango-"));
await using stack = new AsyncDisposableStack();
stack.defer(() => rmSync(folder, { recursive: true, force: true }));

const [cpp, ours] = (await freePorts(2)) as [number, number];
const options = (port: number) => ["b", "-nodb", "-dlist", "bench/t/1", "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
const ready = /Ready to accept request/;
const env = { ...process.env, ORBclientTransportRule: "* tcp" };
stack.use(await run(compiled("target", folder), options(cpp), { ready, cwd: folder }));
stack.use(await run(process.execPath, [join(here, "target.ts"), ...options(ours)], { ready }));
const urls = [cpp, ours].map((port) => `tango://127.0.0.1:${port}/bench/t/1#dbase=no`);

const client = (name: string, targets: readonly string[], burst = 0) =>
  execFileSync(compiled(name, folder), targets, {
    env: { ...env, BURST: String(burst) },
    stdio: "inherit",
    timeout: 300_000,
  });
console.log("cppTango, then ours");
client("client", urls);
// No more than cppTango keeps: a longer burst loses events there, and its client does not survive that.
client("events", urls, 900);
client("events", urls.slice(1), 20_000);
await using device = await connect(urls[1] ?? "");
const [now, peak] = (await device.call("Memory")) as Float64Array;
console.log(`memory of our server in MiB: ${now?.toFixed(0)}, at most ${peak?.toFixed(0)}`);
