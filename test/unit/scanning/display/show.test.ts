// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import {
  ascan,
  ct,
  LimitError,
  loopscan,
  Session,
  showScan,
  softAxis,
  softCounters,
} from "../../../../scanning/index.ts";

function world() {
  const robx = softAxis("robx", { unit: "mm", limits: [-10, 10] });
  let reads = 0;
  const { det, bad } = softCounters("dev", {
    det: () => ++reads,
    bad: () => {
      if (++reads === 3) throw new Error("dev does not answer");
      return reads;
    },
  });
  return { robx, det, bad, session: new Session({ name: "demo", objects: [robx, det, bad] }) };
}

function screen(isTTY = false) {
  const texts: string[] = [];
  return { isTTY, columns: 80, write: (text: string) => texts.push(text), texts, text: () => texts.join("") };
}
/** Times differ from run to run. */
const timeless = (text: string) => text.replace(/\b\d+\.\d{3}\b/g, "t.ttt").replace(/\d+\.\d s/g, "t s");

test("elsewhere than on a terminal: plain lines", async () => {
  const { robx, det, session } = world();
  const out = screen();
  const result = await showScan(session.start(ascan(robx, 0, 1, 2, 0, det, { save: false })), out);
  expect(result.reason).toBe("SUCCESS");
  expect(timeless(out.text())).toBe(
    [
      "ascan robx 0.00000 1.00000 2 0  (not saved)",
      "    #         dt       robx        det",
      "             [s]       [mm]",
      "    0      t.ttt    0.00000    1.00000",
      "    1      t.ttt    0.50000    2.00000",
      "    2      t.ttt    1.00000    3.00000",
      "Took t s",
      "",
    ].join("\n"),
  );
});

test("a saved scan is opened by its number and file", async () => {
  const { det, session } = world();
  const out = screen();
  await showScan(session.start(loopscan(1, 0, det)), out);
  expect(out.text()).toMatch(/^Scan 1: loopscan 1 0 {2}\(.*\/data\/demo\/data\.h5\)\n/);
});

test("on a terminal the last line is rewritten, and gone at the end", async () => {
  const { robx, det, session } = world();
  const out = screen(true);
  await showScan(session.start(ascan(robx, 0, 1, 2, 0, det)), out);
  expect(out.text()).toContain("0/3");
  expect(out.text()).toContain("det peaks at robx 1.00000");
  expect(timeless(out.text().split("\r\x1b[K").at(-1)!)).toBe("Took t s\n");
});

test("a count is a list of values with rates", async () => {
  const { det, session } = world();
  const out = screen();
  await showScan(session.start(ct(0, det)), out);
  expect(timeless(out.text())).toBe("ct 0 1  (not saved)\n  det =      1.00000   (         inf /s)  dev\nTook t s\n");
});

test("a scan that fails shows its points and says how far it came; done() tells why", async () => {
  const { bad, session } = world();
  const out = screen();
  const run = session.start(loopscan(5, 0, bad));
  const result = await showScan(run, out);
  expect(result.reason).toBe("FAILURE");
  expect(timeless(out.text())).toContain("Took t s, FAILED after 2 of 5 points; what was measured is kept\n");
  await expect(run.done()).rejects.toThrow("dev does not answer");
});

test("a scan refused before it began is thrown, with nothing written", async () => {
  const { robx, det, session } = world();
  const out = screen();
  await expect(showScan(session.start(ascan(robx, 0, 99, 2, 0, det)), out)).rejects.toThrow(LimitError);
  expect(out.text()).toBe("");
});
