// SPDX-License-Identifier: MIT
// Log files as log4j XML, with one older file kept.
import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";
import { devFailed } from "../../errors.ts";
import type { LogMessage, LogTarget } from "./target.ts";

/** `]]>` inside would end the section. */
const cdata = (text: string) => `<![CDATA[${text.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;

const entry = ({ time, level, device, text }: LogMessage): string =>
  `<log4j:event logger="${device}" timestamp="${Math.floor(time)}" level="${level}" thread="${process.pid}">\n` +
  `<log4j:message>${cdata(text)}</log4j:message>\n<log4j:NDC><![CDATA[]]></log4j:NDC>\n</log4j:event>\n\n`;

class FileTarget implements LogTarget {
  readonly name: string;
  readonly #path: string;
  readonly #limit: () => number;
  #file: number;
  #size: number;

  constructor(path: string, limit: () => number) {
    this.name = `file::${path}`;
    this.#path = path;
    this.#limit = limit;
    this.#file = openSync(path, "a");
    this.#size = fstatSync(this.#file).size;
  }

  write(message: LogMessage): void {
    const bytes = Buffer.from(entry(message), "utf8");
    if (this.#size > this.#limit()) this.#rotate();
    writeSync(this.#file, bytes);
    this.#size += bytes.length;
  }

  /** What was there becomes `.1`; an older `.1` is lost. */
  #rotate(): void {
    closeSync(this.#file);
    renameSync(this.#path, `${this.#path}.1`);
    this.#file = openSync(this.#path, "a");
    this.#size = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    closeSync(this.#file);
  }
}

/**
 * Appends to a file. `limit`: bytes above which it is renamed and begun again.
 * @throws DevFailed API_CannotOpenFile
 */
export function fileTarget(path: string, limit: () => number): LogTarget {
  try {
    return new FileTarget(path, limit);
  } catch (cause) {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw devFailed(
      "API_CannotOpenFile",
      `Could not open logging file ${path} (${problem})`,
      "DeviceImpl::add_logging_target",
    );
  }
}
