// SPDX-License-Identifier: MIT
// State and Status of a device: what its code says, and what the alarms of its attributes make of it.
import type { DevStateName } from "../../idl/tango-types.ts";
import type { ServedAttribute } from "../attribute/attribute.ts";
import { alarmLines } from "../attribute/quality.ts";
import { andThen, inTurn } from "../awaitable.ts";
import type { Awaitable, Call, DeviceHooks } from "../types.ts";

/** What the condition needs of its device. */
export interface ConditionOwner {
  /** Attributes whose bounds may put the device in ALARM. */
  alarmed(): readonly ServedAttribute[];
  readonly attributes: ReadonlyMap<string, ServedAttribute>;
  isPolled(attribute: ServedAttribute): boolean;
  /** Reads attributes for the algorithm. */
  refresh(attributes: readonly ServedAttribute[], call: Call): Awaitable<void>;
  readonly hooks: DeviceHooks;
  /** Sends State's events. */
  stateChanged(): void;
}

const plural = (names: readonly string[]): string =>
  names.length === 1 ? `Attribute ${names[0]} has` : `Attributes ${names.join(", ")} have`;

export class Condition {
  readonly #owner: ConditionOwner;
  #state: DevStateName = "UNKNOWN";
  #stateSet = false;
  #status = "";
  /** Lines about what went wrong at start; they make the state ALARM. */
  readonly #troubles = new Map<string, string>();

  constructor(owner: ConditionOwner) {
    this.#owner = owner;
  }

  get state(): DevStateName {
    return this.#state;
  }
  set state(state: DevStateName) {
    this.#stateSet = true;
    if (state === this.#state) return;
    this.#state = state;
    this.#owner.stateChanged();
  }
  /** Whether code has set the state since the last `reset`. */
  get isStateSet(): boolean {
    return this.#stateSet;
  }
  /** The text set by code, or "". */
  get status(): string {
    return this.#status || this.#default(this.#state);
  }
  set status(text: string) {
    this.#status = text;
  }

  /** Begins a new life: the device is about to be opened. */
  reset(): void {
    this.#state = "UNKNOWN";
    this.#stateSet = false;
    this.#status = "";
    this.#troubles.clear();
  }

  /** A line of Status that stays until the next start; undefined takes it away. */
  trouble(key: string, line: string | undefined): void {
    if (line === undefined) this.#troubles.delete(key);
    else this.#troubles.set(key, line);
  }

  #default = (state: DevStateName) => `The device is in ${state} state.`;

  /** The State every client sees. `read`: attributes this call has read already. */
  currentState(call: Call, read?: ReadonlySet<ServedAttribute>): Awaitable<DevStateName> {
    const { hooks } = this.#owner;
    if (hooks.State) return hooks.State();
    if (this.#state !== "ON" && this.#state !== "ALARM") return this.#state;
    const wanted = this.#owner
      .alarmed()
      .filter((attribute) => !read?.has(attribute) && !this.#owner.isPolled(attribute));
    if (wanted.length === 0) return this.#judged();
    return andThen(this.#owner.refresh(wanted, call), () => this.#judged());
  }

  /** An ALARM set by code stays; one that alarms caused goes with them. */
  #judged(): DevStateName {
    if (this.#troubles.size > 0 || this.#faulty().length > 0) return "ALARM";
    for (const { quality } of this.#owner.attributes.values()) {
      if (quality === "ATTR_ALARM" || quality === "ATTR_WARNING") return "ALARM";
    }
    return this.#state;
  }

  currentStatus(call: Call, read?: ReadonlySet<ServedAttribute>): Awaitable<string> {
    const { hooks } = this.#owner;
    if (hooks.Status) return hooks.Status();
    return andThen(this.currentState(call, read), (state) => {
      const text = this.#status || this.#default(state);
      // Attributes are judged in the states in which alarms count.
      const lines = this.#state === "ON" || this.#state === "ALARM" ? this.#lines() : [];
      return [text, ...lines].join("\n");
    });
  }

  #lines(): string[] {
    const faulty = this.#faulty();
    const wrong = faulty.length
      ? [`${plural(faulty)} wrong configuration\nTry accessing the faulty attribute(s) to get more information`]
      : [];
    return [...wrong, ...this.#troubles.values(), ...this.#alarmLines()];
  }

  #faulty(): string[] {
    const names: string[] = [];
    for (const attribute of this.#owner.attributes.values()) {
      if (attribute.settings.fault !== undefined) names.push(attribute.name);
    }
    return names;
  }

  #alarmLines(): string[] {
    return [...this.#owner.attributes.values()].flatMap((attribute) => {
      const { quality } = attribute;
      if (quality !== "ATTR_ALARM" && quality !== "ATTR_WARNING") return [];
      if (attribute.settings.criteria.alarmed) return alarmLines(attribute.label, attribute.alarms);
      const level = quality === "ATTR_ALARM" ? "Alarm" : "Warning";
      return [`${level} : Quality factor set to ${level.toUpperCase()} for attribute ${attribute.name}`];
    });
  }
}

/** Reads in turn; failures count as no alarm. */
export const readAll = (attributes: readonly ServedAttribute[], call: Call): Awaitable<void> =>
  inTurn(attributes, (attribute) => andThen(attribute.read(call), () => undefined));
