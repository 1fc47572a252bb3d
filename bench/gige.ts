// SPDX-License-Identifier: MIT
// Images a second (2048 x 2048, 8 bits, packets of 1500 bytes) received of Aravis' GigE Vision camera, which sends each image
// in one go and nothing again: our driver and Aravis' own client by turns, at several rates; whole images, and lost ones.
// Run: node bench/gige.ts
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { discover } from "../servers/lima/gige/discovery.ts";
import { openGige } from "../servers/lima/gige/gige.ts";
import { run } from "../test/world/process.ts";

const HOST = "127.0.0.1";
const RATES = [10, 25, 50] as const;
const SECONDS = 3;
const ROUNDS = 3;

interface Received {
  readonly whole: number;
  readonly lost: number;
}

async function ours(rate: number): Promise<Received> {
  const { signal } = new AbortController();
  await using camera = await openGige({ host: HOST, packetSize: 1500 }, { signal });
  await camera.prepare(
    { frames: 0, exposure: 0.001, latency: 1 / rate - 0.001, trigger: "INTERNAL_TRIGGER" },
    { signal },
  );
  let whole = 0;
  for await (const _ of camera.frames(AbortSignal.timeout(SECONDS * 1000))) whole++;
  return { whole, lost: camera.counts.failed };
}

async function aravis(rate: number): Promise<Received> {
  const words = `-n ${HOST} --no-packet-socket -a -i 1500 -e 1000 -f ${rate} --duration ${SECONDS}`.split(" ");
  const { stdout } = await promisify(execFile)("/usr/bin/arv-camera-test-0.8", words);
  const count = (name: string) => Number(new RegExp(`^${name}\\s*= (\\d+)`, "m").exec(stdout)?.[1]);
  return { whole: count("n_completed_buffers"), lost: count("n_failures") };
}

const answers = async () => (await discover({ addresses: [HOST], wait: 200, until: () => true })).length > 0;
const total = (all: readonly Received[], key: keyof Received) => all.reduce((sum, each) => sum + each[key], 0);
const told = (name: string, all: readonly Received[]) =>
  `${name} ${(total(all, "whole") / ROUNDS / SECONDS).toFixed(1)} images/s, ${total(all, "lost")} lost`;

await using _camera = await run("/usr/bin/arv-fake-gv-camera-0.8", ["-i", HOST], { ready: answers });
for (const rate of RATES) {
  const [mine, theirs]: [Received[], Received[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    mine.push(await ours(rate));
    theirs.push(await aravis(rate));
  }
  const ratio = total(mine, "whole") / total(theirs, "whole");
  console.log(`${rate} Hz: ${told("ours", mine)}; ${told("Aravis' client", theirs)}; ratio ${ratio.toFixed(2)}`);
}
