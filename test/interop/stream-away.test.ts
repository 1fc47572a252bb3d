// SPDX-License-Identifier: MIT
// Redis Stack killed while a scan runs and started again, empty: the scan goes on, and blissdata reads all of it later.
import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { loopscan, Session, softCounters, spooled } from "../../scanning/index.ts";
import { openDataStore, streamSink } from "../../writers/index.ts";
import { describeWith, python, redisStackFolder } from "../world/peers.ts";
import { freePort } from "../world/ports.ts";
import { run as start } from "../world/process.ts";

const program = `import sys, json
from blissdata.redis_engine.store import DataStore
store = DataStore(sys.argv[1])
_, key = store.get_last_scan()
scan = store.load_scan(key)
print(json.dumps({"state": scan.state.name, "reason": scan.info["end_reason"], "values": scan.streams["d:c"][:].tolist()}))`;

const redis = (port: number, folder: string) => {
  const modules = ["redisearch.so", "rejson.so"].flatMap((file) => [
    "--loadmodule",
    join(redisStackFolder, "lib", file),
  ]);
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--maxmemory", "2gb", "--maxmemory-policy", "noeviction"]; // biome-ignore format: one glance
  return start(join(redisStackFolder, "bin/redis-server"), [...args, ...modules], {
    ready: /Ready to accept connections/,
  });
};

describeWith(["Redis Stack", "blissdata"], "a data stream that goes away", () => {
  test("in mid-scan: measured on, kept, delivered to the store that was started again", {
    timeout: 60_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "stream-away-"));
    try {
      const [port, said] = [await freePort(), [] as string[]];
      const url = `redis://127.0.0.1:${port}`;
      const first = await redis(port, folder);
      await using store = await openDataStore(url, { init: true });
      const warn = (message: string) => void said.push(message);
      await using sink = spooled(streamSink(store), { what: "the data stream", folder, patience: 500, warn });
      const session = new Session({ name: "test", sink, warn });
      let n = 0;
      const { c } = softCounters("d", { c: () => n++ });
      const scan = session.start(loopscan(0, 0.001, c, { save: false }));
      for await (const _ of scan) if (scan.points > 50) break;
      await first.stop("SIGKILL");
      while (said.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      const before = scan.points;
      while (scan.points < before + 50) await new Promise((resolve) => setTimeout(resolve, 5));
      // A further scan is refused, and nothing hangs.
      await expect(session.start(loopscan(1, 0, c)).done()).rejects.toThrow(
        /the data stream has not answered for 0.5 s/,
      );
      scan.stop();
      expect(await scan.ended).toMatchObject({ reason: "SUCCESS" });
      expect(readdirSync(folder).filter((name) => name.endsWith(".scan")).length).toBe(1);

      await using _second = await redis(port, folder);
      await using again = await openDataStore(url, { init: true });
      void again;
      while (!said.some((line) => line.includes("has got all of scan"))) await new Promise((resolve) => setTimeout(resolve, 20)); // biome-ignore format: one glance
      const { stdout } = await promisify(execFile)(python, ["-c", program, url]);
      const read = JSON.parse(stdout);
      expect(read).toMatchObject({ state: "CLOSED", reason: "SUCCESS" });
      expect(read.values).toEqual([...scan.data("c")]);
      while (readdirSync(folder).some((name) => name.endsWith(".scan"))) await new Promise((resolve) => setTimeout(resolve, 20)); // biome-ignore format: one glance
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
