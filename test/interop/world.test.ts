// SPDX-License-Identifier: MIT
// The fixtures themselves: every real peer starts, answers, and ends with the test.
import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { describeWith, python } from "../world/peers.ts";
import { redisStack } from "../world/redis-stack.ts";
import { tangoStack } from "../world/tango-stack.ts";

const inPython = (script: string, env: NodeJS.ProcessEnv = process.env) =>
  execFileSync(python, ["-c", script], { env, encoding: "utf8", timeout: 30_000 }).trim();

describeWith(["DataBaseds on MariaDB", "TangoTest", "PyTango 10.3"], "a real Tango control system", () => {
  test("serves TangoTest to PyTango, also after its database restarts", async () => {
    await using stack = await tangoStack();
    const read = "import tango; print(tango.DeviceProxy('sys/tg_test/1').read_attribute('short_scalar').name)";
    expect(inPython(read, stack.env)).toBe("short_scalar");
    await stack.restartDatabase();
    expect(inPython(read, stack.env)).toBe("short_scalar");
  });
});

describeWith(["Redis Stack", "blissdata"], "a real Redis Stack", () => {
  test("is initialised by blissdata", async () => {
    await using redis = await redisStack();
    const script = `from blissdata.redis_engine.store import DataStore\nprint(len(DataStore("${redis.url}?protocol=2", init_db=True).search_existing_scans()[1]))`;
    expect(inPython(script)).toBe("0");
  });
});
