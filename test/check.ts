// SPDX-License-Identifier: MIT
// `npm run check`: what must be green at every commit. Types, format and lint, unit tests; a minute at most.
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const steps: readonly (readonly [command: string, ...args: string[]])[] = [
  ["tsc", "-p", "."],
  ["biome", "check", "--error-on-warnings", "."],
  ["vitest", "run", "--project", "unit", "--project", "vectors"],
];
for (const [command, ...args] of steps) {
  console.log(`> ${command} ${args.join(" ")}`);
  const bin = join(root, "node_modules/.bin");
  const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
  const { status, error } = spawnSync(join(bin, command), args, { cwd: root, env, stdio: "inherit" });
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
