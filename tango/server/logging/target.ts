// SPDX-License-Identifier: MIT
// Where log messages go.
import type { Level } from "./levels.ts";

export interface LogMessage {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly level: Level;
  readonly device: string;
  readonly text: string;
}

export interface LogTarget extends AsyncDisposable {
  /** `console::cout`, `file::/path`, `device::dom/fam/mem`: how clients name it. */
  readonly name: string;
  write(message: LogMessage): void;
}

const two = (value: number, width = 2) => String(value).padStart(width, "0");

/** `2026-11-23T05:35:35,973637+0000`. */
export function timestamp(milliseconds: number): string {
  const date = new Date(milliseconds);
  const micros = two(Math.floor((milliseconds % 1000) * 1000), 6);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const offset = -date.getTimezoneOffset();
  const sign = offset < 0 ? "-" : "+";
  const zone = `${sign}${two(Math.floor(Math.abs(offset) / 60))}${two(Math.abs(offset) % 60)}`;
  return `${day}T${clock},${micros}${zone}`;
}

export function consoleTarget(write: (line: string) => void): LogTarget {
  return {
    name: "console::cout",
    write: ({ time, level, device, text }) => write(`${timestamp(time)} ${level} ${device} ${text}\n`),
    [Symbol.asyncDispose]: async () => {},
  };
}
