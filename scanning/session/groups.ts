// SPDX-License-Identifier: MIT
// Measurement groups: what is read when a scan names no counter. Counters are switched by patterns; the choice has
// named states, and is remembered.

import { countersOf } from "../chain/build.ts";
import { fullnameOf } from "../chain/calc.ts";
import { nearest } from "../errors.ts";
import type { Counter, CounterContainer, Readable } from "../protocols.ts";
import type { Settings } from "./settings.ts";

interface State {
  readonly disabled: readonly string[];
}

export interface MeasurementGroup extends CounterContainer {
  /** Enabled counters. */
  readonly counters: readonly Counter[];
  readonly available: readonly Counter[];
  readonly disabled: readonly string[];
  /** From now on it is what scans read that name no counter. */
  setActive(): void;
  readonly state: string;
  readonly states: readonly string[];
  /** Names or patterns: "diode", "cam:roi_counters:*", "r?_sum". @throws RangeError when nothing matches */
  enable(...patterns: string[]): Promise<void>;
  disable(...patterns: string[]): Promise<void>;
  add(...items: Readable[]): void;
  remove(...items: Readable[]): void;
  /** Makes the state when it is new, as a copy of the present one. */
  switchState(name: string): Promise<void>;
  removeStates(...names: string[]): Promise<void>;
  /** As fingers know them. */
  set_active(): void;
  switch_state(name: string): Promise<void>;
}

export function measurementGroup(
  name: string,
  items: readonly Readable[],
  settings: Settings,
  activate: () => void = () => {},
): MeasurementGroup {
  const key = `group:${name}`;
  const members = new Set(items);
  let { state, states } = (settings.get(key) as { state: string; states: Record<string, State> } | undefined) ?? {
    state: "default",
    states: { default: { disabled: [] } } as Record<string, State>,
  };
  const save = () => settings.set(key, { state, states });
  const available = () => countersOf([...members]);
  const disabled = () => new Set(states[state]!.disabled);
  const matching = (patterns: readonly string[]) => patterns.flatMap((pattern) => match(pattern, available(), name));
  const switchState = async (next: string) => {
    states[next] ??= states[state]!;
    state = next;
    await save();
  };
  return {
    name,
    setActive: activate,
    set_active: activate,
    get counters() {
      const off = disabled();
      return available().filter((counter) => !off.has(fullnameOf(counter)));
    },
    get available() {
      return available();
    },
    get disabled() {
      return [...disabled()];
    },
    get state() {
      return state;
    },
    get states() {
      return Object.keys(states);
    },
    async enable(...patterns) {
      const on = new Set(matching(patterns));
      states[state] = { disabled: [...disabled()].filter((fullname) => !on.has(fullname)) };
      await save();
    },
    async disable(...patterns) {
      states[state] = { disabled: [...new Set([...disabled(), ...matching(patterns)])] };
      await save();
    },
    add: (...more) => {
      for (const item of more) members.add(item);
    },
    remove: (...less) => {
      for (const item of less) members.delete(item);
    },
    switchState,
    switch_state: switchState,
    async removeStates(...names) {
      for (const one of names) {
        if (one === state) throw new RangeError(`${name}: state ${one} is in use; switch to another first`);
        if (!states[one]) throw new RangeError(`${name}: no state ${one}; there are ${Object.keys(states).join(", ")}`);
        states = Object.fromEntries(Object.entries(states).filter(([known]) => known !== one));
      }
      await save();
    },
  };
}

function match(pattern: string, counters: readonly Counter[], group: string): string[] {
  const found = counters.filter((counter) => matches(pattern, counter)).map(fullnameOf);
  if (found.length > 0) return found;
  const near = nearest(pattern, counters.flatMap((c) => [c.name, fullnameOf(c)])); // biome-ignore format: one glance
  throw new RangeError(`${group}: no counter matches ${pattern}${near ? `; did you mean ${near}?` : ""}`);
}

/** `*` and `?` as in file names; the whole of the name, the fullname, or its beginning before a ":". */
export function matches(pattern: string, counter: Counter): boolean {
  const fullname = fullnameOf(counter);
  const expression = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const whole = new RegExp(`^(${expression})$`);
  return whole.test(counter.name) || whole.test(fullname) || new RegExp(`^(${expression}):`).test(fullname);
}
