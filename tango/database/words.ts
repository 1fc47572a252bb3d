// SPDX-License-Identifier: MIT
import { devFailed } from "../errors.ts";

/** The strings of a database reply, taken one after the other; a reply that is too short is an error that says so. */
export class Words {
  readonly #words: readonly string[];
  readonly #command: string;
  #at = 0;

  constructor(words: readonly string[], command: string) {
    this.#words = words;
    this.#command = command;
  }

  get atEnd(): boolean {
    return this.#at >= this.#words.length;
  }

  peek(): string | undefined {
    return this.#words[this.#at];
  }

  next(): string {
    const word = this.#words[this.#at];
    if (word === undefined) throw this.#malformed("ends too early");
    this.#at++;
    return word;
  }

  /** A word that is a count. */
  count(): number {
    const word = this.next();
    const count = Number(word);
    if (!/^\d+$/.test(word) || count > this.#words.length)
      throw this.#malformed(`has "${word}" where a count should be`);
    return count;
  }

  take(count: number): readonly string[] {
    if (this.#at + count > this.#words.length) throw this.#malformed("ends too early");
    this.#at += count;
    return this.#words.slice(this.#at - count, this.#at);
  }

  #malformed(problem: string) {
    return devFailed("API_IncoherentDbData", `The reply of ${this.#command} ${problem}`, "Words");
  }
}
