// SPDX-License-Identifier: MIT
// Measurement groups of a configuration: members by name, or patterns of an object's counters.
import { type Counter, counterMatches, countersOf, type Readable, type SessionObject } from "../scanning/index.ts";
import type { ConfiguredGroup, ConfiguredObject } from "./load.ts";
import type { Problem } from "./problem.ts";
import { uncountable } from "./schema.ts";
import { suggestion } from "./words.ts";

/** The object a member names: `basler` in `basler:roi_counters:*`. */
const objectOf = (member: string) => member.split(":", 1)[0]!;

/** Members that are not there, or cannot be counted. */
export function checkGroups(
  groups: Iterable<ConfiguredGroup>,
  objects: ReadonlyMap<string, ConfiguredObject>,
): Problem[] {
  return [...groups].flatMap(({ name, members, place }) =>
    members.flatMap((member): Problem[] => {
      const named = objectOf(member);
      const kind = objects.get(named)?.spec.kind;
      if (kind === undefined)
        return [{ place, message: `group ${name}: no object ${named}${suggestion(named, [...objects.keys()])}` }];
      if (uncountable.includes(kind))
        return [{ place, message: `group ${name}: ${named} is a ${kind}; a group holds counters` }];
      return [];
    }),
  );
}

/**
 * What the members stand for; objects that could not be made are left out.
 * @throws RangeError naming a pattern that matches no counter
 */
export function membersOf({ name, members }: ConfiguredGroup, objects: ReadonlyMap<string, SessionObject>): Readable[] {
  return members.flatMap((member): Readable[] => {
    const named = objectOf(member);
    const object = objects.get(named) as Readable | undefined;
    if (!object || named === member) return object ? [object] : [];
    const found: Counter[] = countersOf([object]).filter((counter) => counterMatches(member, counter));
    if (found.length > 0) return found;
    const known = countersOf([object]).map((counter) => counter.name);
    throw new RangeError(`group ${name}: ${named} has no counter ${member}; it has ${known.join(", ") || "none"}`);
  });
}
