// SPDX-License-Identifier: MIT
// How long a server of 1,000 devices takes from the start of its process until clients are served, and what memory it has
// then: cppTango's and ours on the real database, ours on the embedded one. node bench/tango-start.ts [DEVICES] [ROUNDS]
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { controlSystem } from "../tango/index.ts";
import { embeddedDatabase } from "../test/world/embedded-database.ts";
import { run } from "../test/world/process.ts";
import { tangoStack } from "../test/world/tango-stack.ts";
import { compiled } from "./peers/compiled.ts";

const [devices = 1000, rounds = 5] = process.argv.slice(2).map(Number);
const here = import.meta.dirname;
const folder = mkdtempSync(join(tmpdir(), "bench-start-"));
await using resources = new AsyncDisposableStack();
resources.defer(() => rmSync(folder, { recursive: true, force: true }));
const cpp = await compiled(join(here, "peers/target.cpp"), join(folder, "target"));
const real = resources.use(await tangoStack({ tangoTest: false }));
const embedded = resources.use(await embeddedDatabase());
const ours = [process.execPath, join(here, "target.ts")] as const;
const cases = [
  { name: "cppTango on the real database", server: "target/many", command: [cpp], database: real },
  { name: "ours on the real database", server: "BenchTarget/many", command: ours, database: real },
  { name: "ours on the embedded database", server: "BenchTarget/many", command: ours, database: embedded },
] as const;

const memory = (pid: number | undefined) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
const median = (values: readonly number[]) => values.toSorted((one, other) => one - other)[values.length >> 1] ?? 0;

const found = new Map<string, { readonly seconds: number[]; readonly memory: number[] }>();
for (const [index, { name, server, database }] of cases.entries()) {
  await using system = controlSystem({ host: database.host });
  const declared = Array.from({ length: devices }, (_, at) => ({
    device: `many/${index}/${at}`,
    class: "BenchTarget",
  }));
  await system.database().addServer(server, declared, { timeout: 120_000 });
  found.set(name, { seconds: [], memory: [] });
}
// As the launchers of bin/ do; the first start, not counted, fills it.
const NODE_COMPILE_CACHE = join(folder, "compiled");
for (let round = -1; round < rounds; round++) {
  for (const { name, command, database } of cases) {
    const [program, ...args] = command;
    const start = performance.now();
    await using server = await run(program, [...args, "many"], {
      env: { ...database.env, NODE_COMPILE_CACHE },
      cwd: folder,
      ready: /Ready to accept request/,
      patience: 120_000,
    });
    if (round < 0) continue;
    found.get(name)?.seconds.push((performance.now() - start) / 1000);
    found.get(name)?.memory.push(memory(server.child.pid));
  }
}
const base = median(found.get(cases[0].name)?.seconds ?? []);
for (const [name, { seconds, memory: used }] of found) {
  const time = median(seconds);
  console.log(
    `${name.padEnd(32)} ${time.toFixed(2)} s (${(time / base).toFixed(2)}x)  ${median(used).toFixed(0)} MiB  [${seconds.map((one) => one.toFixed(2)).join(" ")}]`,
  );
}
