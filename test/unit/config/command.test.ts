// SPDX-License-Identifier: MIT
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { register } from "../../../cli/config.ts";
import { fileSchema } from "../../../config/schema.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "config-"));
});
afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true });
});

/** Output of `bandoneon config <words>`, the folder left out. */
async function config(text: string, ...words: readonly string[]) {
  const file = join(folder, "demo.yml");
  await writeFile(file, text);
  const said: string[] = [];
  const hear = (message: string) => void said.push(...message.replaceAll(`${folder}/`, "").split("\n"));
  vi.spyOn(console, "log").mockImplementation(hear);
  vi.spyOn(console, "error").mockImplementation(hear);
  const program = new Command("bandoneon");
  register(program);
  const error = await program.parseAsync(["config", ...words, file], { from: "user" }).then(
    () => undefined,
    (reason: Error) => reason.message.replaceAll(`${folder}/`, ""),
  );
  return { said, error };
}

const good =
  "name: demo\nobjects:\n  robx: { kind: motor, device: a/motor/x }\nsetup: demo.yml\ndata: { folder: /data }\n";

test("check: a good file in one line", async () => {
  expect(await config(good, "check")).toEqual({
    said: ["demo.yml: session demo has 1 object, 0 measurement groups, 1 setup script (demo.yml)"],
    error: undefined,
  });
});

test("check: every problem on its line, and the command fails", async () => {
  expect(await config(good.replace("motor,", "motr,").replace("data:", "date:"), "check")).toEqual({
    said: [
      'demo.yml:3:17: unknown word "motr"; did you mean motor? Known: motor, counter, camera, spectrometer, gate, formula',
      'demo.yml:5:1: unknown word "date"; did you mean data? Known: name, include, objects, groups, data, chain, setup, stream, writer, tango_host',
    ],
    error: "demo.yml: 2 problems",
  });
});

test("show: what it says can be used as a session file again", async () => {
  const { said } = await config(good, "show");
  expect(said).toContain("    device: a/motor/x");
  expect((await config(said.join("\n"), "show")).said).toEqual(said);
});

test("show: everything a file may say", async () => {
  const more =
    "stream: redis://127.0.0.1:6379\nwriter: a/writer/1\ntango_host: localhost:10000\nchain: [{ device: cam }]\n";
  const all = good.replace("setup:", "  cam: { kind: camera, device: a/cam/1 }\ngroups: { all: [cam] }\nsetup:") + more;
  const { said } = await config(all, "show", "--json");
  const words = ["name", "objects", "groups", "data", "chain", "setup", "stream", "writer", "tango_host"];
  expect(Object.keys(JSON.parse(said.join("\n")))).toEqual(words);
  // Includes are taken in.
  expect([...words, "include"].toSorted()).toEqual(Object.keys(fileSchema.shape).toSorted());
});

test("show --json", async () => {
  const { said } = await config(good, "show", "--json");
  expect(JSON.parse(said.join("\n"))).toMatchObject({ objects: { robx: { kind: "motor", device: "a/motor/x" } } });
});
