// SPDX-License-Identifier: MIT
import { closeSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hostState, serverLine, type WatchedServer } from "../../../servers/starter/host-state.ts";
import { logDate, logFiles } from "../../../servers/starter/log-files.ts";
import { runs, serverOf, serverProcesses } from "../../../servers/starter/process-list.ts";

test.each([
  ["/usr/lib/tango/TangoTest test -v2", "TangoTest", "test"],
  ["TangoTest Test", "TangoTest", "Test"],
  ["/usr/bin/python3 -u /opt/ds/LimaCCDs.py basler", "LimaCCDs", "basler"],
  ["python3.11 -W ignore -m my.package.Server one", "Server", "one"],
  ["/opt/peers/bin/python /opt/ds/LimaCCDs basler", "LimaCCDs", "basler"],
  ["node --enable-source-maps /opt/bandoneon/servers/icepap/main.ts one", "icepap", "one"],
  ["java -DTANGO_HOST=x -cp a.jar:b.jar org.tango.pkg.JServer inst", "JServer", "inst"],
  ["java -jar /opt/JServer.jar inst", "JServer", "inst"],
])("%s runs %s/%s", (line, executable, instance) => {
  expect(serverOf(line.split(" "))).toEqual({ executable, instance });
});

test("what runs no server is none", () => {
  for (const line of ["bash", "python3", "python3 -m", "java -version", "python3 script.py"])
    expect(serverOf(line.split(" ")), line).toBeUndefined();
  expect(serverOf([])).toBeUndefined();
});

test("the executable is compared with case, the instance without; no slash means both", () => {
  const process = { pid: 1, executable: "TangoTest", instance: "ST1" };
  expect(runs(process, "TangoTest/st1")).toBe(true);
  expect(runs(process, "tangotest/st1")).toBe(false);
  expect(runs({ ...process, instance: "TangoTest" }, "TangoTest")).toBe(true);
});

test("processes are read from /proc", async () => {
  using folder = temporary();
  for (const [pid, line] of [
    ["12", "/x/TangoTest\0one\0"],
    ["13", ""],
    ["self", "/x/TangoTest\0two\0"],
  ] as const) {
    mkdirSync(join(folder.path, pid));
    writeFileSync(join(folder.path, pid, "cmdline"), line);
  }
  mkdirSync(join(folder.path, "14"));
  expect(await serverProcesses(folder.path)).toEqual([{ pid: 12, executable: "TangoTest", instance: "one" }]);
});

const server = (more: Partial<WatchedServer>): WatchedServer => ({
  name: "A/1",
  state: "ON",
  controlled: true,
  level: 1,
  instances: 1,
  movingSince: 0,
  ...more,
});

test.each<[string, WatchedServer[], boolean, string]>([
  ["no server", [], false, "ON"],
  ["all run", [server({}), server({})], false, "ON"],
  ["no controlled one", [server({ state: "FAULT", controlled: false })], false, "ON"],
  ["one does not run", [server({}), server({ state: "FAULT" })], false, "ALARM"],
  ["none runs", [server({ state: "FAULT" })], false, "OFF"],
  ["one does not answer", [server({}), server({ state: "MOVING", movingSince: 999_000 })], false, "MOVING"],
  ["one does not answer for long", [server({}), server({ state: "MOVING", movingSince: 1 })], false, "STANDBY"],
  ["one is being started", [server({})], true, "MOVING"],
  ["one runs twice", [server({ instances: 2 })], false, "ALARM"],
])("the host's state when %s", (_when, servers, busy, state) => {
  expect(hostState(servers, busy, 1_000_000, 120_000).state).toBe(state);
});

test("a line of Servers", () => {
  expect(serverLine(server({ name: "TangoTest/st1" }))).toBe("TangoTest/st1\tON\t1\t1\t1");
});

function temporary(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), "starter-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

test("logs are rotated by their time and read in Astor's forms", () => {
  using home = temporary();
  const logs = logFiles(home.path, 3, () => new Date(2026, 10, 24, 8, 4, 9).getTime());
  const folder = join(home.path, "ds.log");
  const current = join(folder, "TangoTest_one.log");
  for (let start = 0; start < 5; start++) {
    closeSync(logs.open("TangoTest/one"));
    writeFileSync(current, `start ${start}`);
    const time = new Date(2026, 0, 1, 0, 0, start);
    utimesSync(current, time, time);
  }
  expect(readdirSync(folder).sort()).toEqual([
    "TangoTest_one.log",
    "TangoTest_one_[2026-01-01_00-00-02].log",
    "TangoTest_one_[2026-01-01_00-00-03].log",
  ]);
  expect(logs.read("TangoTest/one")).toBe(`${current}\n01/01/26   00:00:04\n\nstart 4`);
  logs.note("Starter startup");
  logs.note("TangoTest/one started");
  expect(logs.read("Starter")).toBe(
    "24/11/26   08:04:09\tTangoTest/one started\n24/11/26   08:04:09\tStarter startup\n",
  );
  logs.statistic({ server: "TangoTest/one", state: "ON", started: 5, failed: -1, automatic: false });
  expect(logs.read("Statistics")).toBe("TangoTest/one\tON\t5\t-1\tfalse\n");
  expect(() => logs.read("No/such")).toThrow(`Cannot open ${join(folder, "No_such.log")}`);
  expect(() => logs.read("../../etc/passwd")).toThrow("Cannot open");
  expect(logDate(new Date(2026, 10, 24, 8, 4, 9))).toBe("24/11/26   08:04:09");
  expect(existsSync(current)).toBe(true);
});

test("a home that cannot be written is told by name", () => {
  expect(() => logFiles("/proc/nowhere", 3)).toThrow(
    /^CANNOT_CREATE_LOG_FILE: cannot write in \/proc\/nowhere\/ds\.log/,
  );
});
