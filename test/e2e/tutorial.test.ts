// SPDX-License-Identifier: MIT
// The tutorial is followed to the letter, in an empty folder: its files written, its servers started, its commands run.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { describeWith, python } from "../world/peers.ts";
import { freePort } from "../world/ports.ts";
import { run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");
const tutorial = readFileSync(join(root, "docs/tutorials/a-beamline-of-your-own.md"), "utf8");
const execute = promisify(execFile);

describeWith(["h5py"], "the tutorial", () => {
  test("leads from an empty folder to a scan in a NeXus file", { timeout: 120_000 }, async () => {
    await using stack = new AsyncDisposableStack();
    const folder = mkdtempSync(join(tmpdir(), "tutorial-"));
    stack.defer(() => rmSync(folder, { recursive: true, force: true }));
    // 10000 may be somebody's: the one word that is not as it is written.
    const host = `127.0.0.1:${await freePort()}`;
    const env = {
      ...process.env,
      TANGO_HOST: host,
      XDG_STATE_HOME: join(folder, "state"),
      PATH: `${join(root, "bin")}:${process.env.PATH}`,
    };
    const printed: string[] = [];
    const deeds: Record<string, (text: string, name: string) => Promise<unknown>> = {
      yaml: async (text, name) => writeFileSync(join(folder, name), text),
      sh: async (text, kind) => {
        const command = text.replaceAll("127.0.0.1:10000", host);
        if (kind !== "server")
          return printed.push((await execute("bash", ["-ec", command], { cwd: folder, env })).stdout);
        const [name = "", ...args] = command.trim().split(" ");
        return stack.use(await run(name, args, { cwd: folder, env, ready: /Ready to accept request/ }));
      },
      python: async (text) => printed.push((await execute(python, ["-c", text], { cwd: folder })).stdout),
    };
    for (const [, language = "", name = "", text = ""] of tutorial.matchAll(/```(\w+) ?(\S*)\n([\s\S]*?)```/g))
      await deeds[language]?.(text, name);

    const all = printed.join("\n");
    expect(all).toMatch(/lab\/counter\/diode/);
    expect(all).toMatch(/Position.*0/);
    expect(all).toMatch(/Scan 1: ascan sx -3\.0000 7\.0000 20 0\.01/);
    expect(printed.at(-1)).toMatch(/^ascan sx -3\.0000 7\.0000 20 0\.01 21 points, the highest at (1\.5|2\.0|2\.5)\n$/);
  });
});
