// SPDX-License-Identifier: MIT
// bin/ has one launcher for each server of `bandoneon serve`, and it starts what that does.
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { servers } from "../../../cli/servers.ts";

const root = join(import.meta.dirname, "../../..");

test.each(Object.entries(servers))("bin/%s", (name, load) => {
  const launcher = join(root, "bin", name);
  accessSync(launcher, constants.X_OK);
  const [, entry = ""] = /launch" (\S+) "\$@"/.exec(readFileSync(launcher, "utf8")) ?? [];
  expect(existsSync(join(root, `${entry}.ts`))).toBe(true);
  expect(load.toString()).toContain(entry.replace(/^servers\//, ""));
});
