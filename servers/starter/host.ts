// SPDX-License-Identifier: MIT
// What looking after servers needs of the host, of the database, and of whoever set the properties.
import type { Statistic } from "./log-files.ts";
import type { ServerProcess } from "./process-list.ts";

export interface ListedServer {
  readonly name: string;
  readonly controlled: boolean;
  readonly level: number;
}

export interface Host {
  /** The servers the database lists for this host. */
  listed(): Promise<readonly ListedServer[]>;
  processes(): Promise<readonly ServerProcess[]>;
  /** Whether the server's admin device answers. */
  answers(server: string): Promise<boolean>;
  /** Asks the server to end by its admin device. */
  kill(server: string): Promise<void>;
  signal(pid: number): void;
  /** @throws DevFailed CANNOT_RUN_FILE when there is no such executable. */
  find(server: string): string;
  launch(server: string, file: string): Promise<void>;
  note(text: string): void;
  statistic(line: Statistic): void;
  now(): number;
  delay(milliseconds: number): Promise<void>;
}

export interface Settings {
  /** Minutes a server must have run to be started again when it fails; 0: never. */
  readonly autoRestart: number;
  /** Seconds. */
  readonly startupTimeout: number;
  readonly levelWait: number;
  readonly movingMax: number;
  readonly levels: number;
}

/** What to note of a server that was not started. */
export const notStarted = (name: string, error: unknown): string =>
  `${name} not started: ${error instanceof Error ? error.message : error}`;
