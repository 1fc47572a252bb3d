// SPDX-License-Identifier: MIT
import { PassThrough } from "node:stream";
import { beforeEach, expect, test } from "vitest";
import { startShell } from "../../../cli/shell/start.ts";
import { type Axis, Session, softAxis, softCounters } from "../../../scanning/index.ts";

let robx: Axis;
let slow: Axis;
let session: Session;
beforeEach(() => {
  robx = softAxis("robx", { unit: "mm", limits: [-10, 10] });
  slow = softAxis("slow", { velocity: 1, decimals: 1 });
  const { det } = softCounters("dev", { det: () => 7 });
  session = new Session({ name: "demo", objects: [robx, slow, det], warn: () => {} });
});

/** A shell whose output is kept; on a terminal keys are given one by one. */
async function open(terminal: boolean, objects: Record<string, unknown> = {}) {
  const input = Object.assign(new PassThrough(), { isTTY: terminal });
  const output = Object.assign(new PassThrough(), { isTTY: terminal, columns: 100 });
  let said = "";
  output.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const devices = async (beginning: string) => ["sys/tg_test/1", "sys/tg_test/2"].filter((name) => name.startsWith(beginning)); // biome-ignore format: one glance
  const shell = await startShell({ session, objects, input, output, devices });
  const until = async (pattern: RegExp) => {
    while (!pattern.test(said)) await new Promise(setImmediate);
  };
  return { input, shell, until, said: () => said };
}

/** Runs lines as a pipe would, and gives the output without prompts. */
async function piped(...lines: readonly string[]): Promise<string> {
  const { input, shell, said } = await open(false, { answer: 42 });
  input.end(lines.map((line) => `${line}\n`).join(""));
  await shell.ended;
  return said();
}

test("verbs need no await; each line waits for the one before", async () => {
  const said = await piped("mv(robx, 2)", "robx.position()", "ascan(robx, 0, 1, 1, 0, det, { save: false })", "wu()");
  expect(said).toContain("Moving robx from 0.00000 to 2.00000\n2\nascan robx 0.00000 1.00000 1 0  (not saved)\n");
  expect(said).toMatch(
    /Took .*\nScan\(ascan robx .*; 2 points, DONE\)\n {6}robx\[mm\] {2}slow\nuser {3}1\.00000 {3}0\.0\n/,
  );
});

test("names: objects, verbs, what was given, the session; await, several lines, and results work as in JavaScript", async () => {
  const lines = [
    "answer + 1",
    "const p = await robx.position(); p",
    "for (const i of [1, 2]) {",
    "  mvr(robx, 0)",
    "}",
    "session.name",
  ];
  const said = await piped(...lines, "robx", "last = await ct(0, det); last.data('det')[0]");
  expect(said).toMatch(/^43\n0\n/);
  expect(said).toContain("'demo'\nAXIS robx\n  position      0.00000 mm\n");
  expect(said).toMatch(/det =.*\nTook.*\n7\n/);
});

test("input that ends in the middle of a line is an error, and counted", async () => {
  const { input, shell, said } = await open(false);
  input.end("1 + 1\nmv(robx,\n");
  await shell.ended;
  expect(said()).toMatch(/^2\n.*!!! SyntaxError: the input ended in the middle of a line\n$/s);
  expect(shell.failures).toBe(1);
});

test("errors are one line, kept in last_error, and the shell goes on", async () => {
  const said = await piped("mv(robx, 11)", "nothing", "rob", "await ascan(robx)", "1 +* 2", "last_error.name", "3");
  expect(said.split("\n")).toEqual([
    "!!! LimitError: robx: move to `11.0' would exceed high limit (10.0)",
    "!!! ReferenceError: nothing is not defined",
    "!!! ReferenceError: rob is not defined; did you mean robx?",
    expect.stringMatching(/^!!! ScanArgumentError: .* Usage: ascan\(motor, start, stop, intervals/),
    "!!! SyntaxError: Unexpected token '*'",
    "'SyntaxError'",
    "3",
    "",
  ]);
});

test("an error nobody waits for is told, too", async () => {
  const said = await piped("void mv(robx, 11)", "await new Promise(setImmediate)");
  expect(said).toContain("!!! LimitError: robx");
});

test("objects of the session cannot be lost by assigning to their names; new ones are there at once", async () => {
  const said = await piped("robx = 3", "robx", "session.add({ name: 'shutter' })", "shutter.name");
  expect(said).toMatch(/^3\nAXIS robx\n.*\n'shutter'\n/s);
});

test("help", async () => {
  const said = await piped("help()", "help(ascan)", "help('asca')");
  expect(said).toContain("umv(motor, position, ...)  move with live positions\n");
  expect(said).toContain(
    "\nascan(motor, start, stop, intervals, count_time, ...counters, { options })  step an axis from start to stop\n" +
      "!!! RangeError: no verb asca; did you mean ascan?\n",
  );
});

test("on a terminal Ctrl-C stops the move that runs, and the shell goes on", async () => {
  const { input, shell, until, said } = await open(true);
  await using _ = shell;
  input.write("mv(slow, 100)\r");
  await until(/Moving slow/);
  input.write("\x03");
  await until(/!!! ScanAbort: stopped by Ctrl-C/);
  expect(said()).toContain("Axis slow stopped at position 0.");
  input.write("1 + 1\r");
  await until(/\n2\r?\n/);
  expect((await slow.state?.()) ?? "").toBe("READY");
});

test("the same inside an await, of a scan", async () => {
  const { input, shell, until } = await open(true);
  await using _ = shell;
  input.write("const scan = await timescan(0.01, det)\r");
  await until(/ 2 points in/);
  input.write("\x03");
  await until(/aborted after/);
  await until(/!!! ScanAbort/);
  expect(session.lastScan.state).toBe("USER_ABORTED");
  input.write("1 + 1\r");
  await until(/\n2\r?\n/);
});

test("Esc ends a scan after its point, as a success", async () => {
  const { input, shell, until } = await open(true);
  await using _ = shell;
  input.write("const scan = await timescan(0.01, det)\r");
  await until(/ 2 points in/);
  input.write("\x1b");
  await until(/Took .*demo> /s);
  expect(session.lastScan.state).toBe("DONE");
});

test("Ctrl-C gives up a wait that is nobody's", async () => {
  const { input, shell, until } = await open(true);
  await using _ = shell;
  input.write("new Promise(() => {})\r");
  await new Promise(setImmediate);
  await new Promise(setImmediate);
  input.write("\x03");
  await until(/!!! Error: not waited for any longer/);
  input.write("1 + 1\r");
  await until(/\n2\r?\n/);
});

test("at rest Ctrl-C clears the line, and leaves nothing of it", async () => {
  const { input, shell, until, said } = await open(true);
  await using _ = shell;
  input.write("mv(slow, ");
  input.write("\x03");
  input.write("40 + 2\r");
  await until(/\n42\r?\n/);
  expect(said()).not.toContain("!!!");
});

test("twice on an empty line it leaves", async () => {
  const { input, shell, until } = await open(true);
  input.write("\x03");
  await until(/Ctrl-C again, or Ctrl-D, leaves/);
  input.write("1 + 1\r");
  await until(/\n2\r?\n/);
  input.write("\x03\x03");
  await shell.ended;
});

test("Tab completes objects, and shows the arguments of a verb", async () => {
  const { input, shell, until } = await open(true);
  await using _ = shell;
  input.write("umv(sl\t");
  await until(/umv\(slow/);
  input.write("\x03");
  input.write("ascan(\t");
  await until(/\nascan\(motor, start, stop, intervals, count_time/);
});

test("Tab within quotes completes devices, and of a device its attributes and commands", async () => {
  const names =
    (...all: readonly string[]) =>
    async () =>
      all.map((name) => ({ name }));
  const tango = { attributes: names("Position", "Power"), commands: names("Stop") };
  const { input, shell, until } = await open(true, { tango });
  await using _ = shell;
  input.write('device("sy\t');
  await until(/device\("sys\/tg_test\//);
  input.write("\x03");
  input.write("tango.read('Pos\t");
  await until(/read\('Position/);
  input.write("\x03");
  input.write('tango.call("\t');
  await until(/call\("Stop/);
});

test("Tab after a point lists what the object has, not what every object has", async () => {
  const { input, shell, until, said } = await open(true);
  await using _ = shell;
  input.write("robx.\t");
  await new Promise(setImmediate);
  input.write("\t");
  await until(/robx\.velocity/);
  expect(said()).toContain("robx.limits");
  expect(said()).not.toContain("__proto__");
});

test("leaving while something runs stops it", async () => {
  const { input, shell, until } = await open(true);
  input.write("mv(slow, 100)\r");
  await until(/Moving slow/);
  await shell[Symbol.asyncDispose]();
  expect(await slow.state?.()).toBe("READY");
});

test("another session without leaving: its names come, those of the last go, what was defined stays", async () => {
  let disposed = 0;
  const { other } = softCounters("o", { other: () => 1 });
  const input = new PassThrough();
  const output = Object.assign(new PassThrough(), { columns: 100 });
  let said = "";
  output.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const opener = async (file: string) => {
    if (file !== "other.yml") throw new Error(`there is no file ${file}`);
    const next = new Session({ name: "other", objects: [other], warn: () => {} });
    return { session: next, names: { extra: 5 }, [Symbol.asyncDispose]: async () => void disposed++ };
  };
  const shell = await startShell({ session, input, output, open: opener });
  const lines = ["mine = 3", 'open_session("othr.yml")', "robx", 'open_session("other.yml")', "robx", "extra + mine", "session.name", "ct(0, other).then((run) => run.data('other')[0])"]; // biome-ignore format: one glance
  input.end(lines.map((line) => `${line}\n`).join(""));
  await shell.ended;
  await shell[Symbol.asyncDispose]();
  expect(said).toMatch(
    /^3\n!!! Error: there is no file othr\.yml\nAXIS robx\n.*state +READY\nSession other: 1 objects\n!!! ReferenceError: robx is not defined\n8\n'other'\n/s,
  );
  expect(said).toMatch(/\n1\n$/);
  expect(disposed).toBe(1);
});

test("TypeScript at the prompt: types are taken out, lines go on, and nothing runs twice", async () => {
  const said = await piped(
    "const to: number = 2",
    "const twice = async (axis: unknown, by: number): Promise<void> => {",
    "  await mvr(axis, by * to)",
    "}",
    "await twice(robx as any, 0.5)",
    "interface Never { x: number }",
    "await robx.position()",
    "mvr(robx, 1).then(() => JSON.parse('{'))",
    "await robx.position()",
    "let a: = 3",
  );
  expect(said).toContain("Moving robx from 0.00000 to 1.00000\n1\n");
  expect(said).toMatch(/to 2\.00000\n!!! SyntaxError: .*JSON.*\n2\n/);
  expect(said).toMatch(/!!! SyntaxError: Unexpected token ':'\n$|!!! SyntaxError: .*\n$/);
  expect(said).not.toContain("Experimental");
});

test("what an axis is set to by assigning is set on the axis, and said; the axis stays whole", async () => {
  const said = await piped(
    "robx.velocity = 2",
    "robx.velocity",
    "robx.limits = [-5, 5]",
    "robx.position = 1",
    "mv(robx, 6.5)",
    "robx.limits = 5",
    "robx.velocity = 'fast'",
    "robx.position",
  );
  expect(said.split("\n")).toEqual([
    "robx: velocity changed from Infinity to 2",
    "2",
    "robx: limits changed from -10,10 to -5,5",
    "robx: position reset from 0 to 1, offset changed from 0 to 1",
    "!!! LimitError: robx: move to `6.5' would exceed high limit (6.0)",
    "!!! TypeError: limits are two numbers: robx.limits = [-10, 10]",
    "!!! TypeError: robx.velocity is a number, not fast",
    "1",
    "",
  ]);
  expect(typeof robx.position).toBe("function"); // as it was before the shell
  expect(Object.getOwnPropertyDescriptor(robx, "position")?.set).toBeUndefined();
});

test("a scan is kept by its name without await, keyword arguments go where they belong, SCANS[-1] is the last", async () => {
  const said = await piped(
    "s = ascan(robx, 0, 1, 2, 0, det, save=False)",
    "s.points",
    "const c = ct(0, det, title='mine')",
    "c.title",
    "SCANS[-1] === s",
    "cen(det, axis='robx')",
    "print(s, 'and', 1)",
  );
  expect(said).toContain("ascan robx 0.00000 1.00000 2 0  (not saved)");
  expect(said).toMatch(/3 points, DONE\)\n3\n.*'mine'\ntrue\n0\.5\nScan\(ascan .*\) and 1\n$/s);
});

test("an assignment that fails is told once, and is an error of its own line, whatever else the line does", async () => {
  const said = await piped(
    "robx.velocity = 'fast'; await new Promise((done) => setTimeout(done, 1)); 5",
    "robx.limits = 5; nothing",
    "robx.velocity = 2; nothing",
    "1",
  );
  expect(said.split("\n")).toEqual([
    "!!! TypeError: robx.velocity is a number, not fast",
    "!!! TypeError: limits are two numbers: robx.limits = [-10, 10]",
    "!!! ReferenceError: nothing is not defined",
    "!!! ReferenceError: nothing is not defined",
    "1",
    "",
  ]);
});
