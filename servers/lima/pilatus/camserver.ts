// SPDX-License-Identifier: MIT
// One TCP connection to the camserver of a Pilatus detector: a command and its answer at a time, and the messages that
// come later by themselves (an exposure has ended).
import { CamserverError, Link, type Reply, terminator } from "./link.ts";

export interface CamserverOptions {
  readonly host: string;
  /** Default 41234. */
  readonly port?: number;
  /** Milliseconds for one answer, and for connecting. Default 5000. */
  readonly timeout?: number;
}

export class Camserver implements AsyncDisposable {
  readonly about: string;
  readonly #options: Required<CamserverOptions>;
  #link: Promise<Link> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor({ host, port = 41234, timeout = 5000 }: CamserverOptions) {
    this.#options = { host, port, timeout };
    this.about = `camserver ${host}:${port}`;
  }

  get connected(): boolean {
    return this.#link !== undefined;
  }

  /** Connects when it is not. @returns the text of the answer. @throws CamserverError when it is refused, Error when none comes. */
  ask(command: string, options: { readonly signal?: AbortSignal; readonly timeout?: number } = {}): Promise<string> {
    const answer = this.#turn.then(() => this.#exchange(command, options));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  /**
   * Starts an exposure. `ended` resolves with the last file when camserver says that it has ended, and rejects when it failed
   * or the connection is lost.
   */
  async expose(
    command: string,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<{ readonly ended: Promise<string> }> {
    this.#link ??= this.#open();
    const link = await this.#link;
    const ended = link.nextEnd();
    ended.catch(() => {}); // its user may have gone
    await this.ask(command, options);
    return { ended };
  }

  async #exchange(
    command: string,
    options: { readonly signal?: AbortSignal; readonly timeout?: number },
  ): Promise<string> {
    options.signal?.throwIfAborted();
    if (this.#closed) throw new Error(`${this.about} is closed`);
    if (command.includes("\n") || command.includes(terminator))
      throw new Error(`A command for camserver is one line: "${command.slice(0, 80)}"`);
    this.#link ??= this.#open();
    let reply: Reply;
    try {
      const link = await this.#link;
      reply = await link.exchange(command, options.timeout ?? this.#options.timeout, options.signal);
    } catch (error) {
      // After a lost answer nothing that comes can be trusted.
      await this.#drop();
      throw error;
    }
    if (reply.ok) return reply.text;
    throw new CamserverError(reply.code, `${this.about} refused "${command}": ${reply.text || `error ${reply.code}`}`);
  }

  async #open(): Promise<Link> {
    const link = new Link(this.about);
    try {
      await link.open(this.#options, () => {
        this.#link = undefined;
      });
      return link;
    } catch (error) {
      this.#link = undefined;
      throw error;
    }
  }

  async #drop(): Promise<void> {
    const link = await this.#link?.catch(() => undefined);
    link?.close();
    this.#link = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#drop();
  }
}
