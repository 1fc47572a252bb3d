// SPDX-License-Identifier: MIT
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { basicPolicy, beamline, memorySink, Session, softAxis, softCounters } from "../../../../scanning/index.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "notes-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function desk() {
  let said = "";
  const sink = memorySink();
  const policy = basicPolicy("demo", { base_path: folder });
  const session = new Session({ name: "demo", sink, policy, objects: [softAxis("robx")] });
  const { c } = softCounters("d", { c: () => 1 });
  return { ...beamline(session, { write: (text) => (said += text) }), c, sink, said: () => said };
}
const messages = (info: Readonly<Record<string, unknown>>) =>
  (info.comments as { message: string }[] | undefined)?.map(({ message }) => message);

test("a comment goes into the scan that runs, or else into the next one, not into a count", async () => {
  const { comment, ct, loopscan, session, plan, c, sink } = desk();
  comment("new crystal");
  await ct(0, c);
  await loopscan(1, 0, c);
  await loopscan(1, 0, c);
  expect(sink.scans.map(({ closed }) => messages(closed ?? {}))).toEqual([undefined, ["new crystal"], undefined]);
  const run = session.start(plan.loopscan(0, 0, c));
  await run.opened();
  comment("beam lost");
  run.stop();
  await run.done();
  expect(messages(run.info)).toEqual(["beam lost"]);
  expect(() => comment("  ")).toThrow('there is nothing to write down. Usage: comment("text")');
});

test("notes are in a file beside the data, in order, with their time", async () => {
  const { note, elog_print, elog_add, lsnotes, loopscan, c, said } = desk();
  await lsnotes();
  await note("mounted sample 3\nit is cracked");
  await loopscan(2, 0, c, { save: false });
  await elog_add();
  await elog_print("good night");
  const file = join(folder, "demo/notes.txt");
  const time = String.raw`\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d`;
  expect(readFileSync(file, "utf8")).toMatch(
    new RegExp(`^${time}  mounted sample 3\n  it is cracked\n${time}  scan .not saved.: loopscan 2 0, 2 points, DONE\n${time}  good night\n$`),
  ); // biome-ignore format: one glance
  await lsnotes(2);
  expect(said()).toMatch(/^no notes yet\nNoted at .* in .*notes\.txt\n/);
  expect(said()).toMatch(/scan \(not saved\): loopscan 2 0, 2 points, DONE\n\S+ \S+ {2}good night\n$/);
});
