// SPDX-License-Identifier: MIT
// The table of a scan's points: one column a number, its unit below its name.
import type { Channel } from "../events.ts";
import type { Row } from "../run.ts";
import { type NumberStyle, written } from "./numbers.ts";

export interface TableColumn extends NumberStyle {
  /** Key in the rows of the scan. */
  readonly key: string;
  readonly head: string;
  readonly unit: string;
  readonly width: number;
}

export interface Table {
  readonly columns: readonly TableColumn[];
  /** Numbers that did not fit into the width. */
  readonly left: readonly string[];
  readonly spectra: readonly string[];
  readonly images: readonly string[];
}

const gap = "  ";
const leastWidth = 9;
const indexWidth = 5;

/**
 * The columns of a scan: elapsed time, axes, counters. What is wider than `width` characters is left out and named.
 * @param names keys of the rows, one a channel
 */
export function tableOf(
  channels: readonly Channel[],
  names: readonly string[],
  width = Number.POSITIVE_INFINITY,
): Table {
  const named = channels.map((channel, i) => ({ channel, name: names[i] ?? channel.fullname }));
  const shown = named.filter(({ channel }) => channel.dim === 0 && channel.fullname !== "timer:epoch");
  const time = shown.filter(({ channel }) => channel.fullname === "timer:elapsed_time");
  const all = [...time, ...shown.filter((one) => !time.includes(one))].map(({ channel, name }) =>
    column(channel, name),
  );
  const columns: TableColumn[] = [];
  let used = indexWidth;
  for (const one of all) {
    used += gap.length + one.width;
    if (used > width) break;
    columns.push(one);
  }
  const ofDim = (dim: number) => named.filter(({ channel }) => channel.dim === dim).map(({ name }) => name);
  return { columns, left: all.slice(columns.length).map(({ head }) => head), spectra: ofDim(1), images: ofDim(2) };
}

function column({ fullname, unit = "", decimals, dtype, encoding }: Channel, key: string): TableColumn {
  const time = fullname === "timer:elapsed_time";
  const head = time ? "dt" : key;
  return {
    key, head, unit,
    width: Math.max(leastWidth, head.length, unit.length + 2),
    whole: !dtype.startsWith("float") || encoding === "scans",
    ...(time ? { decimals: 3 } : decimals !== undefined && { decimals }),
  }; // biome-ignore format: one glance
}

/** Two lines: names; units in brackets. */
export function heading({ columns }: Table): string[] {
  const names = ["#".padStart(indexWidth), ...columns.map(({ head, width }) => head.padStart(width))];
  const units = [" ".repeat(indexWidth), ...columns.map(({ unit, width }) => bracketed(unit).padStart(width))];
  return [names, units].map((cells) => cells.join(gap).trimEnd());
}
const bracketed = (unit: string) => (unit === "" ? "" : `[${unit}]`);

export function rowLine({ columns }: Table, point: number, row: Row): string {
  const cells = columns.map((one) => written(numberIn(row[one.key]), one).padStart(one.width));
  return [String(point).padStart(indexWidth), ...cells].join(gap);
}

/** A sub-scan of a sequence is shown by its number. */
const numberIn = (value: unknown): unknown =>
  typeof value === "object" && value !== null && "scan_number" in value ? value.scan_number : value;

/** What the table does not show, a line a kind. */
export function notShown({ left, spectra, images }: Table): string[] {
  const line = (what: string, names: readonly string[]) =>
    names.length > 0 ? [`${" ".repeat(indexWidth)}${gap}${what}: ${names.join(", ")}`] : [];
  return [...line("the terminal is too narrow for", left), ...line("spectra", spectra), ...line("images", images)];
}
