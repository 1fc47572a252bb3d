// SPDX-License-Identifier: MIT
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DeviceProxy } from "../../../../tango/client/index.ts";
import type { Identity } from "../../../../tango/server/device/identity.ts";
import { DeviceLock } from "../../../../tango/server/device/lock.ts";
import { RootLocks } from "../../../../tango/server/forwarded/root-locks.ts";

const owner: Identity = {
  host: "127.0.0.1",
  peer: "giop:tcp:127.0.0.1:4711",
  client: { kind: "cpp", pid: 1 },
};

/** Roots that note what happens to them. */
function rootsOf(...names: string[]) {
  const log: string[] = [];
  const rootNamed = (name: string) =>
    ({
      lock: async ({ validity }: { validity: number }) => {
        if (name.startsWith("taken")) throw new Error(`${name} is locked by another client`);
        log.push(`lock ${name} ${validity}`);
        return {
          lost: new AbortController().signal,
          [Symbol.asyncDispose]: async () => {
            log.push(`free ${name}`);
            if (name.startsWith("away")) throw new Error(`${name} is away`);
          },
        };
      },
    }) as unknown as DeviceProxy;
  return { log, roots: new Map(names.map((name) => [name, rootNamed(name)])) };
}

let now = 0;
const held = (validity: number) => {
  const lock = new DeviceLock("a/b/c", () => now);
  lock.lock(owner, validity);
  return lock;
};
beforeEach(() => {
  now = 0;
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => void vi.useRealTimers());

test("roots are locked once, however often the device is, and free when the device is", async () => {
  const { log, roots } = rootsOf("r/1", "r/2");
  const lock = held(5);
  await using locks = new RootLocks(lock);
  await locks.hold(roots);
  lock.lock(owner, 5);
  await locks.hold(roots);
  lock.unlock(owner, false);
  await locks.release();
  expect(log).toEqual(["lock r/1 5", "lock r/2 5"]);
  lock.unlock(owner, false);
  await locks.release();
  expect(log.slice(2)).toEqual(["free r/1", "free r/2"]);
});

test("one that refuses: the others are free again", async () => {
  const { log, roots } = rootsOf("r/1", "taken", "r/2");
  await using locks = new RootLocks(held(5));
  await expect(locks.hold(roots)).rejects.toThrow("taken is locked by another client");
  expect(log).toEqual(["lock r/1 5", "free r/1"]);
});

test("a root whose server is away holds up nothing", async () => {
  const { log, roots } = rootsOf("away", "r/1");
  const lock = held(5);
  await using locks = new RootLocks(lock);
  await locks.hold(roots);
  lock.unlock(owner, false);
  await locks.release();
  expect(log.slice(2)).toEqual(["free away", "free r/1"]);
});

test("the lock of a client that is gone ends, and theirs with it; while it renews they stay", async () => {
  const { log, roots } = rootsOf("r/1");
  const lock = held(1);
  await using locks = new RootLocks(lock);
  await locks.hold(roots);
  now = 900;
  lock.relock(owner);
  now = 1001;
  await vi.advanceTimersByTimeAsync(1001);
  expect(log).toEqual(["lock r/1 2"]);
  now = 1901;
  await vi.advanceTimersByTimeAsync(900);
  expect(log).toEqual(["lock r/1 2", "free r/1"]);
});

test("a device that is not locked locks nothing", async () => {
  const { log, roots } = rootsOf("r/1");
  await using locks = new RootLocks(new DeviceLock("a/b/c", () => now));
  await locks.hold(roots);
  expect(log).toEqual([]);
});
