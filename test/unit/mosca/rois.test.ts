// SPDX-License-Identifier: MIT
// ROI rows by the rules recorded from MOSCA 2.0.5, and without its defects.
import { expect, test } from "vitest";
import { definitionEntries, rowEntries, yaml } from "../../../servers/mosca/metadata.ts";
import { parseRoi, type RoiDefinition, roiRows, sumRois, withoutRoi, withRoi } from "../../../servers/mosca/rois.ts";
import { HandDetector } from "./detector.ts";

const enabled = [0, 2, 3, 4, 6];
const rois = (...words: (readonly [boolean, ...string[]])[]) =>
  words.reduce<readonly RoiDefinition[]>((all, [isSum, ...rest]) => withRoi(all, parseRoi(rest, isSum)), []);
const names = (all: readonly RoiDefinition[]) => roiRows(all, enabled, 666).map(({ name }) => name);

test("a plain ROI gives a row a detector, sums one row; sums are counted through", () => {
  const all = rois([false, "a", "10", "20"], [false, "c", "5", "9", "6", "0"], [true, "s", "1", "2"], [true, "t", "1", "2", "0", "3"], [true, "u", "1", "2", "6"]); // biome-ignore format: a list
  expect(names(all)).toEqual(["a_det00", "a_det02", "a_det03", "a_det04", "a_det06", "c_det06", "c_det00", "s_sum_all", "t_sum00", "u_sum01"]); // biome-ignore format: a list
});

test("detector 0 alone is detector 0, not all of them", () => {
  expect(names(rois([false, "z", "1", "2", "0"]))).toEqual(["z_det00"]);
});

test("the same name and detectors are replaced and move to the end; a list must match to be removed", () => {
  const all = rois([false, "a", "1", "2"], [false, "b", "1", "2", "2"], [false, "a", "30", "40"]);
  expect(all.map(({ name, ch0 }) => [name, ch0])).toEqual([
    ["b", 1],
    ["a", 30],
  ]);
  expect(withoutRoi(all, { name: "b", isSum: false, detectors: [3] })).toHaveLength(2);
  expect(withoutRoi(all, { name: "b", isSum: true, detectors: [2] })).toHaveLength(2);
  expect(withoutRoi(all, { name: "b", isSum: false, detectors: [2] })).toHaveLength(1);
});

test("disabled and unknown detectors, and ROIs beyond the spectrum, give no row; the edge gives zeros", () => {
  const all = rois([false, "dis", "1", "2", "1"], [true, "mix", "1", "2", "1", "3"], [false, "out", "667", "700", "0"], [false, "edge", "666", "700", "0"]); // biome-ignore format: a list
  expect(names(all)).toEqual(["mix_sum00", "edge_det00"]);
});

test.each([
  [["rev", "20", "10"], "Invalid roi range: ch0 > ch1 (20 > 10)."],
  [["neg", "-1", "10"], "Invalid roi range: ch0 < 0 (-1 < 0)."],
  [["x", "a", "b"], "invalid literal for int() with base 10: 'a'"],
  [["f", "1.5", "2"], "invalid literal for int() with base 10: '1.5'"],
  [["short", "1"], "not enough values to unpack (expected 2, got 1)"],
  [[], "list index out of range"],
])("%j is refused", (words, message) => {
  expect(() => parseRoi(words, false)).toThrow(message);
});

test("rows hold the sums of the detectors they are named after, in any order of the list", () => {
  const detector = new HandDetector();
  const ids = [0, 2, 5];
  const block = detector.block(0, 2, ids, 16);
  const all = rois([false, "c", "5", "9", "5", "0"], [true, "s", "0", "100"], [false, "end", "14", "99", "2"]);
  const rows = roiRows(all, ids, 16);
  const channelSum = (from: number, to: number, base: number) => {
    let sum = 0;
    for (let channel = from; channel <= to; channel++) sum += base + channel;
    return BigInt(sum);
  };
  expect([...sumRois(rows, block, ids, 16)]).toEqual([
    ...[channelSum(5, 9, 5000), channelSum(5, 9, 5010)],
    ...[channelSum(5, 9, 0), channelSum(5, 9, 10)],
    ...[0, 10].map((p) => channelSum(0, 15, p) + channelSum(0, 15, 2000 + p) + channelSum(0, 15, 5000 + p)),
    ...[channelSum(14, 15, 2000), channelSum(14, 15, 2010)],
  ]);
});

test("a weighted sum counts each detector as it was told, to the next whole number; disabled ones drop out", () => {
  const block = new HandDetector().block(0, 1, [0, 2, 5], 16);
  const all = rois([true, "w", "0", "1", "5:-1", "0:0.25", "1:9"]);
  const [row] = roiRows(all, [0, 2, 5], 16);
  expect([row?.name, row?.detectors, row?.weights]).toEqual(["w_sum00", [5, 0], [-1, 0.25]]);
  // Channels 0 and 1 of detector 0 hold 0 and 1, of detector 5 hold 5000 and 5001.
  expect([...sumRois(row ? [row] : [], block, [0, 2, 5], 16)]).toEqual([BigInt(Math.round(0.25 - 10_001))]);
  expect(yaml(definitionEntries(all))).toContain(
    "  detectors:\n  - 5\n  - 0\n  - 1\n  weights:\n  - -1\n  - 0.25\n  - 9\n",
  );
  expect(() => parseRoi(["w", "0", "1", "0:x"], true)).toThrow("the weight of detector 0 must be a number (was: x)");
  expect(() => parseRoi(["w", "0", "1", "0:2"], false)).toThrow("only a sum has weights: use add_roi_sum");
});

test("a sum above 32 bits is exact", () => {
  const spectra = new Uint32Array(16).fill(0xffffffff);
  const rows = roiRows(rois([false, "big", "0", "15"]), [0], 16);
  expect([...sumRois(rows, { spectra, points: 1 }, [0], 16)]).toEqual([16n * 0xffffffffn]);
});

test("the YAML texts are those of the recorded server", () => {
  const all = rois([false, "a", "10", "20"], [false, "b", "0", "0", "2"]);
  expect(yaml(definitionEntries(all))).toBe(
    "0:\n  name: a\n  ch0: 10\n  ch1: 20\n  detectors:\n  is_sum: false\n1:\n  name: b\n  ch0: 0\n  ch1: 0\n  detectors:\n  - 2\n  is_sum: false\n",
  );
  expect(yaml(rowEntries(roiRows(rois([true, "s", "1", "2", "3"]), enabled, 666)))).toBe(
    "s_sum00:\n  name: s_sum00\n  ch0: 1\n  ch1: 2\n  detectors:\n  - 3\n  basename: s\n  is_sum: true\n",
  );
  expect(yaml(rowEntries([]))).toBe("{}\n");
});
