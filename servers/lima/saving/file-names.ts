// SPDX-License-Identifier: MIT
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { SavingSettings } from "./settings.ts";

const conversion = /%(0?)(\d*)[diu]/;

/** Refuses an index format that gives each file the same name. */
export function checkIndexFormat(format: string): void {
  if (!conversion.test(format))
    throw new Error(`Invalid saving_index_format "${format}": it needs one number, for example %04d`);
}

/** `number` as printf would write it. */
export const formatIndex = (format: string, number: number): string =>
  format.replace(conversion, (_, zero: string, width: string) =>
    String(number).padStart(Number(width) || 1, zero ? "0" : " "),
  );

type Named = Pick<SavingSettings, "directory" | "prefix" | "suffix" | "indexFormat">;

/** The path of file `number`. */
export const fileName = ({ directory, prefix, suffix, indexFormat }: Named, number: number): string =>
  join(directory, `${prefix}${formatIndex(indexFormat, number)}${suffix}`);

/** One more than the highest number in use in the folder; 0 when there is none. */
export async function nextFreeNumber({ directory, prefix, suffix }: Named): Promise<number> {
  const names = await readdir(directory).catch(() => []);
  const numbers = names
    .filter((name) => name.startsWith(prefix) && name.endsWith(suffix))
    .map((name) => name.slice(prefix.length, name.length - suffix.length))
    .filter((middle) => /^ *\d+$/.test(middle));
  return numbers.reduce((highest, text) => Math.max(highest, Number(text)), -1) + 1;
}
