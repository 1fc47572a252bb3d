// SPDX-License-Identifier: MIT
// Which FalconX boxes there are, and which detector is which channel: by their addresses alone, or by a configuration file
// of handel.
import { readFile } from "node:fs/promises";
import { acquisitionValues } from "./acquisition-value-table.ts";
import type { Parameters, Place } from "./module.ts";

export interface Box {
  readonly place: Place;
  /** Detector id -> channel of the box. Absent: all channels, with the next ids. */
  readonly channels?: ReadonlyMap<number, number>;
  /** What is set when the box is reached, by channel. */
  readonly values?: ReadonlyMap<number, Parameters>;
}
export interface Layout {
  /** "" when it comes of addresses. */
  readonly file: string;
  readonly boxes: readonly Box[];
  readonly spectrumSize?: number;
}

const PORT = 8756;

/** `host` or `host:port` of each box. @throws RangeError naming what is none */
export function layoutOf(addresses: readonly string[]): Layout {
  const boxes = addresses.map((address): Box => {
    const [, host, port] = /^\s*([^\s:]+)(?::(\d+))?\s*$/.exec(address) ?? [];
    if (!host) throw new RangeError(`address must be a host, or host:port (was: ${address})`);
    return { place: { host, port: port === undefined ? PORT : Number(port) } };
  });
  return { file: "", boxes };
}

export const loadLayout = async (path: string): Promise<Layout> => parseLayout(await readFile(path, "utf8"), path);

/** @throws Error naming the file and what is wrong in it */
export function parseLayout(text: string, file: string): Layout {
  const blocks = blocksOf(text);
  const defaults = new Map(blocks.get("default definitions")?.map((block) => [block.alias, block]));
  const seen = new Set<number>();
  const boxes = (blocks.get("module definitions") ?? []).map((block): Box => {
    const { alias = "?", module_type: type = "?", inet_address: host, inet_port: port = String(PORT) } = block;
    const wrong = (what: string) => new Error(`${file}, module ${alias}: ${what}`);
    if (!/^falconxn?$/i.test(type)) throw wrong(`module_type must be falconxn (was: ${type})`);
    if (!host) throw wrong("inet_address is missing");
    const channels = new Map<number, number>();
    const values = new Map<number, Parameters>();
    for (const [key, value] of Object.entries(block)) {
      const number = Number(/^channel(\d+)_alias$/.exec(key)?.[1] ?? Number.NaN);
      if (Number.isNaN(number) || Number(value) < 0) continue;
      if (!/^\d+$/.test(value)) throw wrong(`${key} must be a whole number (was: ${value})`);
      if (seen.has(Number(value))) throw wrong(`detector ${value} was there before`);
      seen.add(Number(value));
      channels.set(Number(value), number);
      const own = block[`default_chan${number}`] ?? "";
      try {
        values.set(number, acquisitionValues(numbers(defaults.get(own) ?? {})));
      } catch (error) {
        throw new Error(`${file}, defaults ${own}: ${(error as Error).message}`);
      }
    }
    if (channels.size === 0) throw wrong("no channel<n>_alias: no detector");
    return { place: { host, port: Number(port) }, channels, values };
  });
  if (boxes.length === 0) throw new Error(`${file}: no [module definitions]: no detector`);
  const sizes = [...defaults.values()].map((block) => Number(block.number_mca_channels)).filter((size) => size > 0);
  return { file, boxes, ...(sizes[0] !== undefined && { spectrumSize: sizes[0] }) };
}

type Block = Readonly<Record<string, string>>;

/** `[section]`, and in it blocks from `START #n` to `END #n` of `key = value`. */
function blocksOf(text: string): Map<string, Block[]> {
  const sections = new Map<string, Block[]>();
  let blocks: Block[] = [];
  let block: Record<string, string> = {};
  for (const raw of text.split(/\r?\n/)) {
    const line = raw.trim();
    if (line === "" || line.startsWith("*") || line.startsWith(";")) continue;
    if (line.startsWith("[")) sections.set(line.slice(1).replace(/\].*$/, "").toLowerCase(), (blocks = []));
    else if (/^START\b/i.test(line)) blocks.push((block = {}));
    else if (line.includes("="))
      block[line.slice(0, line.indexOf("=")).trim()] = line.slice(line.indexOf("=") + 1).trim();
  }
  return sections;
}

const numbers = (block: Block): Record<string, number> =>
  Object.fromEntries(
    Object.entries(block)
      .map(([key, value]) => [key, Number(value)] as const)
      .filter(([, value]) => Number.isFinite(value)),
  );
