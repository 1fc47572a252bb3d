// SPDX-License-Identifier: MIT
// `bandoneon scans` and `bandoneon writer repair` on a stream that the real blissdata published.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { numeric, openDataStore } from "../../writers/index.ts";
import { embeddedStore } from "../world/embedded-store.ts";
import { describeWith, python } from "../world/peers.ts";

const main = join(import.meta.dirname, "../../cli/main.ts");
const publisher = join(import.meta.dirname, "../world/blissdata-publish.py");

describeWith(["blissdata", "h5py"], "the command line", () => {
  test("lists, shows, exports and repairs scans", async () => {
    await using stack = new AsyncDisposableStack();
    const folder = mkdtempSync(join(tmpdir(), "bandoneon-cli-"));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    const server = stack.use(await embeddedStore());
    const store = stack.use(await openDataStore(server.url, { init: true }));
    const { stdout: printed } = await promisify(execFile)(python, [publisher, `${server.url}?protocol=2`]);
    const key = printed.trim();
    const env = { ...process.env, BANDONEON_STREAM: server.url };
    const bandoneon = async (...args: string[]) =>
      (await promisify(execFile)(process.execPath, [main, ...args], { env, timeout: 30_000 })).stdout;

    const [listed] = (await bandoneon("scans", "list", "--json", "--name", "loop*"))
      .trim()
      .split("\n")
      .map((text) => JSON.parse(text));
    expect(listed).toMatchObject({ key, state: "CLOSED", name: "loopscan", number: 12, title: "loopscan 10 0.1" });
    expect((await bandoneon("scans", "list", "--session", "other")).trim()).toBe("");
    const shown = JSON.parse(await bandoneon("scans", "show", "12", "--json"));
    expect(shown.channels).toContainEqual({ name: "big", kind: "plain", dtype: ">u2", shape: [3], points: 10 });

    const csv = join(folder, "scan.csv");
    await bandoneon("scans", "export", key, csv, "--channels", "value");
    const lines = readFileSync(csv, "utf8").trim().split("\n");
    expect(lines).toHaveLength(21);
    expect(lines[0]).toContain("value");
    const followed = (await bandoneon("scans", "follow", key, "--channels", "value")).trim().split("\n");
    expect([followed.length, followed[0], followed[20]?.split("\t")[0]]).toEqual([21, "#\tvalue", "19"]);
    const json = join(folder, "scan.json");
    await bandoneon("scans", "export", key, json);
    const exported = JSON.parse(readFileSync(json, "utf8"));
    expect(exported).toMatchObject({ key, state: "CLOSED", id: { number: 12 } });
    expect(exported.channels.value.values.map(String)).toEqual(followed.slice(1).map((line) => line.split("\t")[1]));
    for (const file of [csv, json])
      await expect(bandoneon("scans", "export", key, file)).rejects.toThrow(`bandoneon: ${file} is there already`);
    const nowhere = join(folder, "none/scan.csv");
    await expect(bandoneon("scans", "export", key, nowhere)).rejects.toThrow(/bandoneon: ENOENT/);
    const hdf5 = join(folder, "scan.h5");
    await bandoneon("scans", "export", "12", hdf5, "--channels", "value", "big");
    const look = `import sys, json, h5py
found = {}
h5py.File(sys.argv[1]).visititems(lambda name, node: found.update({name.split("/")[-1]: list(node.shape)}) if hasattr(node, "shape") else None)
print(json.dumps(found))`;
    const { stdout: tree } = await promisify(execFile)(python, ["-c", look, hdf5]);
    expect(JSON.parse(tree)).toMatchObject({ value: [20], big: [10, 3] });

    const path = join(folder, "lost.h5");
    await using scan = await store.createScan({ name: "ct", number: 13, data_policy: "None", path }, { save: true });
    const diode = scan.createStream("diode", numeric("float64"));
    const entry = { type: "group", children: { diode: { type: "stream", stream: "diode" } } };
    await scan.prepare({ save: true, h5maps: { [path]: { type: "group", children: { "13.1": entry } } } });
    await scan.start();
    diode.send(Float64Array.of(1, 2, 3));
    await scan.stop();
    await scan.close();
    expect(await bandoneon("writer", "repair", scan.key)).toBe(`${scan.key} complete: Complete (3 points, 24 bytes)\n`);
    expect(JSON.parse((await promisify(execFile)(python, ["-c", look, path])).stdout)).toEqual({ diode: [3] });
    await expect(bandoneon("writer", "repair", "esrf:scan:none")).rejects.toThrow(/There is no scan esrf:scan:none/);
    await expect(bandoneon("writer", "repair", join(folder, "none.h5"))).rejects.toThrow(/there is no file .*none\.h5/);
    await expect(bandoneon("scans", "show", "99")).rejects.toThrow(/there is no scan of number 99/);
  });
});
