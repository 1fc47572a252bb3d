// SPDX-License-Identifier: MIT
// Our client beside PyTango's, on the same C++ TangoTest, in one run: node bench/client.ts
// Both over TCP unless BANDONEON_BENCH=unix lets ours take omniORB's unix socket where the server offers it.
import { execFileSync } from "node:child_process";
import { connect, controlSystem, type DeviceProxy } from "../tango/index.ts";
import { tcp } from "../tango/transport/index.ts";
import { python } from "../test/world/peers.ts";
import { tangoStack } from "../test/world/tango-stack.ts";

const TURNS = 4000;
const ROUNDS = 5;
const NAMES = [
  "double_scalar", "float_scalar", "long_scalar", "short_scalar", "boolean_scalar", "string_scalar", "ulong_scalar",
  "ushort_scalar", "uchar_scalar", "long64_scalar", "ulong64_scalar", "double_scalar_rww", "double_scalar_w", "State",
  "Status", "wave", "double_spectrum_ro", "long_spectrum_ro", "float_spectrum_ro", "short_spectrum_ro",
] as const; // biome-ignore format: a list

/** The best of several rounds, in microseconds a turn. */
async function microseconds(turns: number, round: (turns: number) => Promise<unknown>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let count = 0; count < ROUNDS; count++) {
    const start = performance.now();
    await round(turns);
    best = Math.min(best, ((performance.now() - start) * 1000) / turns);
  }
  return best;
}

async function oneAfterAnother(turns: number, job: () => Promise<unknown>): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await job();
}
/** `width` callers, each awaiting its own reads. */
const inFlight = (turns: number, width: number, job: () => Promise<unknown>) =>
  Promise.all(Array.from({ length: width }, () => oneAfterAnother(turns / width, job)));

async function ours(device: DeviceProxy): Promise<Record<string, number>> {
  await device.writeAttributes({ double_scalar_w: 1 });
  return {
    "one scalar read, awaited": await microseconds(TURNS, (turns) =>
      oneAfterAnother(turns, () => device.read("double_scalar")),
    ),
    "one command, awaited": await microseconds(TURNS, (turns) =>
      oneAfterAnother(turns, () => device.call("DevDouble", 1.5)),
    ),
    "100 scalar reads in flight": await microseconds(TURNS, (turns) =>
      inFlight(turns, 100, () => device.read("double_scalar")),
    ),
    "20 attributes by one call": await microseconds(TURNS / 4, (turns) =>
      oneAfterAnother(turns, () => device.readAttributes(NAMES)),
    ),
    "image of 251 x 251 shorts": await microseconds(TURNS / 4, (turns) =>
      oneAfterAnother(turns, () => device.read("short_image_ro")),
    ),
  };
}

const script = `
import json, sys, time, tango
from concurrent.futures import ThreadPoolExecutor
device = tango.DeviceProxy("sys/tg_test/1")
turns, rounds, names = ${TURNS}, ${ROUNDS}, ${JSON.stringify(NAMES)}
def best(turns, round):
    found = 1e9
    for _ in range(rounds):
        start = time.perf_counter()
        round(turns)
        found = min(found, (time.perf_counter() - start) * 1e6 / turns)
    return found
def each(job):
    def run(turns):
        for _ in range(turns):
            job()
    return run
def threads(turns):
    with ThreadPoolExecutor(100) as pool:
        list(pool.map(lambda _: device.read_attribute("double_scalar"), range(turns)))
print(json.dumps({
    "one scalar read, awaited": best(turns, each(lambda: device.read_attribute("double_scalar").value)),
    "one command, awaited": best(turns, each(lambda: device.command_inout("DevDouble", 1.5))),
    "100 scalar reads in flight": best(turns, threads),
    "20 attributes by one call": best(turns // 4, each(lambda: device.read_attributes(names))),
    "image of 251 x 251 shorts": best(turns // 4, each(lambda: device.read_attribute("short_image_ro").value)),
}))
`;

await using stack = await tangoStack();
await using system = controlSystem({
  host: stack.host,
  ...(process.env.BANDONEON_BENCH === "unix" ? {} : { transport: tcp() }),
});
await using device = await connect("sys/tg_test/1", { system });
const mine = await ours(device);
const env = { ...stack.env, ...(process.env.BANDONEON_BENCH === "unix" ? {} : { ORBclientTransportRule: "* tcp" }) };
const theirs: Record<string, number> = JSON.parse(execFileSync(python, ["-c", script], { env, encoding: "utf8" }));
console.log(
  "microseconds a turn, best of 5".padEnd(34),
  "ours".padStart(10),
  "PyTango".padStart(10),
  "ratio".padStart(8),
);
for (const [name, value] of Object.entries(mine)) {
  const other = theirs[name] ?? Number.NaN;
  console.log(
    name.padEnd(34),
    value.toFixed(1).padStart(10),
    other.toFixed(1).padStart(10),
    (value / other).toFixed(2).padStart(8),
  );
}
