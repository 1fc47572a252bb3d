// SPDX-License-Identifier: MIT
// One count of all counters: a line each, with its rate.
import type { Channel } from "../events.ts";
import type { Row } from "../run.ts";
import { written } from "./numbers.ts";

/** `diode  =    7.50000 mA  (   75.0000 /s)  source` */
export function countLines(
  channels: readonly Channel[],
  names: readonly string[],
  row: Row,
  seconds: number,
): string[] {
  const counted = channels
    .map((channel, i) => ({ channel, name: names[i] ?? channel.fullname }))
    .filter(({ channel }) => channel.dim === 0 && !/^(timer|axis):/.test(channel.fullname));
  const longest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
  const lines = counted.map(({ channel, name }) => {
    const style = { whole: !channel.dtype.startsWith("float"), ...decimalsOf(channel) };
    const value = row[name];
    const rate = typeof value === "number" ? written(value / seconds) : "-";
    const source = channel.fullname.slice(0, Math.max(0, channel.fullname.lastIndexOf(":")));
    return { name, value: written(value, style), unit: channel.unit ?? "", rate, source };
  });
  const names_ = longest(lines.map(({ name }) => name));
  const units = longest(lines.map(({ unit }) => unit));
  return lines.map(({ name, value, unit, rate, source }) =>
    `  ${name.padStart(names_)} = ${value.padStart(12)} ${unit.padEnd(units)}  (${rate.padStart(12)} /s)  ${source}`.trimEnd(),
  );
}

const decimalsOf = ({ decimals }: Channel) => (decimals === undefined ? {} : { decimals });
