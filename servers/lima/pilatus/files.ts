// SPDX-License-Identifier: MIT
// The files of one exposure series: their names as camserver counts them, and reading them as soon as they are complete.
import { rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { readImage, type SavedImage } from "../images/saved-image.ts";

export interface FileSeries {
  /** On this machine; camserver's path to it may differ. */
  readonly folder: string;
  /** Of the first file: camserver counts up the digits after the last underscore. */
  readonly first: string;
}

/** `run_0009.cbf` and 1: `run_0010.cbf`. @throws Error for a name that camserver would count otherwise. */
export function seriesFile(first: string, index: number): string {
  const match = /^(.*_)(\d{3,})(\.\w+)$/.exec(first);
  if (!match)
    throw new Error(
      `"${first}": camserver counts names that end in _ and three digits or more: write saving_prefix and saving_index_format so`,
    );
  const [, stem = "", digits = "", suffix = ""] = match;
  return `${stem}${String(Number(digits) + index).padStart(digits.length, "0")}${suffix}`;
}

/** Milliseconds between two looks. */
const period = 5;
/** Milliseconds from a file's appearance until it has to be complete. */
const completion = 5000;

export interface WaitOptions {
  readonly signal: AbortSignal;
  /** When to give up, by performance.now(). */
  readonly deadline: number;
  /** Why nothing more will come, when something went wrong. */
  readonly failure: () => Error | undefined;
}

/** The image of a file that is being written. Undefined when stopped first. @throws Error when it does not come, or stays broken. */
export async function awaitImage(path: string, options: WaitOptions): Promise<SavedImage | undefined> {
  const { signal, deadline, failure } = options;
  let appeared: number | undefined;
  while (!signal.aborted) {
    const there = appeared !== undefined || (await exists(path));
    if (there) {
      appeared ??= performance.now();
      try {
        return await readImage(path);
      } catch (error) {
        if (performance.now() - appeared > completion) throw error;
      }
    } else {
      const failed = failure();
      if (failed) throw failed;
      if (performance.now() > deadline)
        throw new Error(`no file ${path}: is the folder where camserver writes the same as here?`);
    }
    await sleep(period);
  }
  return undefined;
}

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

/** Removes a file that may be there. */
export const removeFile = (folder: string, name: string): Promise<void> => rm(join(folder, name), { force: true });
