// SPDX-License-Identifier: MIT
// What subscribers that have stopped reading cost: `node test/soak/tango-subscribers.ts`. A PyTango client that is stopped
// (SIGSTOP) and one that reads, both of images of 2 MiB and of numbers. The one that reads must have everything that comes at
// a steady pace, the server's memory must be bounded, and it must say that somebody misses events.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import {
  command, DevLong, DevUShort, DevVoid, defineInterface, deviceClass, image, readable, startServer,
} from "../../tango/index.ts"; // biome-ignore format: a list
import { python } from "../world/peers.ts";
import { delay } from "../world/process.ts";

const SIDE = 1024;
const MiB = 2 ** 20;
const pushed = { change: "pushed" } as const;

const pusher = defineInterface({
  name: "Pusher",
  attributes: {
    picture: readable(image(DevUShort, SIDE, SIDE), { events: pushed }),
    number: readable(DevLong, { events: pushed }),
  },
  commands: { Nothing: command(DevVoid, DevVoid) },
});
const Pusher = deviceClass(pusher, () => ({
  picture: () => ({ data: [], shape: [0, 0] }),
  number: () => 0,
  Nothing() {},
}));

let said = "";
await using server = await startServer({
  server: "Pusher/soak",
  classes: [Pusher],
  devices: { Pusher: { "soak/push/1": {} } },
  write: (text) => {
    said += text;
  },
});
const device = server.device("soak/push/1");

/** Prints how many events it has had when asked; missed ones apart. */
const script = `
import sys, tango
seen = {"picture": 0, "number": 0, "missed": 0}
d = tango.DeviceProxy("${server.trl("soak/push/1")}")
def hear(event):
    if event.err: seen["missed"] += 1
    else: seen[event.attr_value.name] += 1
for name in ("picture", "number"): d.subscribe_event(name, tango.EventType.CHANGE_EVENT, hear)
print("ready", flush=True)
for line in sys.stdin: print(seen["picture"], seen["number"], seen["missed"], flush=True)
`;
async function subscriber() {
  const child = spawn(python, ["-c", script], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  await lines.next();
  return {
    child,
    /** Pictures, numbers, and errors such as missed events. */
    seen: async (): Promise<number[]> => {
      child.stdin.write("\n");
      return String((await lines.next()).value)
        .split(" ")
        .map(Number);
    },
  };
}

/** One image and a hundred numbers. */
function push(turn: number): void {
  device.push("picture" as never, { data: new Uint16Array(SIDE * SIDE).fill(turn), shape: [SIDE, SIDE] } as never);
  for (let one = 0; one < 100; one++) device.push("number" as never, (turn * 100 + one) as never);
}

let broken = 0;
const report = (name: string, figure: number, limit: number, unit: string) => {
  const isBroken = !(figure <= limit);
  if (isBroken) broken++;
  console.log(
    `${name.padEnd(66)} ${figure.toFixed(1).padStart(8)} ${unit} (limit ${limit})${isBroken ? " BROKEN" : ""}`,
  );
};
const rss = () => process.memoryUsage.rss() / MiB;

const [stopped, reading] = await Promise.all([subscriber(), subscriber()]);
try {
  await delay(500);
  const [, , before = 0] = await reading.seen();
  const [pictures = 0, numbers = 0] = await reading.seen();
  stopped.child.kill("SIGSTOP");
  const start = rss();
  let peak = start;
  const COUNT = 500;
  for (let turn = 1; turn <= COUNT; turn++) {
    push(turn);
    await delay(20);
    peak = Math.max(peak, rss());
  }
  await delay(2000);
  const [morePictures = 0, moreNumbers = 0, missed = 0] = await reading.seen();
  console.log(
    `${COUNT} images of 2 MiB and ${COUNT * 100} numbers in ${((COUNT * 20) / 1000).toFixed(0)} s and more, two subscribers, one stopped`,
  );
  report("missed by the one that reads: images", pictures + COUNT - morePictures, 0, "");
  report("... numbers", numbers + COUNT * 100 - moreNumbers, 0, "");
  report("... errors it was told of", missed - before, 0, "");
  report("memory of the server at its highest, above the start", peak - start, 350, "MiB");
  report("the server has not said that somebody misses events", said.includes("does not read") ? 0 : 1, 0, "");
  process.stdout.write(said);
  stopped.child.kill("SIGCONT");
  await delay(1000);
  push(0);
  await delay(1000);
  const [late = 0, , told = 0] = await stopped.seen();
  console.log(`the one that was stopped: ${late} images when it goes on, ${told} errors`);
  report("it is not told that it missed events", told > 0 ? 0 : 1, 0, "");
} finally {
  for (const { child } of [stopped, reading]) {
    child.kill("SIGKILL");
    await once(child, "exit").catch(() => {});
  }
}
console.log(broken === 0 ? "all promises kept" : `${broken} promises broken`);
process.exitCode = broken === 0 ? 0 : 1;
