// SPDX-License-Identifier: MIT
// Our device server beside the same class on cppTango and PyTango, called by one C++ client in one run: node bench/tango.ts
// Needs g++, Debian's libtango-dev and tango-db, and PyTango. ROUNDS and N change the client's counts.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { connect, controlSystem } from "../tango/index.ts";
import { python } from "../test/world/peers.ts";
import { run } from "../test/world/process.ts";
import { tangoStack } from "../test/world/tango-stack.ts";
import { compiled } from "./peers/compiled.ts";

const execute = promisify(execFile);
const here = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), "bench-tango-"));
await using resources = new AsyncDisposableStack();
resources.defer(() => rmSync(folder, { recursive: true, force: true }));
const build = (name: string) => compiled(join(here, `peers/${name}.cpp`), join(folder, name));
const [target, client, events] = await Promise.all(["target", "client", "events"].map(build));
if (!target || !client || !events) throw new Error("nothing compiled");

const stack = resources.use(await tangoStack({ tangoTest: false }));
await using system = controlSystem({ host: stack.host });
const servers = [
  { name: "cpp", command: [target] },
  { name: "ours", command: [process.execPath, join(here, "target.ts")] },
  { name: "py", command: [python, join(here, "peers/target.py")] },
] as const;
const deviceOf = (name: string) => `bench/${name}/1`;
for (const { name, command } of servers) {
  const server = name === "cpp" ? "target" : "BenchTarget";
  await system.database().addServer(`${server}/${name}`, [{ device: deviceOf(name), class: "BenchTarget" }]);
  const [program, ...args] = command;
  resources.use(await run(program, [...args, name], { env: stack.env, cwd: folder, ready: /Ready to accept request/ }));
}

const timed = async (program: string, devices: readonly string[], env: NodeJS.ProcessEnv) => {
  const { stdout } = await execute(program, devices, { env: { ...stack.env, ...env }, timeout: 300_000 });
  process.stdout.write(stdout);
};
const all = servers.map(({ name }) => deviceOf(name));
const two = all.slice(0, 2);
console.log("--- cppTango, ours, PyTango; over TCP");
await timed(client, all, { ORBclientTransportRule: "* tcp" });
console.log("--- the same over unix sockets, where the server offers one");
await timed(client, two, {});
console.log("--- events");
// cppTango keeps 1,000: of longer bursts its clients lose some.
for (const burst of [500, 900]) await timed(events, two, { BURST: String(burst) });
for (const burst of [2000, 20_000]) await timed(events, two.slice(1), { BURST: String(burst) });
await using device = await connect(deviceOf("ours"), { system });
const [now, peak] = (await device.call("Memory")) as Float64Array;
console.log(`memory of our server in MiB: ${now?.toFixed(0)}, at most ${peak?.toFixed(0)}`);
