// SPDX-License-Identifier: MIT
// The configuration files of XIA's handel library, as far as they say which detectors there are.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Configured } from "./simulator/family.ts";

/**
 * Detectors are the `channel<n>_alias` entries that are not negative; modules are told as `alias: type`; spectra have the
 * `number_mca_channels` of the defaults. @throws Error naming the file and what is wrong
 */
export function parseXia(text: string, file: string): Configured {
  const detectors = new Set<number>();
  const modules: string[] = [];
  let section = "";
  let alias = "";
  let spectrumSize: number | undefined;
  for (const [index, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.trim();
    const where = `${file}, line ${index + 1}`;
    if (line === "" || line.startsWith("*") || line.startsWith(";")) continue;
    if (line.startsWith("[")) section = line.slice(1, line.indexOf("]")).toLowerCase();
    else if (section === "default definitions" && line.startsWith("number_mca_channels"))
      spectrumSize = Number(line.split("=")[1]);
    else if (section === "module definitions" && line.includes("=")) {
      const [key = "", value = ""] = line.split("=").map((part) => part.trim());
      if (key === "alias") alias = value;
      if (key === "module_type") modules.push(`${alias}: ${value}`);
      if (!/^channel\d+_alias$/.test(key)) continue;
      if (!/^-?\d+$/.test(value)) throw new Error(`${where}: ${key} must be a whole number (was: ${value})`);
      if (Number(value) < 0) continue;
      if (detectors.has(Number(value))) throw new Error(`${where}: detector ${value} was there before`);
      detectors.add(Number(value));
    }
  }
  if (detectors.size === 0) throw new Error(`${file}: no channel<n>_alias in [module definitions]: no detector`);
  return {
    detectors: [...detectors].sort((a, b) => a - b),
    modules,
    ...(spectrumSize !== undefined && { spectrumSize }),
  };
}

export const loadXia = async (directory: string, file: string): Promise<Configured> =>
  parseXia(await readFile(join(directory, file), "utf8"), join(directory, file));

/** The .ini files of a directory, by name. */
export const listXia = async (directory: string): Promise<string[]> =>
  (await readdir(directory)).filter((name) => name.endsWith(".ini")).sort();
