// SPDX-License-Identifier: MIT
// The watch over one server's events: its heartbeat, its connections, the confirmations it is due.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { DeviceRoute } from "../../../tango/client/device-route.ts";
import { Feed } from "../../../tango/client/events/feed.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] }));
afterEach(() => void vi.useRealTimers());

function link(endpoint: string) {
  const broken = Promise.withResolvers<void>();
  return { endpoint, lost: broken.promise, break: broken.resolve, release: vi.fn() };
}

function feed() {
  let beat = () => {};
  const calls: string[] = [];
  const admin = {
    reset: vi.fn(),
    run: async (deed: { subject: string }) => void calls.push(deed.subject),
  };
  const [event, heartbeat, forget, unlisten] = [link("event"), link("heartbeat"), vi.fn(), vi.fn()] as const;
  const listen = (heard: () => void) => {
    beat = heard;
    return { [Symbol.dispose]: unlisten };
  };
  const made = new Feed({ admin: admin as unknown as DeviceRoute, event, heartbeat, listen, timeout: 100, forget });
  return { feed: made, beat: () => beat(), calls, admin, event, heartbeat, forget, unlisten };
}
const wanted = { device: "a/b/c", version: 5, member: "x", event: "change" } as const;
const settled = async (promise: Promise<unknown>) => Promise.race([promise, Promise.resolve("waits")]);

test("a server whose heart beats is alive; one that is silent for 12 s is lost, and looked for anew", async () => {
  const world = feed();
  world.feed.use(wanted);
  for (let beats = 0; beats < 5; beats++) {
    vi.advanceTimersByTime(9000);
    world.beat();
  }
  expect(await settled(world.feed.lost)).toBe("waits");
  vi.advanceTimersByTime(12_000);
  expect(await settled(world.feed.lost)).toBe("waits");
  vi.advanceTimersByTime(1000);
  expect(await world.feed.lost).toMatchObject({
    errors: [{ reason: "API_EventTimeout", desc: expect.stringContaining("not responding anymore") }],
  });
  expect(world.admin.reset).toHaveBeenCalledOnce();
  expect([world.forget, world.unlisten, world.event.release, world.heartbeat.release].map((each) => each.mock.calls.length))
    .toEqual([1, 1, 1, 1]); // biome-ignore format: what was let go
});

test("a connection that breaks says so at once", async () => {
  const world = feed();
  world.feed.use(wanted);
  world.event.break();
  expect((await world.feed.lost).reason).toBe("API_EventTimeout");
});

test("what is still wanted is confirmed every 200 s, before servers forget it", async () => {
  const world = feed();
  const [first, second] = [world.feed.use(wanted), world.feed.use({ ...wanted, member: "y" })] as const;
  const live = () => {
    vi.advanceTimersByTime(9000);
    world.beat();
  };
  for (let time = 0; time < 400; time += 9) live();
  expect(world.calls).toEqual([", command EventConfirmSubscription", ", command EventConfirmSubscription"]);
  first[Symbol.dispose]();
  expect(world.forget).not.toHaveBeenCalled();
  second[Symbol.dispose]();
  second[Symbol.dispose]();
  expect(world.forget).toHaveBeenCalledOnce();
  expect(world.admin.reset).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});
