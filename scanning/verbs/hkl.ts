// SPDX-License-Identifier: MIT
// Scans in reciprocal space: hscan, kscan, lscan along one index, hklscan along all; with a "d" relative. They are line
// scans of the session's axes h, k and l, whatever calculates them.

import type { ScanRun } from "../run.ts";
import type { Scan } from "../scan.ts";
import type { Session } from "../session/session.ts";
import type { ScanArguments } from "../standard.ts";
import { anscan, ascan, dnscan, dscan } from "../standard.ts";
import type { Desk } from "./desk.ts";

type Along = (
  start: number,
  stop: number,
  intervals: number,
  countTime: number,
  ...args: ScanArguments
) => Promise<ScanRun>;
type AlongAll = (
  h1: number, h2: number, k1: number, k2: number, l1: number, l2: number,
  intervals: number, countTime: number, ...args: ScanArguments
) => Promise<ScanRun>; // biome-ignore format: as it is typed

export interface HklVerbs {
  readonly hscan: Along;
  readonly kscan: Along;
  readonly lscan: Along;
  readonly hdscan: Along;
  readonly kdscan: Along;
  readonly ldscan: Along;
  readonly hklscan: AlongAll;
  readonly hkldscan: AlongAll;
}

const along =
  (desk: Desk, name: string, scan: typeof ascan): Along =>
  async (...args) =>
    desk.run(scan(index(desk.session, name), ...args));

const alongAll =
  (
    desk: Desk,
    scan: (axes: Parameters<typeof anscan>[0], ...rest: [number, number, ...ScanArguments]) => Scan,
  ): AlongAll =>
  async (h1, h2, k1, k2, l1, l2, ...rest) => {
    const [h, k, l] = ["h", "k", "l"].map((name) => index(desk.session, name)) as [never, never, never];
    return desk.run(scan([[h, h1, h2], [k, k1, k2], [l, l1, l2]], ...rest)); // biome-ignore format: one glance
  };

/** @throws RangeError saying how to get one */
function index(session: Session, name: string) {
  if (session.objects.has(name)) return session.axis(name);
  throw new RangeError(`session ${session.name} has no axis ${name}: name the calculated axes h, k and l in its file`);
}

export const hklVerbs = (desk: Desk): HklVerbs => ({
  hscan: along(desk, "h", ascan),
  kscan: along(desk, "k", ascan),
  lscan: along(desk, "l", ascan),
  hdscan: along(desk, "h", dscan),
  kdscan: along(desk, "k", dscan),
  ldscan: along(desk, "l", dscan),
  hklscan: alongAll(desk, anscan),
  hkldscan: alongAll(desk, dnscan),
});
