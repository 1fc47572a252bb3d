// SPDX-License-Identifier: MIT
// `npm start` as its user runs it, judged from outside: what it prints, the file by h5py, the devices by PyTango, and that it
// leaves nothing behind however it ends.
import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { describeWith, python } from "../world/peers.ts";
import { freePort } from "../world/ports.ts";
import { type Running, run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");
const start = (state: string, more: readonly string[] = [], options: Parameters<typeof run>[2] = {}) =>
  run(join(root, "bin/bandoneon"), ["demo", "--state", state, ...more], options);

async function withState(body: (state: string) => Promise<void>): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), "bandoneon-demo-"));
  try {
    await body(state);
    expect(processesOf(state)).toEqual({});
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

/** The processes that work for this state folder: command lines by pid. */
function processesOf(state: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, "latin1");
      if (environment.includes(`BANDONEON_DEMO=${state}\0`))
        found[pid] = readFileSync(`/proc/${pid}/cmdline`, "latin1").replaceAll("\0", " ");
    } catch {
      // ended meanwhile
    }
  }
  return found;
}

const judge = `import sys, json, h5py
with h5py.File(sys.argv[1]) as f:
    out = {}
    def visit(name, item):
        if isinstance(item, h5py.Dataset):
            value = item[()]
            out[name] = {"shape": list(item.shape), "dtype": str(item.dtype), "units": item.attrs.get("units")}
    f["1.1"].visititems(visit)
    m = f["1.1/measurement"]
    print(json.dumps({"items": out, "measurement": {k: [list(m[k].shape), str(m[k].dtype), m[k].attrs.get("units")] for k in m},
      "robx": m["robx"][()].tolist(), "diode": m["diode"][()].tolist(), "end_reason": f["1.1/end_reason"][()].decode()}))`;
const read = async (state: string) =>
  JSON.parse((await promisify(execFile)(python, ["-c", judge, join(state, "data/demo/data.h5")])).stdout);
const ended = async (demo: Running) => [await demo.exited, demo.output()] as const;

describeWith(["h5py", "PyTango 10.3"], "the demo beamline", () => {
  test("scans 21 points into a file that h5py reads, and exits 0 without a terminal", () =>
    withState(async (state) => {
      await using demo = await start(state);
      const [code, output] = await ended(demo);
      expect(output).toMatch(/Scan 1: ascan robx 0\.0000 10\.0000 20/);
      expect(output).toMatch(/TANGO_HOST=127\.0\.0\.1:\d+/);
      expect(output).toMatch(/Next: `npm start` on a terminal/);
      expect(code).toBe(0);
      const file = await read(state);
      expect(file.robx.map((x: number) => Math.round(x * 1e4) / 1e4)).toEqual(
        Array.from({ length: 21 }, (_, i) => i / 2),
      );
      expect(file.measurement).toMatchObject({
        robx: [[21], "float64", "mm"],
        diode: [[21], "float64", "cts/s"],
        monitor: [[21], "float64", "cts/s"],
        current: [[21], "float64", "mA"],
        cam: [[21, 192, 256], "uint16", null],
        mca_det0: [[21, 4096], "uint32", null],
        mca_det0_live_time: [[21], "float64", "s"],
      });
      expect(Math.max(...file.diode)).toBe(file.diode[10]);
      expect(file.end_reason).toBe("SUCCESS");
    }));

  test("stays up when asked, serves PyTango, and ends cleanly at SIGINT", () =>
    withState(async (state) => {
      const port = await freePort();
      await using demo = await start(state, ["--stay", "--port", String(port)], {
        ready: /stays up until Ctrl-C/,
        patience: 60_000,
      });
      const script = "import tango; d = tango.DeviceProxy('robx'); d.Position = 3; print(d.state(), d.dev_name())";
      const env = { ...process.env, TANGO_HOST: `127.0.0.1:${port}` };
      expect(execFileSync(python, ["-c", script], { env, encoding: "utf8" }).trim()).toBe("MOVING demo/motor/robx");
      expect(await demo.stop("SIGINT", 20_000)).toBe(0);
    }));

  test("a device that dies in mid-scan ends it with one message; the file is closed and has the points until then", () =>
    withState(async (state) => {
      await using demo = await start(state, [], { ready: /\n +4 /, patience: 60_000 });
      const [counter] = Object.entries(processesOf(state)).find(([, line]) => /simulated-?counter/i.test(line))!;
      process.kill(Number(counter), "SIGKILL");
      const [code, output] = await ended(demo);
      expect(code).toBe(1);
      expect(output).toMatch(/FAILED after \d+ of 21 points; what was measured is kept/);
      expect(output).toMatch(/bandoneon: .*SimulatedCounter\/demo ended with SIGKILL/s);
      const file = await read(state);
      expect(file.end_reason).toBe("FAILURE");
      expect(file.diode.length).toBeGreaterThanOrEqual(4);
      expect(file.diode.length).toBeLessThan(21);
    }));

  test("a busy port, an unwritable folder: one message that names it and what to do, non-zero exit", () =>
    withState(async (state) => {
      const port = await freePort();
      const server = createServer().listen(port, "127.0.0.1");
      await using busy = await start(state, ["--port", String(port)]);
      expect(await ended(busy)).toEqual([
        1,
        expect.stringMatching(new RegExp(`port ${port} on 127.0.0.1 is in use.*--port`)),
      ]);
      server.close();

      const file = join(state, "file");
      writeFileSync(file, "");
      mkdirSync(join(state, "sub"));
      await using unwritable = await start(join(file, "folder"));
      expect(await ended(unwritable)).toEqual([
        1,
        expect.stringMatching(/cannot write in the folder .*file\/folder.*--state/),
      ]);
    }));

  test("a mistake in a YAML file is told with its line and column, and what was expected", () =>
    withState(async (state) => {
      const folder = join(state, "own");
      cpSync(join(root, "config/examples/demo"), folder, { recursive: true });
      const spoil = (name: string, from: string, to: string) => {
        const file = join(folder, name);
        writeFileSync(file, readFileSync(file, "utf8").replace(from, to));
      };
      spoil("beamline.yml", "SimulatedMotor/demo:", "SimulatedMotor:");
      await using servers = await start(state, ["--folder", folder]);
      expect(await ended(servers)).toEqual([1, expect.stringMatching(/beamline\.yml:\d+:\d+.*Server\/instance/s)]);
      spoil("beamline.yml", "SimulatedMotor:", "SimulatedMotor/demo:");
      spoil("session.yml", "kind: motor", "kind: moter");
      await using session = await start(state, ["--folder", folder]);
      expect(await ended(session)).toEqual([1, expect.stringMatching(/session\.yml:\d+:\d+.*motor/s)]);
    }));

  test.skipIf(process.getuid?.() !== 0)(
    "a disk that fills up in mid-scan ends it with one message; the file is readable",
    () =>
      withState(async (state) => {
        execFileSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", state]);
        try {
          await using demo = await start(state, [], { ready: /\n +2 /, patience: 60_000 });
          const { bavail, bsize } = statfsSync(state);
          execFileSync("fallocate", ["-l", String(bavail * bsize - 10_000_000), join(state, "filler")]);
          const [code, output] = await ended(demo);
          expect(output).toMatch(/the disk of .* is full \(.* left, .* are kept free\): make room, or save elsewhere/);
          expect(code).toBe(1);
          const file = await read(state);
          expect(file.end_reason).toBe("FAILURE");
          expect(file.robx.length).toBeGreaterThan(2);
        } finally {
          execFileSync("umount", ["-l", state]);
        }
      }),
  );

  test("on a terminal a shell stays: verbs work, Ctrl-C stops a scan, and at rest it leaves", () =>
    withState(async (state) => {
      const keys = [
        ["demo> ", "wa()\r"],
        ["user +10\\.0000", "ascan(roby, -5, 5, 200, 0.05)\r"],
        ["\\s3 +\\d+\\.\\d{3} +-", "\x03"],
        ["aborted after [\\s\\S]*?demo> ", "\x03"],
        ["again, or Ctrl-D, leaves", "\x03"],
      ];
      const terminal = join(root, "test/world/terminal.py");
      const command = [terminal, join(root, "bin/bandoneon"), "demo", "--state", state];
      const answer = execFileSync(python, command, {
        input: JSON.stringify(keys),
        encoding: "utf8",
        maxBuffer: 1 << 26,
      });
      expect(JSON.parse(answer)).toMatchObject({ status: 0, left: [], shown: expect.stringMatching(/\[mm\]/) });
    }));
});
