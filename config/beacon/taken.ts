// SPDX-License-Identifier: MIT
// What an item of Beacon becomes.
import type { Words } from "./tree.ts";

/** A device that one of our servers has to serve. */
export interface TakenDevice {
  readonly server: string;
  readonly className: string;
  readonly device: string;
  readonly properties: Words;
}
export interface TakenGroup {
  readonly counters: readonly string[];
  /** Groups whose counters are its own too. */
  readonly included: readonly string[];
}
export interface Taken {
  /** Of a session file, by name. */
  readonly objects?: Readonly<Record<string, Words>>;
  readonly groups?: Readonly<Record<string, TakenGroup>>;
  /** How devices are used in every scan. */
  readonly chain?: readonly Words[];
  readonly devices?: readonly TakenDevice[];
  /** What could not be taken, in words. */
  readonly left?: readonly string[];
}
