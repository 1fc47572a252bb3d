// SPDX-License-Identifier: MIT
// The bench the BLISS recordings were made on, built of soft axes and counters: same names, limits, steps, values.
import {
  type Axis,
  basicPolicy,
  type CalcCounter,
  type Counter,
  memorySink,
  pseudoAxes,
  type SamplingCounter,
  type SamplingMode,
  Session,
  softAxis,
  softCounters,
} from "../../scanning/index.ts";

export interface Bench {
  readonly session: Session;
  readonly sink: ReturnType<typeof memorySink>;
  readonly moves: [axis: string, dial: number][];
  readonly axes: Readonly<Record<string, Axis>>;
  /** Two counters of one device: the number of the reading, and the same + 100. */
  pair(device: string, first: string, second: string, fail?: (reading: number) => void): Counter[];
}

export function bench(): Bench {
  const moves: [string, number][] = [];
  const soft = (name: string, limits: number, unit: string | undefined, more: object = {}) =>
    softAxis(name, {
      stepsPerUnit: 1000,
      ...(unit && { unit }),
      ...(Number.isFinite(limits) && { limits: [-limits, limits] as const }),
      moved: (target) => moves.push([name, target]),
      ...more,
    });
  const { robenc } = softCounters("encoder", { robenc: () => encoded });
  let encoded = 0;
  const robx = soft("robx", 100, "mm");
  const roby = soft("roby", 50, "mm");
  const robz = soft("robz", Number.POSITIVE_INFINITY, "deg");
  const robslow = soft("robslow", 100, "mm");
  const robe = soft("robe", Number.POSITIVE_INFINITY, undefined, {
    encoder: robenc,
    moved: (target: number) => {
      moves.push(["robe", target]);
      encoded = target;
    },
  });
  const s1u = soft("s1u", Number.POSITIVE_INFINITY, "mm");
  const s1d = soft("s1d", Number.POSITIVE_INFINITY, "mm");
  const { s1vg, s1vo } = pseudoAxes({
    reals: { s1u, s1d },
    pseudos: { s1vg: { unit: "mm", limits: [-20, 20] }, s1vo: { unit: "mm" } },
    forward: ({ s1u, s1d }) => ({ s1vg: s1u + s1d, s1vo: (s1u - s1d) / 2 }),
    inverse: ({ s1vg, s1vo }) => ({ s1u: s1vg / 2 + s1vo, s1d: s1vg / 2 - s1vo }),
  });
  const axes = { robx, roby, robz, robslow, robe, s1u, s1d, s1vg, s1vo };
  const sink = memorySink();
  const policy = basicPolicy("demo", { base_path: "<dir>", writer: "hdf5" });
  const session = new Session({ name: "demo", objects: Object.values(axes), sink, policy, warn: () => {} });
  session.metadata.add("instrument", () => ({ s1: { vertical_gap: 0, vertical_offset: 0, "@NX_class": "NXslit" } }));
  return { session, sink, moves, axes, pair };
}

function pair(device: string, first: string, second: string, fail: (reading: number) => void = () => {}): Counter[] {
  let reading = -1;
  const next = () => {
    fail(++reading);
    return reading;
  };
  const counters = softCounters(device, { [first]: next, [second]: () => reading + 100 });
  return [counters[first]!, { ...counters[second]!, unit: "mA" }];
}

export const constant = (device: string, name: string, value: number | (() => number)): SamplingCounter =>
  softCounters(device, { [name]: typeof value === "number" ? () => value : value })[name]!;

export const inMode = (counter: SamplingCounter, mode: SamplingMode, more: Partial<SamplingCounter> = {}) => ({
  ...counter,
  mode,
  ...more,
});

export function meanOf(device: string, name: string, inputs: readonly Counter[]): CalcCounter {
  const named = Object.fromEntries(inputs.map((input, i) => [`in${i}`, input]));
  const compute = (values: Readonly<Record<string, unknown>>) => {
    const numbers = Object.values(values) as number[];
    return { [name]: numbers.reduce((a, b) => a + b, 0) / numbers.length };
  };
  return { kind: "calc", name, device: { name: device, inputs: named, compute } };
}
