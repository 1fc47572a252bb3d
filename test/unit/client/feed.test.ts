// SPDX-License-Identifier: MIT
// The watch over one server's events: its heartbeat, its connections, the confirmations it is due.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DeviceRoute } from "../../../tango/client/device-route.ts";
import { Feed } from "../../../tango/client/events/feed.ts";
import type { Receive } from "../../../tango/events/index.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] }));
afterEach(() => void vi.useRealTimers());

function publisher() {
  const broken = Promise.withResolvers<void>();
  const receivers = new Map<string, Receive>();
  return {
    lost: broken.promise,
    break: broken.resolve,
    receivers,
    listen: (topic: string, receive: Receive) => {
      receivers.set(topic, receive);
      return { [Symbol.dispose]: () => void receivers.delete(topic) };
    },
    settled: async () => true,
    [Symbol.asyncDispose]: vi.fn(async () => {}),
  };
}

function feed() {
  const calls: string[] = [];
  const admin = {
    reset: vi.fn(),
    run: async (deed: { subject: string }) => void calls.push(deed.subject),
  };
  const [event, heartbeat, forget] = [publisher(), publisher(), vi.fn()] as const;
  const channel = "tango://h:1/dserver/s/i";
  const made = new Feed({ admin: admin as unknown as DeviceRoute, event, heartbeat, channel, timeout: 100, forget });
  const beat = () => heartbeat.receivers.get(`${channel}.heartbeat`)?.([]);
  const use = (member = "x") => made.use({ ...wanted, member }, `a/b/c/${member}.change`, () => {});
  return { feed: made, use, beat, calls, admin, event, heartbeat, forget };
}
const wanted = { device: "a/b/c", version: 5, member: "x", event: "change" } as const;
const settled = async (promise: Promise<unknown>) => Promise.race([promise, Promise.resolve("waits")]);

test("a server whose heart beats is alive; one that is silent for 12 s is lost, and looked for anew", async () => {
  const world = feed();
  const used = world.use();
  for (let beats = 0; beats < 5; beats++) {
    vi.advanceTimersByTime(9000);
    world.beat();
  }
  expect(await settled(used.lost)).toBe("waits");
  vi.advanceTimersByTime(12_000);
  expect(await settled(used.lost)).toBe("waits");
  vi.advanceTimersByTime(1000);
  expect(await used.lost).toMatchObject({
    errors: [{ reason: "API_EventTimeout", desc: expect.stringContaining("not responding anymore") }],
  });
  expect(world.admin.reset).toHaveBeenCalledOnce();
  const closed = [world.event, world.heartbeat].map((each) => each[Symbol.asyncDispose]);
  expect([world.forget, ...closed].map((each) => each.mock.calls.length)).toEqual([1, 1, 1]);
  expect(world.feed.isOpen).toBe(false);
});

test("a connection that breaks says so at once", async () => {
  const world = feed();
  const used = world.use();
  world.event.break();
  expect((await used.lost).reason).toBe("API_EventTimeout");
});

test("what is still wanted is confirmed every 200 s, before servers forget it", async () => {
  const world = feed();
  const [first, second] = [world.use(), world.use("y")] as const;
  const live = () => {
    vi.advanceTimersByTime(9000);
    world.beat();
  };
  for (let time = 0; time < 400; time += 9) live();
  expect(world.calls).toEqual([", command EventConfirmSubscription", ", command EventConfirmSubscription"]);
  expect([...world.event.receivers.keys()]).toEqual(["a/b/c/x.change", "a/b/c/y.change"]);
  first[Symbol.dispose]();
  expect([...world.event.receivers.keys()]).toEqual(["a/b/c/y.change"]);
  expect(world.forget).not.toHaveBeenCalled();
  second[Symbol.dispose]();
  second[Symbol.dispose]();
  expect(world.forget).toHaveBeenCalledOnce();
  expect(world.admin.reset).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
