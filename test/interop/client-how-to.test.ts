// SPDX-License-Identifier: MIT
// The client's pages say what is so: each of their programs is type-checked and run, and prints what the page says.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { connect, controlSystem } from "../../tango/index.ts";
import { describeWith } from "../world/peers.ts";
import { run } from "../world/process.ts";
import { type TangoStack, tangoStack } from "../world/tango-stack.ts";

const root = join(import.meta.dirname, "../..");
const pages = [
  "docs/how-to/read-write-and-command.md",
  "docs/how-to/listen-to-events.md",
  "docs/how-to/many-devices.md",
  "docs/how-to/lock-a-device.md",
  "docs/how-to/use-tango-in-scripts.md",
  "docs/reference/client.md",
];

interface Snippet {
  readonly language: string;
  readonly source: string;
  /** What the page says it prints. */
  readonly prints: string;
}

function snippetsOf(page: string): readonly Snippet[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/```(ts|sh)\n(.*?)```\n(?:```text\n(.*?)```\n)?/gs)].map(
    ([, language = "", source = "", prints = ""]) => ({ language, source, prints }),
  );
}

describeWith(["DataBaseds on MariaDB", "TangoTest"], "the client's pages", () => {
  // Inside the project, where the programs find the package and the compiler its settings.
  mkdirSync(join(root, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(root, ".cache/how-to-"));
  const resources = new AsyncDisposableStack();
  let stack: TangoStack;
  beforeAll(async () => {
    stack = resources.use(await tangoStack());
    await using system = controlSystem({ host: stack.host });
    const more = [2, 3].map((index) => ({ device: `sys/tg_test/${index}`, class: "TangoTest" }));
    await system.database().addServer("TangoTest/more", more);
    const ready = /Ready to accept request/;
    resources.use(await run("/usr/lib/tango/TangoTest", ["more"], { env: stack.env, ready }));
  }, 60_000);
  // Each page begins with a device that is not polled.
  beforeEach(async () => {
    await using device = await connect("sys/tg_test/1", { host: stack.host });
    // Servers list State both as an attribute and as a command.
    const names = new Set((await device.polling.list()).map(({ name }) => name.toLowerCase()));
    for (const name of names) await device.polling.stop("attribute", name);
    await device.write("ampli", 2.5);
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await resources.disposeAsync();
  });

  test.each(pages)(
    "%s",
    async (page) => {
      const snippets = snippetsOf(page);
      expect(snippets.length).toBeGreaterThan(1);
      const env = { ...stack.env, NO_COLOR: "1", PATH: `${join(root, "bin")}:${process.env.PATH}` };
      for (const [index, { language, source, prints }] of snippets.entries()) {
        const file = join(folder, `${index}.${language}`);
        writeFileSync(file, source);
        const [program, args] =
          language === "sh" ? ["bash", ["-e", file]] : [process.execPath, ["--conditions=source", file]];
        const { stdout } = await promisify(execFile)(program, args, { env, cwd: folder, timeout: 30_000 });
        expect(stdout, source).toBe(prints);
      }
      const settings = { extends: join(root, "tsconfig.json"), include: ["*.ts"] };
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(settings));
      await promisify(execFile)(join(root, "node_modules/.bin/tsc"), ["-p", folder]);
    },
    120_000,
  );
});
