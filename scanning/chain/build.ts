// SPDX-License-Identifier: MIT
// The default chain: from the counters asked for to the nodes below the timer, one a device.
import { nearest, ScanArgumentError } from "../errors.ts";
import type {
  CalcCounter,
  Counter,
  Detector,
  DetectorCounter,
  Gate,
  Readable,
  SamplingCounter,
  Saving,
  TriggerMode,
} from "../protocols.ts";
import { describe } from "../trajectory.ts";
import { calculated, fullnameOf } from "./calc.ts";
import { detector } from "./detector.ts";
import { gate } from "./gate.ts";
import type { NodePlan } from "./node.ts";
import { sampling } from "./sampling.ts";

/** How one device is used in every scan (a session's default chain): its master, its trigger, its parameters. */
export interface ChainSetting {
  /** Name of the device. */
  readonly device: string;
  /** Name of the detector that triggers it, or of the gate that opens for it; absent: the timer. */
  readonly master?: string;
  /** Default: below a gate "gate", below a detector "external", else the first the detector offers. */
  readonly trigger?: TriggerMode;
  /** Passed to the detector's `prepare`. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

export interface BuildOptions {
  readonly settings?: readonly ChainSetting[];
  readonly saving?: (name: string) => Saving;
  /** What a master in the settings may be besides a detector of the scan. */
  readonly gates?: readonly Gate[];
}

/** All counters meant, inputs of calculated ones before them, each once. @throws ScanArgumentError */
export function countersOf(read: readonly Readable[]): Counter[] {
  const found = new Set<Counter>();
  const add = (counter: Counter) => {
    if (counter.kind === "calc") for (const input of Object.values(counter.device.inputs)) add(input);
    found.add(counter);
  };
  for (const item of read) {
    if (!isReadable(item)) throw new ScanArgumentError(`${describe(item)} is not a counter`);
    if ("kind" in item) add(item);
    else for (const counter of item.counters) add(counter);
  }
  const names = new Map<string, Counter>();
  for (const counter of found) {
    const name = fullnameOf(counter);
    if (names.has(name)) throw new ScanArgumentError(`two different counters are named ${name}; rename one of them`);
    names.set(name, counter);
  }
  return [...found];
}

function isReadable(item: unknown): item is Readable {
  if (typeof item !== "object" || item === null) return false;
  if ("kind" in item) return item.kind === "sampling" || item.kind === "detector" || item.kind === "calc";
  return "counters" in item && Array.isArray(item.counters);
}

/** The nodes for these counters in order of creation, slaves below their masters. */
export function buildChain(counters: readonly Counter[], options: BuildOptions = {}): NodePlan[] {
  const byDevice = Map.groupBy(counters, (counter) =>
    counter.kind === "detector" ? counter.detector : counter.device,
  );
  const settings = new Map((options.settings ?? []).map((setting) => [setting.device, setting]));
  for (const { name } of byDevice.keys())
    if (name === "axis" || name === "timer")
      throw new ScanArgumentError(`a device is named ${name} like the scan's own ${name}; rename it`);
  const detectors = new Map(
    [...byDevice.keys()].flatMap((d) => ("triggers" in d ? [[d.name, d as Detector] as const] : [])),
  );
  const gates = new Map((options.gates ?? []).map((one) => [one.name, one]));
  const masters = new Set([...detectors.keys(), ...gates.keys()]);
  for (const name of detectors.keys()) checkMasters(name, settings, masters);

  const below = (master: string | undefined) =>
    [...byDevice].filter(([{ name }]) => masterOf(name, settings, masters) === master).map(([device, its]) => node(device, its)); // biome-ignore format: one glance
  const node = (device: { readonly name: string }, members: readonly Counter[]): NodePlan => {
    if (members[0]?.kind === "sampling") return sampling(members[0].device, members as SamplingCounter[]);
    if (members[0]?.kind === "calc") return calculated(members[0].device, members as CalcCounter[]);
    const setting = settings.get(device.name);
    const master = masterOf(device.name, settings, masters);
    const trigger = setting?.trigger ?? (master && (gates.has(master) ? "gate" : "external"));
    return detector(device as Detector, members as DetectorCounter[], {
      children: below(device.name),
      ...(trigger && { trigger }),
      ...(setting?.settings && { settings: setting.settings }),
      ...(options.saving && { saving: options.saving }),
    });
  };
  const used = [...gates.values()]
    .map((one) => gate(one, below(one.name)))
    .filter(({ children }) => children.length > 0);
  return [...below(undefined), ...used];
}

/** The master in the settings, when it is part of this scan. */
function masterOf(name: string, settings: ReadonlyMap<string, ChainSetting>, masters: ReadonlySet<string>) {
  const master = settings.get(name)?.master;
  return master !== undefined && masters.has(master) ? master : undefined;
}

/** @throws ScanArgumentError when a detector is, in the end, its own master. */
function checkMasters(name: string, settings: ReadonlyMap<string, ChainSetting>, masters: ReadonlySet<string>): void {
  const seen = [name];
  for (let master = masterOf(name, settings, masters); master; master = masterOf(master, settings, masters)) {
    if (seen.includes(master))
      throw new ScanArgumentError(`chain settings: ${[...seen, master].join(" is triggered by ")}`);
    seen.push(master);
  }
}

/** One of the named things. @throws ScanArgumentError with the nearest name. */
export function pick<T extends { readonly name: string }>(name: string, among: Iterable<T>, what: string): T {
  const all = [...among];
  const found = all.find((item) => item.name === name);
  if (found) return found;
  const near = nearest(name, all.map((item) => item.name)); // biome-ignore format: one glance
  throw new ScanArgumentError(`no ${what} named ${name}${near ? `; did you mean ${near}?` : ""}`);
}
