// SPDX-License-Identifier: MIT
// `npm test [vitest arguments]`: types, then unit, vectors, interop and e2e tests; closes with `N passed, N failed`.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
  readonly success: boolean;
}

const root = join(import.meta.dirname, "..");
const bin = join(root, "node_modules/.bin");
const env = { ...process.env, PATH: `${bin}:${process.env.PATH}` };
const call = (command: string, ...args: string[]) =>
  spawnSync(join(bin, command), args, { cwd: root, env, stdio: "inherit" }).status === 0;

const folder = mkdtempSync(join(tmpdir(), "bandoneon-test-"));
const file = join(folder, "report.json");
const typed = call("tsc", "-p", ".");
console.log(typed ? "types: the promises of test/types hold" : "types: tsc found errors (above)");
call("vitest", "run", "--reporter=default", "--reporter=json", `--outputFile.json=${file}`, ...process.argv.slice(2));
const report: Report | undefined = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : undefined;
rmSync(folder, { recursive: true, force: true });

const passed = (report?.numPassedTests ?? 0) + (typed ? 1 : 0);
// A suite that fails to load has no failed test of its own, yet it is a failure.
const broken = report ? (report.success ? 0 : Math.max(1, report.numFailedTests)) : 1;
const failed = broken + (typed ? 0 : 1);
const skipped = report?.numPendingTests ?? 0;
console.log(`${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ""}`);
process.exit(failed === 0 ? 0 : 1);
