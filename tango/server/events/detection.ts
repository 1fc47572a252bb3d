// SPDX-License-Identifier: MIT
// Whether a new value of an attribute is worth an event, compared with the last one sent.
import type { DevError } from "../../errors.ts";
import type { Elements } from "../attribute/layout.ts";
import type { Change } from "../attribute/number-text.ts";
import type { Sample } from "../attribute/sample.ts";

export interface ChangeCriteria {
  readonly rel: Change;
  readonly abs: Change;
}

/** True when `sample` differs enough from `previous`, the last one that was sent. */
export function hasChanged(previous: Sample | undefined, sample: Sample, criteria: ChangeCriteria): boolean {
  if (!previous) return true;
  if (previous.errors || sample.errors) return !sameErrors(previous.errors, sample.errors);
  if (previous.quality !== sample.quality) return true;
  const [before, now] = [previous.read?.elements, sample.read?.elements];
  if (!before || !now) return before !== now;
  return valuesDiffer(sample, before, now, criteria);
}

function sameErrors(one: readonly DevError[] | undefined, other: readonly DevError[] | undefined): boolean {
  if (!one || !other || one.length !== other.length) return false;
  return one.every((error, index) => {
    const twin = other[index];
    return (
      twin !== undefined &&
      error.reason === twin.reason &&
      error.desc === twin.desc &&
      error.origin === twin.origin &&
      error.severity === twin.severity
    );
  });
}

function valuesDiffer(sample: Sample, before: Elements, now: Elements, criteria: ChangeCriteria): boolean {
  if (before.length !== now.length) return true;
  if (sample.type?.kind === "encoded") return encodedDiffers(before[0], now[0], criteria);
  const numeric = sample.type?.kind === "real" || sample.type?.kind === "integer" || sample.type?.kind === "wide";
  for (let index = 0; index < now.length; index++) {
    const [old, fresh] = [before[index], now[index]];
    if (old === fresh) continue;
    if (!numeric || numberChanged(old as number | bigint, fresh as number | bigint, criteria)) return true;
  }
  return false;
}

function encodedDiffers(before: unknown, now: unknown, criteria: ChangeCriteria): boolean {
  const [old, fresh] = [before, now] as { readonly format: string; readonly data: Uint8Array }[];
  if (!old || !fresh || old.format !== fresh.format || old.data.length !== fresh.data.length) return true;
  return fresh.data.some(
    (byte, index) => byte !== old.data[index] && numberChanged(old.data[index] ?? 0, byte, criteria),
  );
}

function numberChanged(old: number | bigint, fresh: number | bigint, { rel, abs }: ChangeCriteria): boolean {
  const difference =
    typeof old === "bigint" && typeof fresh === "bigint" ? Number(fresh - old) : Number(fresh) - Number(old);
  if (Number.isNaN(difference)) return !(Number.isNaN(Number(old)) && Number.isNaN(Number(fresh)));
  if (beyond(difference, abs)) return true;
  if (rel.down === undefined && rel.up === undefined) return false;
  const base = Number(old);
  return beyond(base === 0 ? 100 : (difference * 100) / base, rel);
}

const beyond = (difference: number, { down, up }: Change): boolean =>
  (down !== undefined && difference <= -down) || (up !== undefined && difference >= up);

/** A period has passed, but for the tolerance that lets an event go with the poll nearest to it. */
export const isDue = (elapsed: number, period: number): boolean =>
  elapsed > (period < 5000 ? Math.round(period * 0.98) : period - 100);

/** The criterion is fulfilled by any difference, or some number says how large it must be. */
export function hasCriteria({ rel, abs }: ChangeCriteria, kind: string): boolean {
  if (kind === "text" || kind === "boolean" || kind === "encoded" || kind === "state" || kind === "enum") return true;
  return [rel.down, rel.up, abs.down, abs.up].some((bound) => bound !== undefined);
}
