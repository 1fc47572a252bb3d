// SPDX-License-Identifier: MIT
// The supervisor on a host of its own making: time passes when it is told to.
import { expect, test } from "vitest";
import type { Host, ListedServer } from "../../../servers/starter/host.ts";
import type { ServerProcess } from "../../../servers/starter/process-list.ts";
import { Supervisor } from "../../../servers/starter/supervisor.ts";
import { backOff } from "../../../servers/starter/watched.ts";
import { devFailed } from "../../../tango/errors.ts";

/** A host where launching makes a process that answers at once, unless the server is said to crash. */
function world(listed: ListedServer[]) {
  const processes: ServerProcess[] = [];
  const notes: string[] = [];
  const statistics: string[] = [];
  const launched: string[] = [];
  const crashing = new Set<string>();
  const deaf = new Set<string>();
  let now = 1_000_000;
  let pid = 0;
  const host: Host = {
    listed: async () => listed,
    processes: async () => [...processes],
    answers: async (server) => !deaf.has(server),
    kill: async (server) => end(server),
    signal: (which) =>
      void processes.splice(
        processes.findIndex((process) => process.pid === which),
        1,
      ),
    find: (server) => {
      if (server.startsWith("No")) throw devFailed("CANNOT_RUN_FILE", `${server} :  not found`);
      return `/bin/${server.split("/")[0]}`;
    },
    launch: async (server) => {
      launched.push(server);
      const [executable, instance] = server.split("/") as [string, string];
      if (!crashing.has(server)) processes.push({ pid: ++pid, executable, instance });
    },
    note: (text) => notes.push(text),
    statistic: ({ server, state }) => statistics.push(`${server} ${state}`),
    now: () => now,
    delay: async (milliseconds) => {
      now += milliseconds;
      await new Promise(setImmediate);
    },
  };
  const end = (server: string) => {
    const [executable] = server.split("/");
    processes.splice(
      processes.findIndex((process) => process.executable === executable),
      1,
    );
  };
  return {
    host,
    processes,
    notes,
    statistics,
    launched,
    crashing,
    deaf,
    end,
    pass: (seconds: number) => (now += seconds * 1000),
  };
}

const listed = (name: string, level = 1, controlled = true): ListedServer => ({ name, level, controlled });
const settings = { autoRestart: 0, startupTimeout: 5, levelWait: 1, movingMax: 120, levels: 5 };

test("lists what the database says, without the control system's own servers", async () => {
  const { host } = world([listed("A/1"), listed("DataBaseds/2"), listed("Starter/h"), listed("B/1", 0, false)]);
  const watch = new Supervisor(host, settings);
  await watch.refresh();
  expect(watch.servers.map(({ name }) => name)).toEqual(["A/1", "B/1"]);
  expect(watch.state.state).toBe("OFF");
});

test("two quick starts of one server start one process", async () => {
  const { host, launched, notes } = world([listed("A/1")]);
  const watch = new Supervisor(host, settings);
  await watch.refresh();
  watch.start("A/1");
  expect(() => watch.start("a/1")).toThrow("ALREADY_RUNNING: a/1 is already running !");
  expect(watch.state.state).toBe("MOVING");
  await watch.idle;
  await watch.check();
  expect(launched).toEqual(["A/1"]);
  expect(notes).toEqual(["A/1 started"]);
  expect(watch.state).toEqual({ state: "ON", status: "All controlled servers are running" });
  expect(() => watch.start("A/1")).toThrow("ALREADY_RUNNING");
  expect(() => watch.start("No/1")).toThrow("CANNOT_RUN_FILE: No/1 :  not found");
});

test("a server that runs already under another Starter is not started twice", async () => {
  const { host, launched, processes } = world([listed("A/1")]);
  const watch = new Supervisor(host, settings);
  await watch.refresh();
  processes.push({ pid: 99, executable: "A", instance: "1" });
  watch.start("A/1");
  await watch.idle;
  expect(launched).toEqual([]);
});

test("stops what runs, and says why it cannot stop the rest", async () => {
  const { host, deaf } = world([listed("A/1"), listed("B/1"), listed("C/1")]);
  const watch = new Supervisor(host, settings);
  await expect(watch.stop("A/1")).rejects.toThrow("A/1: Server  not controlled !");
  await watch.refresh();
  await expect(watch.stop("Z/1")).rejects.toThrow("Z/1: Unknown Server !");
  await expect(watch.stop("A/1")).rejects.toThrow("SERVER_NOT_RUNNING: A/1 is NOT running !");
  watch.start("A/1");
  watch.start("B/1");
  await watch.idle;
  deaf.add("B/1");
  await watch.check();
  await expect(watch.stop("b/1")).rejects.toThrow("SERVER_NOT_RESPONDING: b/1 is running but not responding !");
  await watch.stop("a/1");
  await watch.check();
  expect(watch.servers.map(({ state }) => state)).toEqual(["FAULT", "MOVING", "FAULT"]);
  await watch.hardKill("B/1");
  await expect(watch.hardKill("B/1")).rejects.toThrow("SERVER_NOT_RUNNING: Server B/1 is not running !");
});

test("a server that answers late is started then; one that hangs for a while is not started again", async () => {
  const { host, deaf, processes, statistics } = world([listed("A/1")]);
  const watch = new Supervisor(host, settings);
  await watch.refresh();
  deaf.add("A/1");
  processes.push({ pid: 7, executable: "A", instance: "1" });
  await watch.check();
  expect(statistics).toEqual([]);
  for (const _ of [1, 2]) {
    deaf.delete("A/1");
    await watch.check();
    deaf.add("A/1");
    await watch.check();
  }
  expect(statistics).toEqual(["A/1 ON"]);
});

test("levels start one after the other, one at a time", async () => {
  const { host, launched } = world([listed("B/1", 2), listed("A/1", 1), listed("A/2", 1), listed("X/1", 0, false)]);
  const watch = new Supervisor(host, settings);
  await watch.refresh();
  const all = watch.startAll();
  expect(() => watch.startLevel(2)).toThrow("LevelAlreadyStarting: Level 2 is already starting");
  await all;
  expect(launched).toEqual(["A/1", "A/2", "B/1"]);
  await watch.check();
  await watch.stopLevel(1);
  await watch.check();
  expect(watch.servers.filter(({ state }) => state === "ON").map(({ name }) => name)).toEqual(["B/1"]);
});

test("what failed after a long run is started again; in a crash loop ever later, and it says so", async () => {
  const { host, launched, crashing, notes, end, pass } = world([listed("A/1")]);
  const watch = new Supervisor(host, { ...settings, autoRestart: 1 });
  await watch.refresh();
  watch.start("A/1");
  await watch.idle;
  await watch.check();
  end("A/1");
  pass(30);
  await watch.check();
  await watch.idle;
  expect(launched, "it had not run for a minute").toEqual(["A/1"]);

  watch.start("A/1");
  await watch.idle;
  await watch.check();
  for (let crash = 0; crash < 4; crash++) {
    pass(crash === 0 ? 90 : 1);
    end("A/1");
    await watch.check();
    if (crash > 0) {
      expect(notes.at(-1)).toBe(`A/1 failed again, ${crash} times in a row: next start in ${2 ** crash} s`);
      expect(watch.state.status).toContain(`A/1 keeps failing (${crash} times in a row)`);
      pass(backOff(crash) / 1000);
      await watch.check();
    }
    await watch.idle;
    await watch.check();
    expect(launched.length).toBe(3 + crash);
  }
  crashing.add("A/1");
  expect(backOff(30)).toBe(300_000);
});

test("a server stopped on request is not started again by itself", async () => {
  const { host, launched, pass } = world([listed("A/1")]);
  const watch = new Supervisor(host, { ...settings, autoRestart: 1 });
  await watch.refresh();
  watch.start("A/1");
  await watch.idle;
  await watch.check();
  pass(500);
  await watch.stop("A/1");
  await watch.check();
  await watch.check();
  expect(launched).toEqual(["A/1"]);
});

test("a server that ends at once is told", async () => {
  const { host, crashing, notes } = world([listed("A/1")]);
  crashing.add("A/1");
  const watch = new Supervisor(host, { ...settings, startupTimeout: 30 });
  await watch.refresh();
  watch.start("A/1");
  await watch.idle;
  expect(notes).toEqual(["A/1 not started: it ended at once, see its log"]);
});
