// SPDX-License-Identifier: MIT
// What a board says in words: asked for when its status word says there is something, kept until that does not.
import { IcepapError } from "./connection.ts";
import { HARDWARE_ALARM, type IcepapStatus } from "./status.ts";

type Query = "?WARNING" | "?ALARM";

export interface Said {
  readonly warning: string | undefined;
  readonly alarm: string | undefined;
}

export class Remarks {
  readonly #ask: (query: Query) => Promise<string>;
  #said: Said = { warning: undefined, alarm: undefined };

  constructor(ask: (query: Query) => Promise<string>) {
    this.#ask = ask;
  }

  async of({ warning, disable }: IcepapStatus): Promise<Said> {
    const before = this.#said;
    const text = (is: boolean, known: string | undefined, query: Query) =>
      is ? (known ?? this.#text(query)) : undefined;
    this.#said = {
      warning: await text(warning === 1, before.warning, "?WARNING"),
      alarm: await text(disable === HARDWARE_ALARM, before.alarm, "?ALARM"),
    };
    return this.#said;
  }

  /** An old firmware may not know the question. */
  async #text(query: Query): Promise<string> {
    try {
      return (await this.#ask(query)).replaceAll("\n", "; ");
    } catch (error) {
      if (error instanceof IcepapError) return error.message;
      throw error;
    }
  }
}
