// SPDX-License-Identifier: MIT
// A device that is lost before, during and after a scan: the C++ TangoTest killed, frozen, and started again.

import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openAxis, openCounters } from "../../devices/index.ts";
import { ascan, loopscan, memorySink, Session } from "../../scanning/index.ts";
import { controlSystem } from "../../tango/index.ts";
import { embeddedDatabase } from "../world/embedded-database.ts";
import { describeWith } from "../world/peers.ts";
import { run } from "../world/process.ts";

const ready = /Ready to accept request/;
const root = join(import.meta.dirname, "../..");

describeWith(["TangoTest", "tango_admin"], "a device lost around a scan", () => {
  test("before: refused before anything moves; during: named, stopped, data kept; after: works again", {
    timeout: 60_000,
  }, async () => {
    await using database = await embeddedDatabase();
    const { env } = database;
    execFileSync("tango_admin", ["--add-server", "SimulatedMotor/s", "SimulatedMotor", "id00/motor/m"], { env });
    await using _motor = await run(join(root, "bin/SimulatedMotor"), ["s"], { env, ready });
    const start = () => run("/usr/lib/tango/TangoTest", ["test"], { env, ready });
    const first = await start();
    await using system = controlSystem({ host: database.host });
    await using m = await openAxis("m", "id00/motor/m", { system });
    await using counters = await openCounters("sys/tg_test/1", { dbl: "double_scalar" }, { system, timeout: 1000 });
    await using spare = await openCounters("sys/tg_test/1", { maybe: "double_scalar" }, { system, critical: false, timeout: 1000 }); // biome-ignore format: one glance
    const sink = memorySink();
    const session = new Session({ name: "test", sink, objects: [m], warn: () => {} });

    // During: killed in the middle.
    const scan = session.start(ascan(m, 0, 1, 50, 0.02, counters.dbl));
    for await (const _ of scan) if (scan.points === 5) break;
    await first.stop("SIGKILL");
    await expect(scan.done()).rejects.toThrow(/sys\/tg_test\/1|API_/);
    expect(await m.state?.()).toBe("ON");
    const [lost] = sink.scans;
    expect(lost!.reason).toBe("FAILURE");
    expect(lost!.values("1:dbl").length).toBeGreaterThanOrEqual(5);

    // Before: the first point fails, at the first place.
    const gone = session.start(ascan(m, 0.5, 1, 5, 0.01, counters.dbl));
    await expect(gone.done()).rejects.toThrow();
    expect(gone.points).toBe(0);

    // What is not critical is NaN meanwhile.
    const missing = session.start(loopscan(2, 0, spare.maybe));
    expect(await missing.done()).toMatchObject({ reason: "SUCCESS" });
    expect([...missing.data("maybe")]).toEqual([Number.NaN, Number.NaN]);

    // After: started again, the same objects work.
    await using second = await start();
    for (let tries = 0; ; tries++) {
      const { reason } = await session.start(loopscan(3, 0, counters.dbl)).ended;
      if (reason === "SUCCESS") break;
      expect(tries).toBeLessThan(50);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }

    // Frozen: the counter's time-out names the device, and nothing hangs.
    second.child.kill("SIGSTOP");
    const frozen = session.start(loopscan(3, 0, counters.dbl));
    await expect(frozen.done()).rejects.toThrow(/[Tt]imeout|did not finish/);
    second.child.kill("SIGCONT");
  });
});
