// SPDX-License-Identifier: MIT
// A writable attribute of every Tango type in every format, as one table: each keeps what was written last.
import {
  type AttributeDefinition,
  DevBoolean,
  DevDouble,
  DevEncoded,
  DevEnum,
  DevFloat,
  DevLong,
  DevLong64,
  DevShort,
  DevState,
  DevString,
  DevUChar,
  DevULong,
  DevULong64,
  DevUShort,
  image,
  spectrum,
  writable,
} from "../../../tango/index.ts";

const types = [
  { name: "boolean", type: DevBoolean, first: true },
  { name: "uchar", type: DevUChar, first: 7 },
  { name: "short", type: DevShort, first: -3 },
  { name: "ushort", type: DevUShort, first: 3 },
  { name: "long", type: DevLong, first: -70_000 },
  { name: "ulong", type: DevULong, first: 70_000 },
  { name: "long64", type: DevLong64, first: -5_000_000_000n },
  { name: "ulong64", type: DevULong64, first: 5_000_000_000n },
  { name: "float", type: DevFloat, first: 1.5 },
  { name: "double", type: DevDouble, first: 0.1 },
  { name: "string", type: DevString, first: "text" },
  { name: "state", type: DevState, first: "MOVING" },
] as const;

interface Row {
  readonly definition: AttributeDefinition;
  readonly first: unknown;
}

const rows: Readonly<Record<string, Row>> = {
  ...Object.fromEntries(
    types.flatMap(({ name, type, first }): [string, Row][] => [
      [`${name}_scalar`, { definition: writable(type), first }],
      [`${name}_spectrum`, { definition: writable(spectrum(type, 8)), first: [first, first, first] }],
      [
        `${name}_image`,
        { definition: writable(image(type, 4, 3)), first: { data: Array(6).fill(first), shape: [2, 3] } },
      ],
    ]),
  ),
  enum_scalar: { definition: writable(DevEnum, { enumLabels: ["ONE", "TWO", "THREE"] }), first: 1 },
  enum_spectrum: { definition: writable(spectrum(DevEnum, 8), { enumLabels: ["ONE", "TWO"] }), first: [0, 1] },
  encoded_scalar: { definition: writable(DevEncoded), first: { format: "fmt", data: Uint8Array.of(1, 2, 3) } },
};

type Nameless = Record<never, never>;

/** For the `attributes` of an interface; the names are the test's concern, not the compiler's. */
export const everyType = Object.fromEntries(
  Object.entries(rows).map(([name, { definition }]) => [name, definition]),
) as Nameless;

/** Handlers of these attributes, with values of their own. */
export function keepEveryType(): Nameless {
  const values = new Map(Object.entries(rows).map(([name, { first }]) => [name, first]));
  return Object.fromEntries(
    [...values.keys()].map((name) => [
      name,
      { read: () => values.get(name), write: (value: unknown) => void values.set(name, value) },
    ]),
  );
}
