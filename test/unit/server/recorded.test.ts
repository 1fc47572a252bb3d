// SPDX-License-Identifier: MIT
// What cppTango servers did with changing values and memorised ones: ours judges and writes the same.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { devFailed } from "../../../tango/errors.ts";
import {
  DevBoolean, DevDouble, DevEnum, DevFloat, DevLong, DevLong64, DevState, DevString, DevUChar,
} from "../../../tango/idl/tango-types.ts"; // biome-ignore format: a list
import { readable, spectrum } from "../../../tango/interface.ts";
import { ServedAttribute } from "../../../tango/server/attribute/attribute.ts";
import { dataTypes } from "../../../tango/server/attribute/data-type-table.ts";
import { memorizedText, memorizedValue } from "../../../tango/server/attribute/memory.ts";
import type { Sample } from "../../../tango/server/attribute/sample.ts";
import { hasChanged } from "../../../tango/server/events/detection.ts";
import { invalid, type Quality, reading } from "../../../tango/server/types.ts";

const lines = <T>(name: string): T[] =>
  readFileSync(join(import.meta.dirname, "../../vectors/server", name), "utf8")
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);

const scalars = { DevBoolean, DevDouble, DevEnum, DevFloat, DevLong, DevLong64, DevState, DevString, DevUChar };
type ScalarName = keyof typeof scalars;

interface Step {
  readonly value?: unknown;
  readonly q?: Quality;
  readonly exc?: readonly [reason: string, desc: string];
  readonly sent: boolean;
}
interface Changes {
  readonly type: ScalarName | "DevDouble[]";
  readonly criteria: { readonly abs?: string; readonly rel?: string };
  readonly first: unknown;
  readonly then: readonly Step[];
}

/** An attribute of a device that does nothing but have it. */
function attributeOf({ type, criteria }: Changes): ServedAttribute {
  const owner = { name: "a/b/c", className: "Recorded", currentState: "ON", now: () => 0, attribute: () => undefined };
  const labels = { enumLabels: ["A", "B", "C"] };
  const definition = type === "DevDouble[]" ? readable(spectrum(DevDouble, 8)) : readable(scalars[type], labels);
  const rows = {
    ...(criteria.abs && { abs_change: criteria.abs.split(",") }),
    ...(criteria.rel && { rel_change: criteria.rel.split(",") }),
  };
  return new ServedAttribute(owner, "x", definition, {}, { classRows: {}, deviceRows: { x: rows } });
}

const numbers: Readonly<Record<string, number>> = { nan: Number.NaN, inf: Number.POSITIVE_INFINITY };
const numberOf = (value: unknown) => (typeof value === "string" && value in numbers ? numbers[value] : value);

function sampleOf(attribute: ServedAttribute, { value, q, exc }: Omit<Step, "sent">): Sample {
  if (exc) return attribute.failed(devFailed(...exc));
  if (q === "INVALID") return attribute.sample(invalid());
  return attribute.sample(reading(numberOf(value), q ? { quality: q } : {}));
}

test.each(lines<Changes>("changes.jsonl").map((one) => [`${one.type} ${JSON.stringify(one.criteria)}`, one] as const))(
  "changes of %s",
  (_, recorded) => {
    const attribute = attributeOf(recorded);
    const { change } = attribute.settings.criteria;
    let sent = sampleOf(attribute, { value: recorded.first });
    const seen = recorded.then.map((step) => {
      const sample = sampleOf(attribute, step);
      const isSent = hasChanged(sent, sample, change);
      if (isSent) sent = sample;
      return { ...step, sent: isSent };
    });
    expect(seen).toEqual(recorded.then);
  },
);

interface Memorised {
  readonly type: ScalarName;
  readonly value: unknown;
  readonly stored: readonly [string];
}
test.each(
  lines<Memorised>("memorised.jsonl").map((one) => [`${one.type} ${JSON.stringify(one.stored[0])}`, one] as const),
)("memorised %s", (_, { type, value, stored: [text] }) => {
  const dataType = dataTypes.get(scalars[type].code);
  if (!dataType) throw new Error(`no ${type}`);
  const written = type === "DevLong64" ? BigInt(value as number) : value;
  expect(memorizedText(dataType, written)).toBe(text);
  const back = memorizedValue(dataType, text, ["A", "B", "C"]);
  // What is read back is what is stored again: nothing creeps.
  expect(memorizedText(dataType, back)).toBe(text);
});

test.each([
  ["DevFloat", "abc"], ["DevBoolean", "maybe"], ["DevEnum", "9"], ["DevUChar", "1.5"], ["DevLong64", "x"],
] as const)("a stored text that is no %s is of no use: %s", (type, text) => {
  const dataType = dataTypes.get(scalars[type].code);
  expect(dataType && memorizedValue(dataType, text, ["A", "B", "C"])).toBeUndefined();
}); // biome-ignore format: a table
