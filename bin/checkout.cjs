// SPDX-License-Identifier: MIT
// Runs a command of the checkout with the checkout's own Node 24. Plain CommonJS, so that the system's older Node can
// start it: on a fresh clone it installs the dependencies first (Node 24 is one of them), once per change of the lock file.
"use strict";
const { spawn, spawnSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } = require("node:fs");
const { homedir, tmpdir } = require("node:os");
const { delimiter, dirname, join } = require("node:path");

const root = join(__dirname, "..");
const node = join(root, "node_modules", ".bin", "node");
const commands = {
  demo: ["cli/main.ts", "demo"],
  test: ["test/run.ts"],
  check: ["test/check.ts"],
};

/** Installs when node_modules is not what package-lock.json says. */
function install() {
  const lockFile = readFileSync(join(root, "package-lock.json"));
  const lock = createHash("sha256").update(lockFile).digest("hex");
  const stamp = join(root, "node_modules", ".bandoneon-lock");
  if (existsSync(node) && existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  console.error("Installing dependencies (once) ...");
  const folder = mkdtempSync(join(tmpdir(), "bandoneon-node-"));
  try {
    npm(recentNode(folder, JSON.parse(lockFile).packages["node_modules/node"].version), ["ci"], root);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (!existsSync(node)) fail("`npm ci` brought no Node.js 24");
  writeFileSync(stamp, lock);
}

/** A Node.js 24 to run npm with: an older one would leave out the packages that are not for it, and vitest needs some. */
function recentNode(folder, version) {
  if (Number.parseInt(process.versions.node, 10) >= 24) return process.execPath;
  npm(process.execPath, ["install", "--no-save", "--prefix", folder, `node@${version}`], folder);
  return join(folder, "node_modules", "node", "bin", "node");
}

/** Runs the system's npm on this Node.js. */
function npm(runtime, args, cwd) {
  const found = (process.env.PATH || "").split(delimiter).find((entry) => existsSync(join(entry, "npm")));
  if (!found) fail("npm is not in PATH; install it (Debian: apt install npm)");
  const env = { ...process.env, PATH: dirname(runtime) + delimiter + process.env.PATH };
  const command = [realpathSync(join(found, "npm")), ...args, "--no-audit", "--no-fund", "--loglevel=error"];
  const quiet = runtime === process.execPath ? [] : ["--no-deprecation"];
  const { status } = spawnSync(runtime, [...quiet, ...command], { cwd, env, stdio: ["ignore", 2, 2] });
  if (status !== 0)
    fail(`\`npm ${args.join(" ")}\` failed; the messages above say why. Is the package registry reachable?`);
}

function fail(message) {
  console.error(`bandoneon: ${message}`);
  process.exit(1);
}

const [name, ...rest] = process.argv.slice(2);
const command = commands[name];
if (!command) {
  console.error(`bandoneon: no checkout command "${name}"; there are: ${Object.keys(commands).join(", ")}`);
  process.exit(2);
}
install();
// Node keeps what it has compiled there, as bin/launch says.
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "bandoneon", "compiled");
const child = spawn(node, [join(root, command[0]), ...command.slice(1), ...rest], {
  stdio: "inherit",
  env: { NODE_COMPILE_CACHE: cache, ...process.env },
});
// A terminal sends Ctrl-C to the whole group: the child handles it, this process only waits for the child's end.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("exit", (code, signal) => process.exit(code === null ? 128 + (signal === "SIGKILL" ? 9 : 15) : code));
