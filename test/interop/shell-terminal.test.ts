// SPDX-License-Identifier: MIT
// The shell in a real terminal (util-linux `script` makes one), and scan scripts, over Tango to a motor server's process:
// what a person types, sees, and stops.
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { embeddedDatabase } from "../world/embedded-database.ts";
import { describeWith } from "../world/peers.ts";
import { freePort } from "../world/ports.ts";
import { type Running, run } from "../world/process.ts";

const root = join(import.meta.dirname, "../..");
const bandoneon = join(root, "bin/bandoneon");
let server: Running;
let folder: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  const port = await freePort();
  const args = ["t", "-nodb", "-dlist", "a/motor/1", "-ORBendPoint", `giop:tcp:127.0.0.1:${port}`];
  server = await run(join(root, "bin/SimulatedMotor"), args, { ready: /Ready to accept request/ });
  folder = mkdtempSync(join(tmpdir(), "bandoneon-shell-"));
  env = { ...process.env, XDG_STATE_HOME: join(folder, "state"), BANDONEON_SESSION: join(folder, "session.yml") };
  const device = `"tango://127.0.0.1:${port}/a/motor/1#dbase=no"`;
  writeFileSync(
    join(folder, "setup.ts"),
    `import { isAxis, type Session } from "bandoneon/scanning";
export const setup = (session: Session) => session.metadata.add("sample", { name: "salt" });
export const isMotor = (object: unknown): boolean => isAxis(object);
`,
  );
  writeFileSync(
    join(folder, "session.yml"),
    `name: lab
objects:
  robx: { kind: motor, device: ${device} }
  encoder: { kind: counter, device: ${device}, attribute: Measured_Position }
groups: { all: [encoder] }
data: { folder: data }
setup: setup.ts
`,
  );
});
afterAll(async () => {
  await server?.stop();
  if (folder) rmSync(folder, { recursive: true });
});

/** A program in a terminal of its own. */
function terminal(command: string, more: NodeJS.ProcessEnv = {}) {
  const child = spawn("script", ["-qfec", `stty cols 100 rows 40; exec ${command}`, "/dev/null"], {
    cwd: folder,
    env: { ...env, ...more },
    stdio: ["pipe", "pipe", "inherit"],
  });
  let seen = "";
  let from = 0;
  let heard = () => {};
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    seen += text;
    heard();
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  return {
    exited,
    type: (text: string) => {
      from = seen.length;
      child.stdin.write(text);
    },
    /** Waits until this is seen, after what was typed last. */
    async sees(pattern: RegExp): Promise<string> {
      const late = AbortSignal.timeout(10_000);
      while (!pattern.test(seen.slice(from))) {
        if (late.aborted) throw new Error(`${pattern} did not appear:\n${seen.slice(from)}`);
        await new Promise<void>((resolve) => {
          heard = resolve;
          setTimeout(resolve, 200);
        });
      }
      return seen.slice(from);
    },
    [Symbol.dispose]: () => void child.kill(),
  };
}

describeWith(["a terminal"], "the shell on a terminal", () => {
  test("at a prompt: moves, a scan with progress, Ctrl-C stops both, Ctrl-D leaves", async () => {
    using shell = terminal(`${bandoneon} shell`);
    await shell.sees(/Session lab: 3 objects.*lab> /s);
    shell.type("isMotor(robx)\r");
    await shell.sees(/true.*lab> /s);
    shell.type("umv(robx, 2)\r");
    expect(await shell.sees(/target +2\.0000.*lab> /s)).toContain("\x1b[3A");

    shell.type("ascan(robx, 0, 4, 400, 0.05)\r");
    expect(await shell.sees(/ 2\/401 ─+ {3}0 %.*left {2}encoder peaks at robx/)).toContain(
      "Scan 1: ascan robx 0.0000 4.0000 400 0.05",
    );
    shell.type("\x03");
    await shell.sees(
      /aborted after \d+ of 401 points; what was measured is kept\r\n!!! ScanAbort: stopped by Ctrl-C\r\n.*lab> /s,
    );

    shell.type("mv(robx, 1000)\r");
    await shell.sees(/Moving robx/);
    shell.type("\x03");
    await shell.sees(/Axis robx stopped at position .*lab> /s);
    shell.type("sta()\r");
    await shell.sees(/robx {2}.*(ON|READY)/);
    shell.type("\x04");
    expect(await shell.exited).toBe(0);
    expect(existsSync(join(folder, "data/lab/data.h5"))).toBe(true);
  });
});

describeWith(["a terminal"], "the shell on a terminal", () => {
  test("lines typed are there again in the next session", async () => {
    using shell = terminal(`${bandoneon} shell`);
    await shell.sees(/lab> /);
    shell.type("\x1b[A");
    await shell.sees(/sta\(\)/);
    shell.type("\x15\x04");
    expect(await shell.exited).toBe(0);
  });
});

describeWith(["a terminal", "tango_admin"], "the shell in a control system", () => {
  test("Tab completes the devices of the database, and the attributes and commands of one", async () => {
    await using database = await embeddedDatabase();
    execFileSync("tango_admin", ["--add-server", "SimulatedMotor/s", "SimulatedMotor", "id00/motor/robx"], { env: database.env }); // biome-ignore format: one glance
    const ready = /Ready to accept request/;
    await using _motor = await run(join(root, "bin/SimulatedMotor"), ["s"], { env: database.env, ready });
    writeFileSync(join(folder, "none.yml"), "name: none\n");
    using shell = terminal(`${bandoneon} shell none.yml`, database.env);
    await shell.sees(/none> /);
    shell.type('d = device("id00/mo');
    await shell.sees(/id00\/mo/);
    shell.type("\t");
    await shell.sees(/tor\/robx/);
    shell.type('")\r');
    await shell.sees(/Device\(.*id00\/motor\/robx\).*none> /s);
    shell.type('await d.read("Positi');
    await shell.sees(/Positi/);
    shell.type("\t");
    await shell.sees(/on/);
    shell.type('")\r');
    await shell.sees(/\n0\b|\D0\b.*none> /s);
    shell.type("\x04");
    expect(await shell.exited).toBe(0);
  });
});

test("SIGTERM stops what runs, and leaves", async () => {
  const lines = join(folder, "lines");
  writeFileSync(lines, "mv(robx, -1000)\n");
  // The input stays open behind the lines.
  const command = `{ cat ${lines}; sleep 20; } | exec ${bandoneon} shell`;
  await using running = await run("bash", ["-c", command], { cwd: folder, env, ready: /Moving robx/, detached: true });
  const group = -running.child.pid!;
  process.kill(group, "SIGTERM");
  await running.exited;
  await expect.poll(() => running.output(), { timeout: 5000 }).toMatch(/Axis robx stopped at position/);
});

const script = `import type { Beamline } from "bandoneon/scanning";
import { Scan } from "bandoneon/scanning";

export async function run({ plan, ascan, umv, objects, session }: Beamline, points: string) {
  const robx = session.axis("robx");
  await umv(robx, 0);
  const scan = await ascan(robx, 0, 1, Number(points), 0.01);
  console.log("measured", scan.points, Object.keys(objects).join(" "), plan.ct(1) instanceof Scan);
}
`;

test("a script is given the verbs and the objects of the session, and its words", async () => {
  writeFileSync(join(folder, "scan.ts"), script);
  await using running = await run(bandoneon, ["scan", "scan.ts", "4"], { cwd: folder, env });
  expect(await running.exited).toBe(0);
  expect(running.output()).toContain("measured 5 robx encoder all true\n");
});

test("SIGINT ends a script's scan cleanly: points kept, an error, not zero", async () => {
  writeFileSync(join(folder, "scan.ts"), script);
  await using running = await run(bandoneon, ["scan", "scan.ts", "5000"], { cwd: folder, env, ready: /^ {4}3 /m });
  expect(await running.stop("SIGINT")).toBe(1);
  expect(running.output()).toMatch(/aborted after \d+ of 5001 points.*\n.*bandoneon: stopped by Ctrl-C/s);
});

test("a script that cannot be run is told in one line", async () => {
  await using missing = await run(bandoneon, ["scan", "nothing.ts"], { cwd: folder, env });
  expect(await missing.exited).toBe(1);
  expect(missing.output()).toMatch(/^bandoneon: .*nothing\.ts/m);
  writeFileSync(join(folder, "bad.yml"), "name: lab\nobject: {}\n");
  await using bad = await run(bandoneon, ["scan", "--session", "bad.yml", "scan.ts"], { cwd: folder, env });
  expect(await bad.exited).toBe(1);
  expect(bad.output()).toMatch(
    /^bandoneon: bad\.yml:2:1: unknown word "object"; did you mean objects\? Known: name, include, objects, .*\n$/,
  );
});

test("lines from a pipe end with an exit code", () => {
  writeFileSync(join(folder, "empty.yml"), "name: empty\n");
  const shell = (lines: string) => {
    const { status, stdout } = spawnSync(bandoneon, ["shell", "empty.yml"], { cwd: folder, env, input: lines });
    return [status, String(stdout)];
  };
  expect(shell("1 + 1\n")).toEqual([0, "2\n"]);
  expect(shell("nothing\n1 + 1\n")).toEqual([1, "!!! ReferenceError: nothing is not defined\n2\n"]);
});
