// SPDX-License-Identifier: MIT
// The embedded store in a folder: killed while a scan is published, it comes back with all that was acknowledged, and the
// publisher, which never noticed more than a pause, ends its scan. The real blissdata reads it.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { numeric, openDataStore } from "../../writers/index.ts";
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
    const scan = stack.use(await store.createScan({ name: "ascan", number: 1, data_policy: "None" }));
    const stream = scan.createStream("diode", numeric("float64"));
    await scan.prepare();
    await scan.start();
    for (let i = 0; i < 100; i++) stream.send(i);
    await scan.flush();
    await first.process.stop("SIGKILL");
    for (let i = 100; i < 200; i++) stream.send(i);
    const second = stack.use(await embeddedStore(kept, first.port));
    await scan.stop();
    await scan.close({ end_reason: "SUCCESS" });
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
