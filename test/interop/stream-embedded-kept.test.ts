// SPDX-License-Identifier: MIT
// The embedded store in a folder: killed while a scan is published, it comes back with all that was acknowledged. Publisher,
// follower and file writer notice no more than a pause. The real blissdata reads the scan.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { numeric, openDataStore, writingService } from "../../writers/index.ts";
import { embeddedStore } from "../world/embedded-store.ts";
import { describeWith, python } from "../world/peers.ts";

const reader = join(import.meta.dirname, "../world/blissdata-read.py");

describeWith(["blissdata"], "the embedded store in a folder", () => {
  test("killed with kill -9 in a scan, loses nothing that was acknowledged", async () => {
    await using stack = new AsyncDisposableStack();
    const folder = mkdtempSync(join(tmpdir(), "bandoneon-store-"));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    const kept = ["--folder", folder, "--durability", "always"];
    const first = stack.use(await embeddedStore(kept));
    const store = stack.use(await openDataStore(first.url, { init: true }));
    const others = stack.use(await openDataStore(first.url));
    const service = stack.use(await writingService(others, { listen: true }));
    const path = join(folder, "scan.h5");
    const scan = stack.use(
      await store.createScan({ name: "ascan", number: 1, data_policy: "None", path }, { save: true }),
    );
    const stream = scan.createStream("diode", numeric("float64"));
    const children = { diode: { type: "stream", stream: "diode" } };
    await scan.prepare({ save: true, h5maps: { [path]: { type: "group", children } } });
    await scan.start();
    for (let i = 0; i < 100; i++) stream.send(i);
    await scan.flush();
    let followed = 0;
    const following = (async () => {
      const stored = await others.loadScan(scan.key);
      for await (const { length } of stored.streams.get("diode")!.follow()) followed += length;
    })();
    while (followed < 100 || service.progress.points < 100) await new Promise((resolve) => setTimeout(resolve, 5));
    await first.process.stop("SIGKILL");
    for (let i = 100; i < 200; i++) stream.send(i);
    const second = stack.use(await embeddedStore(kept, first.port));
    await scan.stop();
    await scan.close({ end_reason: "SUCCESS" });
    await following;
    expect(followed).toBe(200);
    expect(await service.done(scan.key)).toMatchObject({ reason: "Complete", progress: { points: 200 }, warnings: [] });
    const { stdout } = await promisify(execFile)(python, [reader, `${second.url}?protocol=2`, scan.key]);
    const seen = JSON.parse(stdout);
    expect(seen.state).toBe("CLOSED");
    expect(seen.streams.diode).toMatchObject({
      sealed: true,
      length: 200,
      values: Array.from({ length: 200 }, (_, i) => i),
    });
  });
});
