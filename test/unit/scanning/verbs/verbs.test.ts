// SPDX-License-Identifier: MIT
import { beforeEach, expect, test } from "vitest";
import {
  type Axis,
  cen as analysed,
  type Beamline,
  beamline,
  pseudoAxes,
  ScanAbort,
  ScanArgumentError,
  Session,
  type SessionOptions,
  softAxis,
  softCounters,
} from "../../../../scanning/index.ts";

let said: string;
const text = () => said;
function open(objects: SessionOptions["objects"], isTTY = false): Beamline {
  said = "";
  const screen = { isTTY, columns: 80, write: (part: string) => (said += part) };
  return beamline(new Session({ name: "demo", objects: objects ?? [], warn: () => {} }), screen);
}
const mm = { unit: "mm", decimals: 3, limits: [-10, 10] } as const;
let robx: Axis, roby: Axis;
beforeEach(() => {
  robx = softAxis("robx", mm);
  roby = softAxis("roby", { ...mm, position: 2 });
});

test("mv moves axes together, mvr from where they were last sent", async () => {
  const { mv, mvr } = open([robx, roby]);
  await mv(robx, 1, roby, 3);
  await mvr(robx, 0.5);
  expect([await robx.position(), await roby.position()]).toEqual([1.5, 3]);
  expect(text()).toBe(
    "Moving robx from 0.000 to 1.000\nMoving roby from 2.000 to 3.000\nMoving robx from 1.000 to 1.500\n",
  );
});

test("umv elsewhere than on a terminal: the end only", async () => {
  const { umv, umvr } = open([robx, roby]);
  await umv(robx, 1, roby, 3);
  expect(text()).toBe("        robx[mm]  roby[mm]\nuser       1.000     3.000\ntarget     1.000     3.000\n");
  said = "";
  await umvr(robx, -0.25);
  expect(text()).toBe("        robx[mm]\nuser       0.750\ntarget     0.750\n");
});

test("umv on a terminal rewrites its block until the axis rests", async () => {
  const slow = softAxis("slow", { velocity: 10, unit: "mm" });
  await open([slow], true).umv(slow, 2.5);
  expect(text().split("\x1b[3A").length).toBeGreaterThan(2);
  expect(text().endsWith("\r\x1b[Kuser     2.50000\n\r\x1b[Ktarget   2.50000\n")).toBe(true);
});

test("nothing moves when one of the axes would leave its limits", async () => {
  const { mv } = open([robx, roby]);
  await expect(mv(robx, 1, roby, 11)).rejects.toThrow("roby: move to `11.0' would exceed high limit (10.0)");
  expect(await robx.position()).toBe(0);
});

test("wrong arguments are told with how the verb is used", async () => {
  const { mv, wm, ascan } = open([robx]);
  await expect(mv(...([robx] as unknown as [Axis, number]))).rejects.toThrow(
    "mv needs pairs. Usage: mv(motor1, position1, motor2, position2, ...)",
  );
  await expect(mv(...([3, 3] as unknown as [Axis, number]))).rejects.toThrow("3 is not an axis.");
  await expect(mv(robx, "1" as unknown as number)).rejects.toThrow('"1" is not a position.');
  await expect(wm()).rejects.toThrow("wm needs at least one axis. Usage: wm(motor1, motor2, ...)");
  await expect(ascan(robx, 0, 1, 1.5, 0)).rejects.toThrow("Usage: ascan(motor, start, stop, intervals, count_time");
});

test("the first Ctrl-C stops a move where it is, and says where", async () => {
  const slow = softAxis("slow", { velocity: 1, decimals: 1 });
  const { mv, desk } = open([slow]);
  const moving = mv(slow, 100);
  while (!text()) await new Promise(setImmediate);
  expect(desk.busy).toBe(true);
  desk.interrupt();
  await expect(moving).rejects.toThrow(ScanAbort);
  expect(text()).toMatch(/Moving slow from 0\.0 to 100\.0\nAxis slow stopped at position 0\.\d\n/);
  expect(desk.busy).toBe(false);
});

test("a second Ctrl-C leaves an axis that does not come to rest", async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const stuck: Axis = { ...robx, move: () => new Promise(() => resolve()) };
  const { mv, desk } = open([stuck]);
  const moving = mv(stuck, 1);
  await promise;
  desk.interrupt();
  await new Promise(setImmediate);
  expect(desk.busy).toBe(true);
  desk.interrupt();
  await expect(moving).rejects.toThrow("not everything has come to rest");
  expect(desk.busy).toBe(false);
});

test("Ctrl-C stops a scan; its points are kept", async () => {
  const { det } = softCounters("dev", { det: () => 1 });
  const { timescan, desk, session } = open([det]);
  const scanning = timescan(0, det);
  while ((session.running[0]?.points ?? 0) < 3) await new Promise(setImmediate);
  desk.interrupt();
  await expect(scanning).rejects.toThrow("stopped by Ctrl-C");
  expect(session.lastScan.state).toBe("USER_ABORTED");
  expect(session.lastScan.points).toBeGreaterThanOrEqual(3);
  expect(text()).toContain("aborted after");
});

test("wa, wu, wm, sta, lsmot", async () => {
  const broken: Axis = { ...softAxis("away", mm), position: () => Promise.reject(new Error("gone")) };
  const { wa, wu, wm, sta, lsmot } = open([roby, robx, broken]);
  await wa();
  expect(text()).toBe(
    "      away[mm]  robx[mm]  roby[mm]\nuser       ERR     0.000     2.000\ndial     0.000     0.000     2.000\n",
  );
  said = "";
  await wu();
  expect(text().split("\n")).toHaveLength(3);
  said = "";
  await wm(roby);
  expect(text()).toBe(
    [
      "          roby[mm]",
      "User",
      " High       10.000",
      " Current     2.000",
      " Low       -10.000",
      "Offset       0.000",
      "Dial",
      " High       10.000",
      " Current     2.000",
      " Low       -10.000",
      "",
    ].join("\n"),
  );
  said = "";
  await sta();
  expect(text()).toBe("Axis  State\naway  READY\nrobx  READY\nroby  READY\n");
  said = "";
  lsmot();
  expect(text()).toBe("away  robx  roby\n");
});

test("wa of many axes folds to the width of the terminal", async () => {
  const many = Array.from({ length: 9 }, (_, i) => softAxis(`axis${i}`, mm));
  await open(many, true).wa();
  const lines = text().split("\n");
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(lines.join(" ").match(/axis\d\[mm\]/g)).toHaveLength(9);
});

/** A bell around 0.5 over -5..5. */
async function scanned() {
  const { det, other } = softCounters("dev", { det: () => 0, other: () => 1 });
  const bell = {
    ...det,
    device: { ...det.device, reader: () => async () => [Math.exp(-(((await robx.position()) - 0.5) ** 2))] },
  };
  const b = open([robx, roby, bell, other]);
  await b.ascan(robx, -5, 5, 20, 0, bell);
  said = "";
  return { ...b, bell, other };
}

test("cen, com, peak, trough, fwhm of the only counter of the last scan", async () => {
  const { cen, com, peak, trough, fwhm, session } = await scanned();
  expect(peak()).toBe(0.5);
  expect(cen()).toBeCloseTo(0.5, 6);
  expect(com()).toBeCloseTo(0.5, 6);
  expect(trough()).toBe(-5);
  expect(fwhm()).toBe(analysed(session.lastScan.data("robx"), session.lastScan.data("det")).fwhm);
  expect(text().split("\n")[0]).toBe("Counter used: dev:det");
});

test("goto_peak moves there and shows it; goto_custom anywhere", async () => {
  const { goto_peak, goto_custom, bell } = await scanned();
  expect(await goto_peak()).toBe(0.5);
  expect(await robx.position()).toBe(0.5);
  expect(text()).toContain("user       0.500\n");
  expect(await goto_custom((x) => x[2]!, bell)).toBe(-4);
  expect(await robx.position()).toBe(-4);
});

test("of two axes there are two positions", async () => {
  const { a2scan, peak, goto_peak, bell } = await scanned();
  await a2scan(robx, -5, 5, roby, 0, 10, 20, 0, bell);
  expect(peak()).toEqual({ robx: 0.5, roby: 5.5 });
  expect(peak(bell, roby)).toBe(5.5);
  await goto_peak();
  expect(await roby.position()).toBe(5.5);
});

test("the real axes of a pseudo axis are not what was scanned", async () => {
  const { gap } = pseudoAxes({
    reals: { up: softAxis("up"), down: softAxis("down") },
    pseudos: { gap: {}, offset: {} },
    forward: ({ up, down }) => ({ gap: up + down, offset: (up - down) / 2 }),
    inverse: (slits) => ({ up: slits.offset + slits.gap / 2, down: slits.gap / 2 - slits.offset }),
  });
  const { det } = softCounters("dev", { det: () => 1 });
  const { ascan, cen } = open([gap, ...(gap.reals ?? []), det]);
  await ascan(gap, 0, 2, 2, 0, det);
  expect(cen()).toBe(1);
});

test("which counter: plotselect, or it must be named; names that are not there are told", async () => {
  const { ascan, peak, plotselect, bell, other } = await scanned();
  await ascan(robx, 0, 1, 2, 0, bell, other);
  expect(() => peak()).toThrow(
    new ScanArgumentError("no counter selected: name one, or use plotselect. The scan has det, other"),
  );
  plotselect(other);
  expect(peak()).toBe(0);
  expect(peak("det")).toBe(0.5);
  expect(() => peak("dett")).toThrow(/did you mean det\?/);
  expect(() => peak(bell, roby)).toThrow("axis roby is not in ascan robx");
});

test("where nothing moved there is a time, and nowhere to go", async () => {
  const { loopscan, peak, goto_peak, bell } = await scanned();
  await loopscan(3, 0, bell);
  expect(typeof peak()).toBe("number");
  await expect(goto_peak()).rejects.toThrow("moved no axis: there is nowhere to go");
});

test("plot draws the curve of the last scan", async () => {
  const { plot } = await scanned();
  plot();
  const lines = text().split("\n");
  expect(lines[0]).toMatch(/^ +dev:det {2}\(ascan robx -5\.000 5\.000 20 0\)$/);
  expect(lines[1]).toMatch(/^ +1\.00000 ┤ +[\u2801-\u28ff]+$/);
  expect(lines.at(-2)).toMatch(/^ +-5\.00000 +robx +5\.00000$/);
});

test("plan makes scans that do not run", async () => {
  const { plan, session, bell } = await scanned();
  const dry = await plan.ascan(robx, 0, 1, 4, 0.1, bell).dryRun();
  expect(dry.points).toBe(5);
  expect(session.scans).toHaveLength(1);
});

test("verbs of another data policy say so", async () => {
  const { newsample, lsmg, lsscans, session, bell } = await scanned();
  await expect(newsample("salt")).rejects.toThrow("newsample belongs to the ESRF data policy");
  session.group("counters", [bell]);
  lsmg();
  lsscans();
  expect(text()).toBe("* counters (default): det\n1  ascan robx -5.000 5.000 20 0  21 points, DONE\n");
});

test("the encoder of the axis, recorded without being asked for, is not in the way of the only counter", async () => {
  const { enc } = softCounters("encoder", { enc: () => 3 });
  const m = softAxis("m", { encoder: enc });
  const { diode } = softCounters("d", { diode: () => 1 });
  const { ascan, loopscan, cen, plotselect } = open([m]);
  await ascan(m, 0, 2, 2, 0, diode);
  expect(cen()).toBe(1);
  expect(text()).toContain("Counter used: d:diode");
  plotselect(enc);
  cen();
  expect(text()).toContain("Counter used: encoder:enc");
  plotselect("nothing");
  await loopscan(2, 0, enc);
  cen();
  expect(text()).toMatch(/Counter used: encoder:enc\n$/);
});

test("a dry run knows what the active group reads, and the encoders", async () => {
  const { enc } = softCounters("encoder", { enc: () => 3 });
  const m = softAxis("m", { encoder: enc });
  const { diode, monitor } = softCounters("d", { diode: () => 1, monitor: () => 2 });
  const { plan, session } = open([m]);
  session.group("all", [diode, monitor]);
  const dry = await plan.ascan(m, 0, 1, 4, 0.1).dryRun();
  expect(dry).toMatchObject({ counters: ["d:diode", "d:monitor", "encoder:enc"], bytes: 5 * 6 * 8 });
});

test("a mesh is drawn from above, also one that goes back and forth", async () => {
  const { diode } = softCounters("d", { diode: () => bright });
  let bright = 0;
  const light = (to: number) => (bright = to);
  const x = softAxis("x", { moved: light });
  const { amesh, plot } = open([x, roby]);
  for (const backnforth of [false, true]) {
    await amesh(x, 0, 3, 3, roby, 0, 1, 1, 0, diode, { backnforth });
    said = "";
    await plot();
    const lines = text().trimEnd().split("\n");
    expect(lines[0]).toMatch(/^d:diode {2}\(amesh x .*\) {2}60 x 30, 0 to 3$/);
    // Brighter to the right, in every line.
    for (const line of lines.slice(1)) expect(line).toMatch(/^\| {15}(.)\1{14}(.)\2{14}@{15}\|$/);
    expect(lines).toHaveLength(16);
  }
});
