// SPDX-License-Identifier: MIT
// What the README shows is run: its commands exist, its device server serves, its scan scans.
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeWith, python } from "../world/peers.ts";
import { freePort } from "../world/ports.ts";
import { run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");
const readme = readFileSync(join(root, "README.md"), "utf8");
const node = join(root, "node_modules/.bin/node");
const block = (kind: string) => new RegExp(`\`\`\`ts ${kind}\n([\\s\\S]*?)\`\`\``).exec(readme)![1]!;

/** A folder in which `bandoneon` can be imported, as after `npm install bandoneon`. */
async function inFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bandoneon-readme-"));
  try {
    mkdirSync(join(folder, "node_modules"));
    symlinkSync(root, join(folder, "node_modules/bandoneon"));
    await body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("is short, and names only commands that exist", () => {
  expect(readme.split("\n").length).toBeLessThanOrEqual(121);
  const scripts = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).scripts;
  for (const [, line] of readme.matchAll(/^npm (?:run )?(\w+)/gm)) expect(Object.keys(scripts)).toContain(line);
  const help = execFileSync(join(root, "bin/bandoneon"), ["--help"], { encoding: "utf8" });
  for (const [, command] of readme.matchAll(/`bandoneon (\w+)/g)) expect(help).toContain(`\n  ${command} `);
});

describeWith(["PyTango 10.3"], "the README's code", () => {
  test("serves a lamp that PyTango switches on, and refuses what is out of its limits", () =>
    inFolder(async (folder) => {
      writeFileSync(join(folder, "lamp.ts"), block("server"));
      const port = await freePort();
      const args = ["lamp.ts", "lab", "-nodb", "-dlist", "lab/lamp/1", "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
      await using _lamp = await run(node, ["--conditions=source", ...args], {
        cwd: folder,
        ready: /Ready to accept request/,
      });
      const script = `import tango
d = tango.DeviceProxy("tango://127.0.0.1:${port}/lab/lamp/1#dbase=no")
d.Power = 40; print(d.Power); d.Off(); print(d.Power)
try: d.Power = 400
except tango.DevFailed as e: print(e.args[0].reason)`;
      expect(execFileSync(python, ["-c", script], { encoding: "utf8" }).split("\n").slice(0, 3)).toEqual([
        "40.0",
        "0.0",
        "API_WAttrOutsideLimit",
      ]);
    }));

  test("scans the demo beamline", () =>
    inFolder(async (folder) => {
      writeFileSync(join(folder, "scan.ts"), block("scan"));
      const port = await freePort();
      const demo = ["demo", "--stay", "--state", join(folder, "state"), "--port", String(port)];
      await using _beamline = await run(join(root, "bin/bandoneon"), demo, {
        ready: /stays up until Ctrl-C/,
        patience: 60_000,
      });
      const env = { ...process.env, TANGO_HOST: `127.0.0.1:${port}` };
      const output = execFileSync(node, ["--conditions=source", "scan.ts"], { cwd: folder, env, encoding: "utf8" });
      expect(output).toMatch(/Scan 1: ascan robx 4\.0000 6\.0000 10 0\.01 {2}\(.*data\/readme\/data\.h5\)/);
      expect(output).toMatch(/\n +10 +\d\.\d+ +6\.0000 /);
    }));
});
