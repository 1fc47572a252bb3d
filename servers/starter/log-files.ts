// SPDX-License-Identifier: MIT
// What a Starter keeps in <home>/ds.log: the output of each server, what it did, and statistics, in Astor's formats.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { devFailed } from "../../tango/errors.ts";

export interface Statistic {
  readonly server: string;
  readonly state: "ON" | "FAULT";
  /** Seconds since the epoch; -1: never. */
  readonly started: number;
  readonly failed: number;
  readonly automatic: boolean;
}

export interface LogFiles {
  readonly folder: string;
  /** Puts the last output of `server` aside and opens a file for the next: a descriptor to hand to the process. */
  open(server: string): number;
  /** What DevReadLog answers: `Starter`, `Statistics`, or the current output of a server. */
  read(what: string): string;
  /** One line of the Starter's own log. */
  note(text: string): void;
  statistic(line: Statistic): void;
  /** Begins the statistics anew with these. */
  reset(lines: readonly Statistic[]): void;
}

const most = { notes: 400, statistics: 2000, bytes: 4 * 1024 * 1024 };
const two = (number: number) => String(number).padStart(2, "0");

/** `24/11/26   08:24:09` */
export function logDate(date: Date): string {
  const day = [date.getDate(), date.getMonth() + 1, date.getFullYear() % 100].map(two).join("/");
  return `${day}   ${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":")}`;
}

/** `2026-11-24_08-24-09` */
const fileDate = (date: Date) =>
  `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}_${[date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join("-")}`;

/** @throws DevFailed CANNOT_CREATE_LOG_FILE when the folder cannot be made. */
export function logFiles(home: string, keep: number, clock: () => number = Date.now): LogFiles {
  const folder = join(home, "ds.log");
  const notes = join(folder, "Starter.log");
  const statistics = join(folder, "Starter.stat");
  const fileOf = (server: string) => join(folder, `${server.replaceAll("/", "_")}.log`);
  const failed = (why: unknown) =>
    devFailed(
      "CANNOT_CREATE_LOG_FILE",
      `cannot write in ${folder}: ${messageOf(why)}`,
      "StarterUtil::build_log_file_name()",
    );
  try {
    // Not recursive: Node's mkdir -p never returns in /proc and its like.
    for (const path of [home, folder]) if (!existsSync(path)) mkdirSync(path, { mode: 0o775 });
  } catch (error) {
    throw failed(error);
  }
  const prepend = (file: string, line: string, limit: number) => {
    const before = existsSync(file)
      ? readFileSync(file, "utf8")
          .split("\n")
          .slice(0, limit - 1)
      : [];
    replace(
      file,
      [line, ...before].filter((text) => text !== ""),
    );
  };
  return {
    folder,
    open: (server) => {
      try {
        rotate(folder, fileOf(server), keep);
        return openSync(fileOf(server), "a", 0o664);
      } catch (error) {
        throw failed(error);
      }
    },
    read: (what) => {
      if (/^starter$/i.test(what)) return content(notes);
      if (/^statistics$/i.test(what)) return content(statistics);
      const file = fileOf(what);
      const text = content(file);
      return `${file}\n${logDate(statSync(file).mtime)}\n\n${text}`;
    },
    note: (text) => prepend(notes, `${logDate(new Date(clock()))}\t${text}`, most.notes),
    statistic: (line) => prepend(statistics, statisticLine(line), most.statistics),
    reset: (lines) => replace(statistics, lines.map(statisticLine)),
  };
}

const statisticLine = ({ server, state, started, failed, automatic }: Statistic) =>
  [server, state, started, failed, automatic].join("\t");

/** Whole or not at all: a reader never sees half a file. */
function replace(file: string, lines: readonly string[]): void {
  writeFileSync(`${file}.new`, lines.map((line) => `${line}\n`).join(""));
  renameSync(`${file}.new`, file);
}

/** The file, or its end when it is very long. */
function content(file: string): string {
  try {
    const bytes = readFileSync(file);
    return bytes.subarray(Math.max(0, bytes.length - most.bytes)).toString("latin1");
  } catch (error) {
    throw devFailed(`Cannot open ${file}`, messageOf(error), "Starter::dev_read_log");
  }
}

/** Renames the current file by its time and removes the oldest, so that with the next one `keep` remain. */
function rotate(folder: string, file: string, keep: number): void {
  const stem = file.slice(folder.length + 1, -".log".length);
  if (existsSync(file)) renameSync(file, join(folder, `${stem}_[${fileDate(statSync(file).mtime)}].log`));
  const old = readdirSync(folder)
    .filter((name) => name.startsWith(`${stem}_[`) && name.endsWith("].log"))
    .sort();
  for (const name of old.slice(0, Math.max(0, old.length - (keep - 1)))) rmSync(join(folder, name));
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Closes a descriptor of `open` when the process has it. */
export const closeLog = (descriptor: number): void => closeSync(descriptor);
