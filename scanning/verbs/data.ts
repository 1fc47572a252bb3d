// SPDX-License-Identifier: MIT
// Where data go, and what is measured: the data policy's verbs, measurement groups, the scans so far.
import type { EsrfPolicy } from "../policy/esrf.ts";
import type { ScanRun } from "../run.ts";
import { aligned } from "./block.ts";
import type { Desk } from "./desk.ts";

type PolicyVerbs = Pick<
  EsrfPolicy,
  "newproposal" | "newsample" | "newcollection" | "newdataset" | "enddataset" | "endproposal"
>;
export interface DataVerbs extends PolicyVerbs {
  /** What the data policy says now: names, folders. */
  scan_saving(): void;
  /** Measurement groups; the active one has a star. */
  lsmg(): void;
  /** Objects of the session. */
  lsobj(): void;
  /** Scans that can still be looked at, the newest last. */
  lsscans(): void;
}

const policyVerbs = ["newproposal", "newsample", "newcollection", "newdataset", "enddataset", "endproposal"] as const;

export function dataVerbs(desk: Desk): DataVerbs {
  const { session } = desk;
  const policy = Object.fromEntries(
    policyVerbs.map((name) => [
      name,
      async (...args: never[]) => {
        const own = session.policy as Partial<PolicyVerbs>;
        const verb = own[name] as ((...given: never[]) => Promise<void>) | undefined;
        if (!verb)
          throw new Error(`${name} belongs to the ESRF data policy; this session's is ${session.policy.name} (basic)`);
        await verb.apply(own, args);
        desk.print(`Data policy: ${Object.values(session.policy.describe()).join(" ")}`);
      },
    ]),
  ) as unknown as PolicyVerbs;
  return {
    ...policy,
    scan_saving: () => desk.print(...aligned(Object.entries(session.policy.describe()).map(([k, v]) => [k, "=", v]))),
    lsmg: () =>
      desk.print(
        ...session.groups.map((group) => {
          const star = group === session.activeGroup ? "*" : " ";
          return `${star} ${group.name} (${group.state}): ${group.counters.map(({ name }) => name).join(", ")}`;
        }),
      ),
    lsobj: () => desk.print([...session.objects.keys()].toSorted().join("  ")),
    lsscans: () => desk.print(...session.scans.map(scanLine)),
  };
}

/** `4  ascan robx 0.00000 1.00000 2 0.1  3 points, DONE` */
export const scanLine = ({ info, title, points, state }: ScanRun): string =>
  `${info.save === false ? "-" : (info.scan_nb ?? "-")}  ${title}  ${points} ${points === 1 ? "point" : "points"}, ${state}`;
