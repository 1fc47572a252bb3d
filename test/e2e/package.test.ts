// SPDX-License-Identifier: MIT
// The published package: packed, installed in an empty folder, used on Node.js 24.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { freePort } from "../world/ports.ts";
import { run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");

test("npm pack, npm install of the tarball: every subpath imports, the command and a server run", {
  timeout: 180_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "bandoneon-package-"));
  try {
    const env = { ...process.env, PATH: `${join(root, "node_modules/.bin")}${delimiter}${process.env.PATH}` };
    const call = (command: string, args: string[], cwd: string) =>
      execFileSync(command, args, { cwd, env, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
    const tarball = call("npm", ["pack", "--silent", "--pack-destination", folder], root).trim().split("\n").at(-1)!;
    call("npm", ["init", "--yes"], folder);
    call("npm", ["install", "--no-audit", "--no-fund", "--omit=optional", join(folder, tarball)], folder);

    const bin = join(folder, "node_modules/.bin/bandoneon");
    expect(call(bin, ["--help"], folder)).toContain("bandoneon [options] [command]");
    const imports = ["tango", "devices", "scanning", "writers", "config"];
    const script = `for (const name of ${JSON.stringify(imports)}) console.log(name, Object.keys(await import("bandoneon/" + name)).length > 0)`;
    expect(call("node", ["--input-type=module", "-e", script], folder).trim().split("\n")).toEqual(
      imports.map((name) => `${name} true`),
    );

    const args = ["t", "-nodb", "-dlist", "a/b/1", "-ORBendPoint", `giop:tcp:127.0.0.1:${await freePort()}`];
    const server = join(folder, "node_modules/bandoneon/bin/SimulatedMotor");
    await using _motor = await run(server, args, { env, ready: /Ready to accept request/ });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    rmSync(join(root, "dist"), { recursive: true, force: true });
  }
});
