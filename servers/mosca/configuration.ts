// SPDX-License-Identifier: MIT

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
