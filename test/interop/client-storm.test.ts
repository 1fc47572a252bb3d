// SPDX-License-Identifier: MIT
// Ten lives of the restart storm (test/soak/client-storm.ts has a hundred): twenty subscribers, twenty callers.
import { expect, test } from "vitest";
import { describeWith } from "../world/peers.ts";
import { restartStorm } from "../world/restart-storm.ts";
import { tangoStack } from "../world/tango-stack.ts";

describeWith(["DataBaseds on MariaDB", "PyTango 10.3"], "a server that dies again and again", () => {
  test("every error is a DevFailed, every subscriber resumes, nothing leaks", async () => {
    await using stack = await tangoStack({ tangoTest: false });
    const storm = await restartStorm(stack, { lives: 10, width: 20 });
    expect(storm).toMatchObject({ values: 10 * 20 * 20, gaps: 0, feeds: 0 });
    expect(storm.calls).toBeGreaterThan(0);
    expect(storm.failures).toBeGreaterThan(0);
    expect(storm.after.descriptors).toBeLessThanOrEqual(storm.before.descriptors + 4);
    expect(storm.after.heap).toBeLessThan(storm.before.heap + 16e6);
  }, 300_000);
});
