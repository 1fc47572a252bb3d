// SPDX-License-Identifier: MIT
// The names a person can use in the shell: verbs, objects of the session, what its setup scripts export. Another session
// brings its own and takes those of the last with it; what a person has defined stays.
import type { Context } from "node:vm";
import { type Beamline, beamline, type Screen, type Session } from "../../scanning/index.ts";
import { helpLines } from "./help.ts";

export interface Named {
  readonly session: Session;
  /** Further names. */
  readonly names: Readonly<Record<string, unknown>>;
}

export class Scope {
  readonly #context: Context;
  readonly #screen: Screen;
  /** Of the shell itself, in every session. */
  readonly #verbs: Readonly<Record<string, unknown>>;
  #own!: Beamline;
  #names: Readonly<Record<string, unknown>> = {};
  #defined = new Map<string, unknown>();

  constructor(context: Context, screen: Screen, verbs: Readonly<Record<string, unknown>>, first: Named) {
    this.#context = context;
    this.#screen = screen;
    this.#verbs = verbs;
    this.use(first);
  }
  /** The list of verbs, or how one is used. */
  readonly #help = (verb?: unknown): void => {
    const all = Object.entries({ ...this.#own, ...this.#verbs });
    const name = verb === undefined ? undefined : all.find(([, value]) => value === verb)?.[0];
    this.#own.desk.print(...helpLines(verb as string | undefined, name));
  };
  /** Of the present session. */
  get own(): Beamline {
    return this.#own;
  }

  use({ session, names }: Named): void {
    for (const [name, value] of this.#defined) if (this.#context[name] === value) delete this.#context[name];
    this.#defined = new Map();
    this.#own = beamline(session, this.#screen);
    this.#names = names;
    this.refresh();
  }
  /** Objects the session has got since, too. */
  refresh(): void {
    const { objects, session, ...verbs } = this.#own;
    const own = { ...verbs, ...this.#verbs, help: this.#help, ...this.#names };
    for (const [name, value] of Object.entries({ ...own, session, SCANS: session.scans, ...objects })) {
      const known = Object.getOwnPropertyDescriptor(this.#context, name);
      if (known && (known.value === value || !known.configurable)) continue;
      Object.defineProperty(this.#context, name, { value, enumerable: true, configurable: true, writable: true });
      this.#defined.set(name, value);
    }
  }
}
