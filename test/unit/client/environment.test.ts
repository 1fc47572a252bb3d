// SPDX-License-Identifier: MIT
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseTangorc, tangoEnvironment } from "../../../tango/client/environment.ts";

test("a tangorc file: names and values, comments, blanks", () => {
  const text = "# a comment\n TANGO_HOST = host:10000 # the one\n\nSUPER_TANGO=true\nnonsense\nEMPTY=\n";
  expect([...parseTangorc(text)]).toEqual([
    ["TANGO_HOST", "host:10000"],
    ["SUPER_TANGO", "true"],
  ]);
});

test("the environment comes before the user's file, that before the host's; files that are not there count as empty", () => {
  const folder = mkdtempSync(join(tmpdir(), "tangorc-"));
  try {
    const [mine, all] = [join(folder, "mine"), join(folder, "all")] as const;
    writeFileSync(mine, "TANGO_HOST=mine:1\nONLY_MINE=1\n");
    writeFileSync(all, "TANGO_HOST=all:1\nONLY_ALL=1\n");
    const files = [mine, join(folder, "missing"), all];
    const read = tangoEnvironment({ TANGO_HOST: "" }, files);
    expect(["TANGO_HOST", "ONLY_MINE", "ONLY_ALL", "NOWHERE"].map(read)).toEqual(["mine:1", "1", "1", undefined]);
    expect(tangoEnvironment({ TANGO_HOST: "set:1" }, files)("TANGO_HOST")).toBe("set:1");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
