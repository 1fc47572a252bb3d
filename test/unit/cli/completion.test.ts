// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { openText } from "../../../cli/shell/completion.ts";

test.each([
  ['device("sys/t', { word: "sys/t" }],
  ["openAxis('robx', 'id00/mo", { word: "id00/mo" }],
  ['d.read("Posi', { object: "d", call: "read", word: "Posi" }],
  ['x = await d.call( "', { object: "d", call: "call", word: "" }],
])("%s is in a text", (line, found) => {
  expect(openText(line)).toMatchObject(found);
});

test.each(['device("sys/tg_test/1")', "ascan(ro", "note('it\"s done')", ""])("%s is not", (line) => {
  expect(openText(line)).toBeUndefined();
});
