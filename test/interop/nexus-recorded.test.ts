// SPDX-License-Identifier: MIT
// Each scan recorded from BLISS, replayed into our writer, gives the tree that BLISS wrote, read by h5py. What differs
// on purpose is listed here and in docs/decisions/0008-nexus-writer.md.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openHdf5 } from "../../writers/hdf5/open.ts";
import type { AdapterName } from "../../writers/hdf5/port.ts";
import { nexusSink } from "../../writers/nexus/nexus-sink.ts";
import { describeWith, python } from "../world/peers.ts";
import { recordedScans, recordedTree, recordings, replayScans } from "../world/recorded-scans.ts";

type Node = Record<string, unknown> & { class: string; attrs?: Record<string, unknown> };
type Tree = Record<string, Node>;

const folder = mkdtempSync(join(tmpdir(), "bandoneon-nexus-"));
afterAll(() => rmSync(folder, { recursive: true }));
const treesOf = (files: readonly string[]): Record<string, Tree> => {
  const program = join(import.meta.dirname, "../world/h5-tree.py");
  return JSON.parse(execFileSync(python, [program, ...files], { encoding: "utf8", maxBuffer: 64 << 20 }));
};

const unknowable = /^<(time|unix|elapsed|random|version|acquisition counter)>$/;
/** Where one tree says something other than the other. */
function differences(ours: Tree, theirs: Tree): string[] {
  const found: string[] = [];
  const compare = (path: string, a: unknown, b: unknown): void => {
    if (typeof b === "string" && unknowable.test(b)) return;
    if (typeof a === "number" && typeof b === "number" && Math.abs(a - b) < 1e-9) return;
    if (JSON.stringify(a) === JSON.stringify(b)) return;
    if (Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
      for (const [index, item] of a.entries()) compare(`${path}[${index}]`, item, b[index]);
      return;
    }
    if (typeof a === "object" && typeof b === "object" && a && b && !Array.isArray(a)) {
      for (const key of new Set([...Object.keys(a), ...Object.keys(b)]))
        compare(`${path} ${key}`, (a as Tree)[key], (b as Tree)[key]);
      return;
    }
    found.push(`${path}: ${JSON.stringify(a)} instead of ${JSON.stringify(b)}`);
  };
  for (const path of new Set([...Object.keys(ours), ...Object.keys(theirs)])) compare(path, ours[path], theirs[path]);
  return found.sort();
}

/** Differences by design. */
const byDesign: readonly RegExp[] = [
  // Who wrote the file.
  /^\/ attrs (creator|create_version|h5py_version): /,
  // Rows of fixed length cannot become longer.
  / maxshape\[[1-9]\]: \d+ instead of null$/,
];
const byAdapter: Record<AdapterName, readonly RegExp[]> = {
  libhdf5: [],
  h5wasm: [
    // No fill values.
    / fillvalue: undefined instead of "NaN"$/,
    // Booleans are 8-bit integers.
    / dtype: "\|i1" instead of "\|b1"$/,
    / value(\[\d\])?: [01] instead of (true|false)$/,
    // Images of one file are an external link, grids are copied.
    /\/image /,
    /\/plotselect\/\w+ (virtual|value): /,
  ],
};
/** Differences of single recordings. */
const special: Record<string, readonly RegExp[]> = {
  // A scanned axis is linked under its own name, not under the one that its group had to take.
  same_name_counters: [/\/positioners\/(axis_)?robx[ :]/],
  // BLISS fits the axes of a grid as if its lines all ran forth, and shows lines that ran back the wrong way round.
  plotselect_amesh_backnforth: [/\/plotselect\/robx value/, /\/plotselect\/det1 virtual: /],
};

async function isThere(adapter: AdapterName): Promise<boolean> {
  try {
    await using _library = await openHdf5({ adapter });
    return true;
  } catch {
    return false;
  }
}
const adapters: AdapterName[] = (await isThere("libhdf5")) ? ["h5wasm", "libhdf5"] : ["h5wasm"];

describeWith(["h5py"], "recorded scans of BLISS", () => {
  describe.each(adapters)("with adapter %s", (adapter) => {
    const directory = join(folder, adapter);
    let trees: Record<string, Tree>;
    beforeAll(async () => {
      await using sink = await nexusSink({ adapter, room: { reserve: 0, period: 100 } });
      const files = [];
      for (const name of recordings()) {
        await replayScans(sink, recordedScans(name, directory));
        files.push(...Object.keys(recordedTree(name, directory)));
      }
      trees = treesOf(files);
    });

    test.each(recordings())("%s", (name) => {
      const allowed = [...byDesign, ...byAdapter[adapter], ...(special[name] ?? [])];
      for (const [file, tree] of Object.entries(recordedTree(name, directory))) {
        const found = differences(trees[file] ?? {}, withoutSource(tree as Tree));
        expect(found.filter((line) => !allowed.some((pattern) => pattern.test(line)))).toEqual([]);
      }
    });
  });
});

/** The recordings do not have what our dump says of the sources of virtual datasets. */
function withoutSource(tree: Tree): Tree {
  for (const node of Object.values(tree))
    if (Array.isArray(node.virtual))
      for (const source of node.virtual as Record<string, unknown>[]) source.source = "<unix>";
  return tree;
}
