// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { withAwait, withoutKeywords } from "../../../cli/shell/keywords.ts";
import { verbUsages } from "../../../cli/shell/usage-table.ts";

test.each([
  ["ascan(robx,0,1,10,0.1,diode,save=False)", "ascan(robx,0,1,10,0.1,diode, { save: False })"],
  ["s = timescan(0.1, diode, npoints = 3)\n", "s = timescan(0.1, diode, { npoints: 3 })\n"],
  ["ascan(robx, 0, 1, 10, diode, count_time=0.1)", "ascan(robx, 0, 1, 10, 0.1, diode)"],
  ["cen(axis=robx)", "cen( undefined, robx)"],
  ["cen(diode, scan=SCANS[-1])", "cen(diode, undefined, SCANS[-1])"],
  ["run(plan.ct(1, title='a, b = c'))", "run(plan.ct(1, { title: 'a, b = c' }))"],
  ["console.log(1, ct(1, save_images=true))", "console.log(1, ct(1, { save_images: true }))"],
  ["align(robx,-1,1,9,0,d,to='peak',stab_time=f(1,2))", "align(robx,-1,1,9,0,d, { to: 'peak', stab_time: f(1,2) })"],
])("%s", (typed, meant) => {
  expect(withoutKeywords(typed, verbUsages)).toBe(meant);
});

test.each([
  "f(a = 1)",
  "note('ascan(robx, a=1) was wrong')",
  "ct(1, diode) // ct(save=1)",
  "find_position((x, y) => x[3])",
  "mv(robx, a == 1 ? 2 : 3)",
  "ascan(robx, 0, 1, save=",
  "toString(a = 1)",
  "ascan(robx, 0, 1, 10, 0.1, { save: false })",
])("%s stays as it is", (typed) => {
  expect(withoutKeywords(typed, verbUsages)).toBe(typed);
});

test.each([
  ["s = ascan(robx, 0, 1, 10, 0.1)", "s = await ascan(robx, 0, 1, 10, 0.1)"],
  ["const s=ct(1)", "const s=await ct(1)"],
  ["s = await ct(1)", "s = await ct(1)"],
  ["s = plan.ct(1)", "s = plan.ct(1)"],
  ["s == ct(1)", "s == ct(1)"],
  ["f(s = ct(1))", "f(s = ct(1))"],
])("%s", (typed, meant) => {
  expect(withAwait(typed, verbUsages)).toBe(meant);
});
