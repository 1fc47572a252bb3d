// SPDX-License-Identifier: MIT
// A Java client (another ORB, another ZeroMQ) visits the C++ TangoTest on the real database and ours on the embedded one, and
// sees the same.
import { join } from "node:path";
import { expect, test } from "vitest";
import { embeddedDatabase } from "../world/embedded-database.ts";
import { administer, visit } from "../world/jtango.ts";
import { describeWith } from "../world/peers.ts";
import { run } from "../world/process.ts";
import { tangoStack } from "../world/tango-stack.ts";

/** Tango 9.3 and 10 call the type of a scalar by different names. */
const comparable = (lines: readonly string[]) =>
  lines.map((line) => line.replace("Tango::DevVarDoubleArray", "Tango::DevDouble"));

const launcher = join(import.meta.dirname, "../../bin/TangoTest");

describeWith(["JTango", "TangoTest", "DataBaseds on MariaDB"], "a Java client", () => {
  test("sees in our TangoTest what it sees in the original", { timeout: 180_000 }, async () => {
    await using real = await tangoStack();
    await using embedded = await embeddedDatabase();
    await using _ours = await run(launcher, ["test"], { env: embedded.env, ready: /Ready to accept request/ });
    const theirs = await visit("sys/tg_test/1", real.env);
    expect(theirs.length).toBeGreaterThan(120);
    expect(comparable(await visit("sys/tg_test/1", embedded.env))).toEqual(comparable(theirs));
  });

  test("administers the embedded database as it does the real one, in Jive's calls", { timeout: 180_000 }, async () => {
    await using real = await tangoStack({ tangoTest: false });
    await using embedded = await embeddedDatabase();
    const theirs = await administer(real.env);
    expect(theirs.length).toBeGreaterThan(100);
    expect(await administer(embedded.env)).toEqual(theirs);
  });
});
