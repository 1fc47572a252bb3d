// SPDX-License-Identifier: MIT
// What the axes of one IcePAP share: its connection, one request for the state of all who ask at once, group moves.
import type { AxisDriver, AxisGroup } from "../motor/driver.ts";
import { type ConnectionOptions, IcepapConnection, IcepapError } from "./connection.ts";

export interface Glance {
  readonly status: number;
  readonly steps: number;
  /** In the axis' encoder register, when it has one. */
  readonly encoder?: number;
}

/** An axis as its controller knows it. */
interface Member {
  readonly address: number;
  /** Told when a group move has started it. */
  readonly started: () => void;
  /** Told when it is halted with others. */
  readonly halted: () => void;
}

interface Question {
  readonly address: number;
  readonly encoder: string;
  /** Ask the board, not the master's memory of it. */
  readonly fresh: boolean;
  readonly resolve: (glance: Glance) => void;
  readonly reject: (error: unknown) => void;
}

export class IcepapController implements AsyncDisposable {
  readonly connection: IcepapConnection;
  readonly group: AxisGroup;
  readonly #members = new Map<AxisDriver, Member>();
  #questions: Question[] = [];

  constructor(options: ConnectionOptions) {
    this.connection = new IcepapConnection(options);
    const addressOf = (axis: AxisDriver) => this.#members.get(axis)?.address ?? Number.NaN;
    this.group = {
      about: this.connection.about,
      move: async (targets) => {
        const pairs = [...targets].map(([axis, steps]) => `${addressOf(axis)} ${steps}`);
        await this.connection.ask(`MOVE GROUP ${pairs.join(" ")}`);
        for (const axis of targets.keys()) this.#members.get(axis)?.started();
      },
      halt: async (axes, how) => {
        for (const axis of axes) this.#members.get(axis)?.halted();
        await this.connection.ask(`${how === "stop" ? "STOP" : "ABORT"} ${axes.map(addressOf).join(" ")}`);
      },
    };
  }

  get about(): string {
    return this.connection.about;
  }
  /** From now on `axis` can be moved with the others. */
  join(axis: AxisDriver, member: Member): Disposable {
    this.#members.set(axis, member);
    return { [Symbol.dispose]: () => void this.#members.delete(axis) };
  }

  /** Status and position of an axis; questions of one moment are one request. `encoder`: a register, "" for none. */
  glance(address: number, encoder: string, fresh: boolean): Promise<Glance> {
    return new Promise((resolve, reject) => {
      this.#questions.push({ address, encoder, fresh, resolve, reject });
      if (this.#questions.length === 1) setImmediate(() => void this.#answer());
    });
  }

  async #answer(): Promise<void> {
    const questions = this.#questions;
    this.#questions = [];
    try {
      const glances = await this.#look(questions);
      questions.forEach(({ resolve, reject }, i) => {
        const glance = glances[i];
        if (glance) resolve(glance);
        else reject(new Error(`${this.about} left an axis out of its answer`));
      });
    } catch (error) {
      // One missing board fails the whole list: then each is asked for itself.
      const alone = questions.length === 1 || !(error instanceof IcepapError);
      for (const question of questions)
        if (alone) question.reject(error);
        else this.#look([question]).then(([glance]) => glance && question.resolve(glance), question.reject);
    }
  }

  async #look(questions: readonly Question[]): Promise<Glance[]> {
    const addresses = [...new Set(questions.map(({ address }) => address))];
    const fast = questions.some(({ fresh }) => fresh) ? "" : "F";
    const ask = async (query: string, list: readonly number[]) =>
      numbersFor(list, await this.connection.ask(`${query} ${list.join(" ")}`), query);
    const status = await ask(`?${fast}STATUS`, addresses);
    const steps = await ask(`?${fast}POS`, addresses);
    const encoders = new Map<number, number>();
    for (const [register, list] of Map.groupBy(questions, ({ encoder }) => encoder))
      if (register) {
        const named = [...new Set(list.map(({ address }) => address))];
        for (const [address, value] of await ask(`?POS ${register}`, named)) encoders.set(address, value);
      }
    return questions.map(({ address, encoder }) => ({
      status: status.get(address) ?? 0,
      steps: steps.get(address) ?? 0,
      ...(encoder ? { encoder: encoders.get(address) ?? 0 } : {}),
    }));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.connection[Symbol.asyncDispose]();
  }
}

/** @throws Error when the answer has not one number for each address. */
function numbersFor(addresses: readonly number[], answer: string, query: string): Map<number, number> {
  const values = answer.split(/\s+/).map(Number);
  if (values.length !== addresses.length || values.some(Number.isNaN))
    throw new Error(`"${query} ${addresses.join(" ")}" was answered by "${answer.slice(0, 80)}"`);
  return new Map(addresses.map((address, i) => [address, values[i] ?? Number.NaN]));
}

/** The controllers of one server process, each opened once for all its axes and closed with the last of them. */
export class IcepapControllers {
  readonly #open = new Map<string, { readonly controller: IcepapController; users: number }>();

  lease(options: ConnectionOptions): { readonly controller: IcepapController } & AsyncDisposable {
    const key = `${options.host}:${options.port ?? 5000}`.toLowerCase();
    const entry = this.#open.get(key) ?? { controller: new IcepapController(options), users: 0 };
    this.#open.set(key, entry);
    entry.users += 1;
    let released = false;
    return {
      controller: entry.controller,
      [Symbol.asyncDispose]: async () => {
        if (released) return;
        released = true;
        entry.users -= 1;
        if (entry.users > 0) return;
        this.#open.delete(key);
        await entry.controller[Symbol.asyncDispose]();
      },
    };
  }
}
