// SPDX-License-Identifier: MIT
// What was recorded on servers of cppTango 9.3.4 and 10.3.3, one case a line, and which test shows that ours does the same.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Coverage, coverage } from "./coverage-table.ts";

export interface RecordedCase {
  /** In test/vectors/server/behaviour.jsonl, from 1. */
  readonly line: number;
  readonly area: string;
  readonly server: "9.3.4" | "10.3.3";
  readonly steps: readonly unknown[];
  readonly observed: unknown;
}

const file = join(import.meta.dirname, "../../vectors/server/behaviour.jsonl");

export function recordedCases(): RecordedCase[] {
  const lines = readFileSync(file, "utf8").split("\n").filter(Boolean);
  // Python writes NaN and Infinity as no other does, and integers that are too big for a number here: texts.
  const parsed = (line: string) =>
    JSON.parse(line.replaceAll(/(?<=[[ ])(NaN|-?Infinity|\d{16,})(?=[,\]])/g, '"$1"')) as Omit<RecordedCase, "line">;
  return lines.map((line, index) => ({ line: index + 1, ...parsed(line) }));
}

/** The first entry of the table that speaks of the case; undefined when none does. */
export function coverageOf({ line, area, steps }: RecordedCase): Coverage | undefined {
  const text = JSON.stringify(steps);
  return coverage.find(
    (one) =>
      (Array.isArray(one.area) ? one.area.includes(area) : one.area === area) &&
      (!one.lines || one.lines.includes(line)) &&
      (!one.steps || one.steps.test(text)),
  );
}

/** The cases that are played again as they are, in the order in which they were recorded: by area and recording server. */
export function playedCases(): Map<string, RecordedCase[]> {
  const played = recordedCases().filter((one) => coverageOf(one)?.by === "played");
  return Map.groupBy(played, ({ area, server }) => `${area}-${server.split(".")[0]}`);
}

/** What of a record does not depend on the clock. */
const timeless: Readonly<Record<string, (observed: unknown) => unknown>> = {
  /** Whether a configuration came, and whether values go on. */
  "restart-events": (observed) => {
    const [result, events] = observed as [unknown, [number, string, unknown][]];
    const has = (kind: string) => events.some(([, one]) => one === kind);
    return [result, has("attr_conf"), has("change")];
  },
  /** The value, not its age. */
  "poll-trigger": (observed) =>
    Array.isArray(observed) && typeof observed[0] === "number" ? [observed[0], "age"] : observed,
};
export const asked = (area: string, observed: unknown): unknown => timeless[area]?.(observed) ?? observed;

const names: readonly (readonly [RegExp, string])[] = [
  [/dserver\/\w+\/\w+/gi, "ADMIN"],
  [/\bbh\/(?:9|10|c|dev)\/[\w-]+/g, "DEVICE"],
  [/tango:\/\/[\d.:]+\/DEVICE|DEVICE(?=\/)|#dbase=no/g, ""],
  [/from host giop:\S+/g, "from host HOST"],
  [/PID \d+/g, "PID"],
  [/(?<=\) reading \(mS\) = |reading \(mS\) = |execution \(mS\) = |since )[\d.]+( S and \d+)?/g, "N"],
  [/(?<=records \(in mS\) = )[\d, ]+/g, "N"],
  [/\s+/g, " "],
];

/** Events without when they came. */
const untimed = (events: unknown) => (events as unknown[][]).map(([_, ...event]) => event);

/** What is the same whoever answers: without names of devices, times, origins of errors. */
export function comparable(value: unknown): unknown {
  if (typeof value === "string") return names.reduce((text, [what, name]) => text.replaceAll(what, name), value);
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== "object" || value === null) return value;
  const { exc } = value as { exc?: readonly (readonly string[])[] };
  // The first error is the server's; those after it are the client's, which differ from version to version.
  if (exc && Array.isArray(exc[0])) return { exc: exc.slice(0, 1).map((error) => error.slice(0, 2).map(comparable)) };
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, comparable(key === "events" ? untimed(one) : one)]),
  );
}
