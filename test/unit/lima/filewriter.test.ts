// SPDX-License-Identifier: MIT
// Files that the detector writes itself, against a control unit of a few lines (tickit-devices' emulator has no files).
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import type { HardwareFiles } from "../../../servers/lima/camera.ts";
import { filewriter } from "../../../servers/lima/simplon/filewriter.ts";
import { Simplon } from "../../../servers/lima/simplon/rest.ts";

async function controlUnit() {
  const config = new Map<string, unknown>();
  const files = new Map<string, string>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    const body = await text(request);
    const key = /config\/(\w+)$/.exec(path)?.[1];
    const file = /^\/data\/(.*)$/.exec(path)?.[1] ?? "";
    if (request.method === "PUT" && key) config.set(key, JSON.parse(body).value);
    if (request.method === "DELETE") files.delete(file);
    if (path.endsWith("status/state")) response.end(JSON.stringify({ value: "ready" }));
    else if (path.endsWith("/files")) response.end(JSON.stringify([...files.keys()]));
    else response.end(files.get(file) ?? "[]");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const folder = await mkdtemp(join(tmpdir(), "filewriter-"));
  return {
    ...{ config, files, folder, simplon: new Simplon({ host: "127.0.0.1", port }) },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const request = (directory: string, more: Partial<HardwareFiles> = {}): HardwareFiles => ({
  ...{ directory, prefix: "lyso_", suffix: ".h5", indexFormat: "%04d", number: 7, format: "HDF5" },
  ...{ framesPerFile: 100, frames: 150, policy: "ABORT" as const, ...more },
});
const { signal } = new AbortController();

test("the detector is told the pattern; its files are brought to the folder and deleted there", async () => {
  await using unit = await controlUnit();
  const saving = filewriter(unit.simplon);
  await saving.prepare(request(unit.folder), { signal });
  expect(Object.fromEntries(unit.config)).toEqual({
    mode: "enabled",
    name_pattern: "lyso_0007",
    nimages_per_file: 100,
  });
  unit.files.set("lyso_0007_data_000001.h5", "one").set("lyso_0007_data_000002.h5", "two");
  unit.files.set("lyso_0007_master.h5", "master").set("other_master.h5", "not ours");
  expect(await saving.finish()).toBe(1);
  expect((await readdir(unit.folder)).sort()).toEqual([
    "lyso_0007_data_000001.h5", "lyso_0007_data_000002.h5", "lyso_0007_master.h5",
  ]); // biome-ignore format: a list
  expect(await readFile(join(unit.folder, "lyso_0007_data_000002.h5"), "utf8")).toBe("two");
  expect([...unit.files.keys()]).toEqual(["other_master.h5"]);
  expect(unit.config.get("mode")).toBe("disabled");
  expect(await saving.finish()).toBe(0);
});

test("what the detector cannot write is refused", async () => {
  await using unit = await controlUnit();
  const saving = filewriter(unit.simplon);
  await expect(saving.prepare(request(unit.folder, { format: "EDF" }), { signal })).rejects.toThrow("not EDF");
  await expect(saving.prepare(request(unit.folder, { prefix: "a/b" }), { signal })).rejects.toThrow("have no folders");
});
