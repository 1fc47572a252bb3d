// SPDX-License-Identifier: MIT
// A folder of Beacon's YAML files as a list of items: what a folder's __init__.yml says is inherited by its files.
import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { isMap, LineCounter, type Node, parseDocument } from "yaml";
import type { Place } from "../problem.ts";

export type Words = Readonly<Record<string, unknown>>;
export interface BeaconItem {
  readonly words: Words;
  readonly place: Place;
}
export interface BeaconTree {
  readonly items: readonly BeaconItem[];
  /** Python files: path -> what they define. */
  readonly scripts: ReadonlyMap<string, readonly string[]>;
  /** Files that could not be read, and why. */
  readonly unread: readonly { readonly place: Place; readonly message: string }[];
}

/** Places are relative to the folder. @throws Error when it is no folder */
export async function readBeaconTree(folder: string): Promise<BeaconTree> {
  const items: BeaconItem[] = [];
  const unread: { place: Place; message: string }[] = [];
  const scripts = new Map<string, readonly string[]>();
  const visit = async (at: string, inherited: Words): Promise<void> => {
    const entries = (await readdir(at, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const isYaml = (name: string) => /\.ya?ml$/.test(name);
    const read = async (path: string): Promise<readonly BeaconItem[]> => {
      const file = relative(folder, path);
      try {
        return parseItems(file, await readFile(path, "utf8"));
      } catch (error) {
        unread.push({
          place: { file, line: 1, column: 1 },
          message: error instanceof Error ? error.message : String(error),
        });
        return [];
      }
    };
    let own = inherited;
    for (const { name } of entries.filter((entry) => entry.isFile() && /^__init__\.ya?ml$/.test(entry.name)))
      for (const { words } of await read(join(at, name))) own = { ...own, ...words };
    for (const entry of entries) {
      const path = join(at, entry.name);
      if (entry.isDirectory()) await visit(path, own);
      else if (entry.isFile() && entry.name.endsWith(".py"))
        scripts.set(relative(folder, path), definedIn(await readFile(path, "utf8")));
      else if (entry.isFile() && isYaml(entry.name) && !entry.name.startsWith("__init__"))
        items.push(...(await read(path)).map(({ words, place }) => ({ words: { ...own, ...words }, place })));
    }
  };
  await visit(folder, {});
  return { items, scripts, unread };
}

/** Functions, classes and names at the outermost level of a Python file, and the scripts it loads. */
const definedIn = (python: string): string[] =>
  [...python.matchAll(/^(?:(?:async )?def|class) (\w+)|^(\w+) *=(?!=)|load_script\(["']([^"']+)/gm)].map(
    ([, made, named, loaded]) => made ?? named ?? `load_script ${loaded}`,
  );

/** A file holds one item or a list of them. @throws Error for what is not YAML */
function parseItems(file: string, text: string): BeaconItem[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const [error] = document.errors;
  if (error) throw new Error(`line ${lines.linePos(error.pos[0]).line}: ${error.message}`);
  const contents = document.contents as Node | null;
  if (!contents) return [];
  const nodes = isMap(contents) ? [contents] : ((contents as { items?: readonly Node[] }).items ?? []);
  return nodes.filter(isMap).map((node) => {
    const { line, col } = lines.linePos(node.range?.[0] ?? 0);
    return { words: node.toJS(document) as Words, place: { file, line, column: col } };
  });
}
