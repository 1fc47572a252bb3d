// SPDX-License-Identifier: MIT
// Where frames are, how datasets are cut, what a changed map changes, and what a killed writer's successor begins with.
import { describe, expect, test } from "vitest";
import { chunking } from "../../../writers/nexus/chunks.ts";
import type { GroupMap, H5Item } from "../../../writers/nexus/h5map.ts";
import { fileParts, imageOperations, numbered } from "../../../writers/nexus/images.ts";
import { planChanges, planMap } from "../../../writers/nexus/map-operations.ts";
import { begun, statusLast } from "../../../writers/nexus/resume.ts";

const group = (children: Record<string, H5Item>, attributes = {}): GroupMap => ({
  type: "group",
  attributes,
  children,
});

describe("frames", () => {
  const files = { path: "/d/cam_%04d.h5", dataPath: "/e/data", format: "hdf5", framesPerFile: 3, firstFile: 0 };
  const source = { serverUrl: "", bufferMaxNumber: 10, framesPerAcquisition: 5 };
  test("each acquisition begins a new file", () => {
    expect(fileParts(source, files, 8)).toEqual([
      { file: "/d/cam_0000.h5", first: 0, frames: 3, from: 0 },
      { file: "/d/cam_0001.h5", first: 3, frames: 2, from: 0 },
      { file: "/d/cam_0002.h5", first: 5, frames: 3, from: 0 },
    ]);
  });
  test("one endless acquisition numbers its files through", () => {
    const parts = fileParts({ ...source, framesPerAcquisition: 0 }, { ...files, firstFile: 1 }, 7);
    expect(parts.map(({ file, frames }) => [file, frames])).toEqual([
      ["/d/cam_0001.h5", 3],
      ["/d/cam_0002.h5", 3],
      ["/d/cam_0003.h5", 1],
    ]);
  });
  test.each([
    ["%d", "7"],
    ["%04d", "0007"],
    ["%4d", "   7"],
    ["none", "none"],
  ])("printf %s", (template, name) => {
    expect(numbered(template, 7)).toBe(name);
  });
  test("files that are not HDF5 are named frame by frame", () => {
    const edf = { ...source, files: { ...files, path: "/d/x/cam_%04d.edf", format: "edf", dataPath: null } };
    const image = { file: "/d/scan.h5", path: "/i", dtype: "<u2", row: [4, 6], frames: 4, attributes: {} };
    const [operation] = imageOperations({ ...image, source: edf, virtual: true });
    expect(operation).toMatchObject({
      do: "dataset",
      value: { data: ["x/cam_0000.edf::0", "x/cam_0000.edf::1", "x/cam_0000.edf::2", "x/cam_0001.edf::0"] },
    });
  });
  test("no frames, no dataset", () => {
    const image = { file: "/d/scan.h5", path: "/i", dtype: "<u2", row: [4, 6], frames: 0, attributes: {} };
    expect(imageOperations({ ...image, source: { ...source, files }, virtual: true })).toEqual([]);
  });
});

describe("chunks", () => {
  test.each([
    ["a small scan is one chunk", "<f8", [], 20, { chunk: [20] }],
    ["an endless scan of scalars", "<f8", [], 0, { chunk: [512] }],
    ["spectra: whole rows of 1 MiB, compressed", "<u4", [4096], 1000, { chunk: [64, 4096], gzip: 1 }],
    ["a frame is its own chunk", "<u2", [1000, 2000], 100, { chunk: [1, 1000, 2000], gzip: 1 }],
    ["a huge frame is cut across", "<u4", [4000, 4000], 10, { chunk: [1, 1048, 4000], gzip: 1 }],
  ] as const)("%s", (_what, dtype, row, points, expected) => {
    expect(chunking(dtype, row, points, 1)).toEqual(expected);
  });
  test("scalars are never compressed", () => {
    expect(chunking("<f8", [], 1_000_000, 9)).toEqual({ chunk: [131_072] });
  });
});

describe("a map that changed", () => {
  const before = group({ a: 1, gone: "x", t: "short", s: { type: "stream", stream: "c" } });
  test("gives the least that makes the file the new one", () => {
    const after = group({
      a: 2,
      t: "short",
      s: { type: "dataset", value: { type: "stream", stream: "c" }, attributes: { units: "V" } },
      new: [1, 2],
    });
    const operations = planChanges(before, after).map((one) => [one.do, one.path]);
    expect(operations).toEqual([
      ["remove", "/gone"],
      ["replace", "/a"],
      ["attributes", "/s"],
      ["dataset", "/new"],
    ]);
  });
  test("that did not change gives nothing", () => {
    expect(planChanges(before, structuredClone(before))).toEqual([]);
  });
  test("streams are told apart from values", () => {
    expect(planMap(before).streams.map(({ path, channel }) => [path, channel])).toEqual([["/s", "c"]]);
  });
});

describe("an entry that is begun", () => {
  const map = group({ "3.1": group({ title: "ascan", writer: group({ status: "SUCCEEDED", date: "now" }) }) });
  test("says RUNNING, also when its scan has ended", () => {
    expect(begun(map)).toEqual(
      group({ "3.1": group({ title: "ascan", writer: group({ status: "RUNNING", date: "now" }) }) }),
    );
    expect(begun(group({ link: { type: "soft_link", target_path: "/x" } }))).toEqual(
      group({ link: { type: "soft_link", target_path: "/x" } }),
    );
  });
  test("is finished by its status, last of all", () => {
    const operations = planChanges(
      begun(map),
      group({ "3.1": group({ writer: group({ status: "SUCCEEDED", date: "later" }), title: "b" }) }),
    );
    expect(statusLast(operations).at(-1)?.path).toBe("/3.1/writer/status");
  });
});
