// SPDX-License-Identifier: MIT
// Where data go, and what is measured: the data policy's verbs, measurement groups, the scans so far.
import { countersOf } from "../chain/build.ts";
import { fullnameOf } from "../chain/calc.ts";
import type { EsrfPolicy } from "../policy/esrf.ts";
import type { Counter, Readable } from "../protocols.ts";
import type { ScanRun } from "../run.ts";
import { isContainer, isCounter } from "../session/session.ts";
import { aligned, leftAligned } from "./block.ts";
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
  /** Counters: what each channel is, and of which device. Without any: all of the session. */
  lscnt(...counters: Readable[]): void;
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
    lscnt: (...counters) => desk.print(...counterLines(countersOf(counters.length > 0 ? counters : all(session)))),
    lsobj: () => desk.print([...session.objects.keys()].toSorted().join("  ")),
    lsscans: () => desk.print(...session.scans.map(scanLine)),
  };
}

const all = ({ objects }: Desk["session"]): Readable[] => [...objects.values()].filter((o) => isCounter(o) || isContainer(o)); // biome-ignore format: one glance

function counterLines(counters: readonly Counter[]): string[] {
  const rows = counters.map((counter) => {
    const fullname = fullnameOf(counter);
    const dim = counter.kind === "detector" ? counter.dim : 0;
    const mode = counter.kind === "sampling" ? (counter.mode ?? "MEAN") : counter.kind;
    return [fullname, `${dim}D`, counter.unit ?? "", mode, fullname.slice(0, fullname.lastIndexOf(":"))];
  });
  return leftAligned([["Fullname", "Shape", "Unit", "Mode", "Device"], ...rows]);
}

/** `4  ascan robx 0.00000 1.00000 2 0.1  3 points, DONE` */
export const scanLine = ({ info, title, points, state }: ScanRun): string =>
  `${info.save === false ? "-" : (info.scan_nb ?? "-")}  ${title}  ${points} ${points === 1 ? "point" : "points"}, ${state}`;
