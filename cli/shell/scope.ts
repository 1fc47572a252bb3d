// SPDX-License-Identifier: MIT
// The names a person can use in the shell: verbs, objects of the session, what its setup scripts export. Another session
// brings its own and takes those of the last with it; what a person has defined stays.
import type { Context } from "node:vm";
import { type Axis, type Beamline, beamline, type ScanRun, type Screen, type Session } from "../../scanning/index.ts";
import { shown } from "./about.ts";
import { assignable } from "./assignable.ts";
import type { FindDevices } from "./completion.ts";
import { helpLines } from "./help.ts";

export interface Named {
  readonly session: Session;
  /** Further names. */
  readonly names: Readonly<Record<string, unknown>>;
  /** For Tab within a text in quotes. */
  readonly devices?: FindDevices;
}

export class Scope {
  readonly #context: Context;
  readonly #screen: Screen;
  /** Of the shell itself, in every session. */
  readonly #verbs: Readonly<Record<string, unknown>>;
  #own!: Beamline;
  #names: Readonly<Record<string, unknown>> = {};
  #devices: FindDevices = async () => [];
  #defined = new Map<string, unknown>();
  #scans: readonly ScanRun[] = [];
  readonly #assignable = new Map<Axis, Disposable>();
  #changes: Promise<string>[] = [];

  constructor(context: Context, screen: Screen, verbs: Readonly<Record<string, unknown>>, first: Named) {
    this.#context = context;
    this.#screen = screen;
    this.#verbs = verbs;
    this.use(first);
  }
  readonly #print = (...values: readonly unknown[]): void =>
    this.#own.desk.print(values.map((value) => (typeof value === "string" ? value : shown(value))).join(" "));
  /** The list of verbs, or how one is used. */
  readonly #help = (verb?: unknown): void => {
    const all = Object.entries({ ...this.#own, ...this.#verbs });
    const name = verb === undefined ? undefined : all.find(([, value]) => value === verb)?.[0];
    this.#own.desk.print(...helpLines(verb as string | undefined, name));
  };
  #begin(change: Promise<string>): void {
    this.#changes.push(change);
    // Told when the line ends, which may be later.
    change.catch(() => {});
  }
  /** What was set by assigning to it since the last call, in words, once it is set. */
  async changes(): Promise<readonly string[]> {
    return Promise.all(this.#changes.splice(0));
  }
  /** Axes leave with their session. */
  [Symbol.dispose](): void {
    for (const taken of this.#assignable.values()) taken[Symbol.dispose]();
    this.#assignable.clear();
  }
  /** Of the present session. */
  get own(): Beamline {
    return this.#own;
  }

  /** Of the present session's control system. */
  readonly devices: FindDevices = (beginning) => this.#devices(beginning);

  use({ session, names, devices = async () => [] }: Named): void {
    this[Symbol.dispose]();
    for (const [name, value] of this.#defined) if (this.#context[name] === value) delete this.#context[name];
    this.#defined = new Map();
    this.#own = beamline(session, this.#screen);
    this.#names = names;
    this.#devices = devices;
    this.#scans = fromEnd(session.scans);
    this.refresh();
  }
  /** Objects the session has got since, too. */
  refresh(): void {
    const { objects, session, ...verbs } = this.#own;
    for (const axis of session.axes)
      if (!this.#assignable.has(axis))
        this.#assignable.set(
          axis,
          assignable(axis, (done) => this.#begin(done)),
        );
    const own = { ...verbs, ...words, ...this.#verbs, help: this.#help, print: this.#print, ...this.#names };
    const state = { session, SCANS: this.#scans, ACTIVE_MG: session.activeGroup, SCAN_SAVING: savingOf(session) };
    for (const [name, value] of Object.entries({ ...own, ...state, ...objects })) {
      const known = Object.getOwnPropertyDescriptor(this.#context, name);
      if (known && (known.value === value || !known.configurable)) continue;
      Object.defineProperty(this.#context, name, { value, enumerable: true, configurable: true, writable: true });
      this.#defined.set(name, value);
    }
  }
}

/** As fingers know them. */
const words = { True: true, False: false, None: null };

/** The parameters of the data policy, where they can be set; else what it says. */
const savingOf = ({ policy }: Session): unknown => ("parameters" in policy ? policy.parameters : policy.describe());

/** `SCANS[-1]` is the last one. */
const fromEnd = <Item>(items: readonly Item[]): readonly Item[] =>
  new Proxy(items, {
    get: (all, key) => (typeof key === "string" && /^-\d+$/.test(key) ? all.at(Number(key)) : Reflect.get(all, key)),
  });
