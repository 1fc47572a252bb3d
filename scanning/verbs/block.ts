// SPDX-License-Identifier: MIT
// Small tables: rows with a name, numbers in line. On a terminal a block can be rewritten where it stands.
import type { Screen } from "../display/screen.ts";

type Rows = readonly (readonly string[])[];

/** The first column to the left, the others to the right. */
export const aligned = (rows: Rows): string[] => inColumns(rows, (cell, width, column) => (column === 0 ? cell.padEnd(width) : cell.padStart(width))); // biome-ignore format: one glance
/** All columns to the left: words. */
export const leftAligned = (rows: Rows): string[] => inColumns(rows, (cell, width) => cell.padEnd(width));

function inColumns(rows: Rows, padded: (cell: string, width: number, column: number) => string): string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, i) => { widths[i] = Math.max(widths[i] ?? 0, cell.length); }); // biome-ignore format: one glance
  return rows.map((row) =>
    row
      .map((cell, i) => padded(cell, widths[i]!, i))
      .join("  ")
      .trimEnd(),
  );
}

/** Columns after the first in as many tables as the width needs, with the first column in each. */
export function folded(rows: Rows, width: number): string[] {
  const [whole] = [aligned(rows)];
  if (whole.every((line) => line.length <= width) || (rows[0]?.length ?? 0) <= 2) return whole;
  const count = rows[0]!.length - 1;
  const each = Math.max(...rows.flatMap((row) => row.map((cell) => cell.length))) + 2;
  const fit = Math.max(1, Math.floor((width - each) / each));
  const parts: string[] = [];
  for (let from = 0; from < count; from += fit) {
    if (from > 0) parts.push("");
    parts.push(...aligned(rows.map((row) => [row[0]!, ...row.slice(1 + from, 1 + from + fit)])));
  }
  return parts;
}

export class Block {
  readonly #screen: Screen;
  #height = 0;

  constructor(screen: Screen) {
    this.#screen = screen;
  }
  /** Elsewhere than on a terminal only the last state is of interest. */
  update(lines: readonly string[], last = false): void {
    if (!this.#screen.isTTY && !last) return;
    const up = this.#height > 0 ? `\x1b[${this.#height}A` : "";
    const text = lines.map((line) => (this.#screen.isTTY ? `\r\x1b[K${line}\n` : `${line}\n`)).join("");
    this.#screen.write(up + text);
    this.#height = lines.length;
  }
}
