// SPDX-License-Identifier: MIT
// Runs a command of the checkout with the checkout's own Node 24. Plain CommonJS, so that the system's older Node can
// start it: on a fresh clone it installs the dependencies first (Node 24 is one of them), once per change of the lock file.
"use strict";
const { spawn, spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { existsSync, readFileSync, writeFileSync } = require("node:fs");
const { join } = require("node:path");

const root = join(__dirname, "..");
const node = join(root, "node_modules", ".bin", "node");
const commands = {
  demo: ["cli/main.ts", "demo"],
  test: ["test/run.ts"],
  check: ["test/check.ts"],
};

/** Installs when node_modules is not what package-lock.json says. */
function install() {
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const stamp = join(root, "node_modules", ".bandoneon-lock");
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.error("Installing dependencies (once) ...");
  const npm = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    cwd: root,
    stdio: ["ignore", 2, 2],
  });
  if (npm.status !== 0 || !existsSync(node)) {
    console.error("bandoneon: `npm ci` failed; the messages above say why. Is the package registry reachable?");
    process.exit(1);
  }
  writeFileSync(stamp, lock);
}

const [name, ...rest] = process.argv.slice(2);
const command = commands[name];
if (!command) {
  console.error(`bandoneon: no checkout command "${name}"; there are: ${Object.keys(commands).join(", ")}`);
  process.exit(2);
}
install();
const child = spawn(node, [join(root, command[0]), ...command.slice(1), ...rest], { stdio: "inherit" });
// A terminal sends Ctrl-C to the whole group: the child handles it, this process only waits for the child's end.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code === null ? 128 + (signal === "SIGKILL" ? 9 : 15) : code));
