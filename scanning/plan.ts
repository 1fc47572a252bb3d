// SPDX-License-Identifier: MIT
// A scan before anything is known of the axes' positions: what the functions of the standard scans make.
import type { NodePlan } from "./chain/node.ts";
import type { CallOptions, Readable } from "./protocols.ts";
import type { ScanRun } from "./run.ts";
import type { Trajectory } from "./trajectory.ts";

/** What every scan function takes as its last argument. */
export interface ScanOptions {
  /** An axis among the counters is a mistake, not options. */
  readonly kind?: never;
  readonly title?: string;
  readonly name?: string;
  /** Default true. */
  readonly save?: boolean;
  /** Whether cameras save; default: as `save`. */
  readonly saveImages?: boolean;
  /** Seconds before every point but the first. */
  readonly sleepTime?: number;
  /** Seconds after each move. */
  readonly stabTime?: number;
  /** Merged into the scan's document. */
  readonly scanInfo?: Readonly<Record<string, unknown>>;
}

export interface ScanPlan {
  /** Machine-readable kind: "ascan", "amesh", "loopscan" ... */
  readonly type: string;
  /** Default: the type. */
  readonly name?: string;
  /** Absent: nothing moves. */
  readonly trajectory?: Trajectory;
  /** Positions are relative to where the axes were last sent; they return there, whatever happens. */
  readonly relative?: boolean;
  /** 0 and below: until stopped. */
  readonly points: number;
  /** Seconds a point. */
  readonly countTime: number;
  /** Empty: the session's active measurement group. */
  readonly read: readonly Readable[];
  readonly options: ScanOptions;
  /** From the resolved trajectory (absolute positions). */
  title(trajectory: Trajectory | undefined): string;
  /** Keys of the document only this kind of scan has: start, stop, plots, data_dim ... */
  info(trajectory: Trajectory | undefined): Readonly<Record<string, unknown>>;
  /** True: it counts nothing itself, but is made of other scans: the document has no type, npoints and count_time. */
  readonly composite?: boolean;
  /** True: the document has no metadata categories (a count that is not saved). */
  readonly bare?: boolean;
  /** Where the axes get to beyond the points, to be checked against their limits too. */
  extent?(trajectory: Trajectory, options: CallOptions): Promise<Trajectory>;
  /** Seconds it takes at least, when that is not the sum of the points' count times and moves. */
  readonly seconds?: number;
  /** After a success, when everything is at rest and published: part of the scan, which ends only then. */
  afterwards?(run: ScanRun): Promise<void>;
  /** Another chain than axis - timer - devices: given the nodes of the counters. */
  chain?(devices: NodePlan[], trajectory: Trajectory | undefined): NodePlan[];
}
