// SPDX-License-Identifier: MIT
// The standard scans as verbs: each runs at once, shows itself, and resolves with the finished scan.
import { ameshct, anscanct, ascanct, dscanct, lookupscanct } from "../continuous.ts";
import type { ScanRun } from "../run.ts";
import type { Scan } from "../scan.ts";
import { sequence } from "../sequence.ts";
import {
  a2scan, a3mesh, a3scan, a4scan, a5scan, amesh, anmesh, anscan, ascan, ct, d2scan, d3mesh, d3scan, d4scan, d5scan,
  dmesh, dnscan, dscan, lineup, lookupscan, loopscan, pointscan, sct, timescan,
} from "../standard.ts"; // biome-ignore format: a list
import type { Desk } from "./desk.ts";

/** What the shell calls a scan -> what makes it. `mesh` is `amesh`. */
const makers = {
  ct, sct, loopscan, timescan, ascan, dscan, lineup, anscan, dnscan, a2scan, a3scan, a4scan, a5scan, d2scan, d3scan,
  d4scan, d5scan, pointscan, lookupscan, amesh, mesh: amesh, dmesh, a3mesh, d3mesh, anmesh,
  ascanct, dscanct, anscanct, ameshct, lookupscanct, sequence,
}; // biome-ignore format: a list

type Makers = typeof makers;
export type ScanVerbs = {
  readonly [Name in keyof Makers]: (...args: Parameters<Makers[Name]>) => Promise<ScanRun>;
} & {
  /** The same functions, making scans that do not run yet: `plan.ascan(...).dryRun()`. */
  readonly plan: Makers;
};

export function scanVerbs(desk: Desk): ScanVerbs {
  const verbs = Object.entries(makers).map(([name, make]) => [
    name,
    // An async function: wrong arguments reject, as everything else that goes wrong.
    async (...args: unknown[]) => desk.run((make as (...given: unknown[]) => Scan)(...args)),
  ]);
  return { ...Object.fromEntries(verbs), plan: makers };
}
