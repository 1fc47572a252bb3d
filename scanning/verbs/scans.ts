// SPDX-License-Identifier: MIT
// The standard scans as verbs: each runs at once, shows itself, and resolves with the finished scan.
import { ameshct, anscanct, ascanct, dscanct, lookupscanct } from "../continuous.ts";
import { ScanArgumentError } from "../errors.ts";
import { ScanRun } from "../run.ts";
import { Scan } from "../scan.ts";
import { sequence } from "../sequence.ts";
import {
  a2scan, a3mesh, a3scan, a4scan, a5scan, amesh, anmesh, anscan, ascan, ct, d2scan, d3mesh, d3scan, d4scan, d5scan,
  dmesh, dnscan, dscan, lineup, lookupscan, loopscan, pointscan, sct, timescan,
} from "../standard.ts"; // biome-ignore format: a list
import { describe } from "../trajectory.ts";
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
  /** Runs a scan that was made and not run: `s = plan.ascan(...)`, `run(s)`; as often as one likes. */
  run(scan: Scan): Promise<ScanRun>;
};

export function scanVerbs(desk: Desk): ScanVerbs {
  const verbs = Object.entries(makers).map(([name, make]) => [
    name,
    // An async function: wrong arguments reject, as everything else that goes wrong.
    async (...args: unknown[]) => desk.run((make as (...given: unknown[]) => Scan)(...args)),
  ]);
  const run = async (scan: unknown) => {
    if (scan instanceof Scan) return desk.run(scan);
    if (scan instanceof ScanRun) throw new ScanArgumentError(`${scan.title} has run already: make another with plan`);
    throw new ScanArgumentError(`${describe(scan)} is not a scan. Usage: run(plan.ascan(...))`);
  };
  const active = () => (desk.session.activeGroup ? [desk.session.activeGroup] : []);
  const plans = Object.entries(makers).map(([name, make]) => [
    name,
    (...args: unknown[]) => new Scan((make as (...given: unknown[]) => Scan)(...args).plan, active),
  ]);
  return { ...Object.fromEntries(verbs), plan: Object.fromEntries(plans), run };
}
