// SPDX-License-Identifier: MIT
import { refusal } from "./refusal.ts";

/** Configuration files of the hardware, when it has some. */
export interface Configuration {
  directory: string;
  /** Name of the loaded file; "" when none is. */
  readonly file: string;
  load(file: string): Promise<void>;
  /** Seconds. */
  refresh: number;
  list(): Promise<readonly string[]>;
}

/** What `list` finds in a directory; nothing without one. @throws DevFailed when it cannot be read */
export async function filesOf(directory: string, list: (directory: string) => Promise<string[]>): Promise<string[]> {
  if (!directory) return [];
  try {
    return await list(directory);
  } catch (error) {
    throw refusal(`${directory} cannot be listed: ${(error as Error).message}`, "OSError");
  }
}
