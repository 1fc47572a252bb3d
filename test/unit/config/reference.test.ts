// SPDX-License-Identifier: MIT
// The example of the reference page is a session file that can be used, and the page names every word there is.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadConfig } from "../../../config/index.ts";
import { fileSchema, kinds } from "../../../config/schema.ts";

const page = await readFile(join(import.meta.dirname, "../../../docs/reference/session-files.md"), "utf8");

test("the example", async () => {
  const folder = await mkdtemp(join(tmpdir(), "config-"));
  try {
    const [, example = ""] = /```yaml\n(.*?)```/s.exec(page) ?? [];
    await writeFile(join(folder, "session.yml"), example);
    await writeFile(join(folder, "motors.yml"), "objects: {}\n");
    await writeFile(join(folder, "setup.ts"), "");
    const config = await loadConfig(join(folder, "session.yml"), { environment: {} });
    expect(config.objects).toHaveLength(7);
    expect(config.data).toEqual({ policy: "basic", folder: "/data" });
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("every word", () => {
  const words = [fileSchema, ...Object.values(kinds)].flatMap((schema) => Object.keys(schema.shape));
  for (const word of [...words, ...Object.keys(kinds)]) expect(page).toContain(`\`${word}`);
});
