// SPDX-License-Identifier: MIT
// The camserver of a Pilatus detector: commands and their answers, and the exposure whose end it tells by itself.
import { Link } from "../../link/link.ts";
import { CamserverError, codes, type Reply, ReplyCutter, terminator } from "./replies.ts";

export interface CamserverOptions {
  readonly host: string;
  /** Default 41234. */
  readonly port?: number;
  /** Milliseconds for one answer, and for connecting. Default 5000. */
  readonly timeout?: number;
}

export class Camserver implements AsyncDisposable {
  readonly #link: Link<Reply>;
  #end: PromiseWithResolvers<string> | undefined;

  constructor({ host, port = 41234, timeout = 5000 }: CamserverOptions) {
    const about = `camserver ${host}:${port}`;
    this.#link = new Link({
      ...{ about, host, port, timeout, cutter: () => new ReplyCutter() },
      unasked: (reply) => this.#exposureEnded(reply),
      ended: (why) => this.#end?.reject(why),
    });
  }

  get about(): string {
    return this.#link.about;
  }
  get connected(): boolean {
    return this.#link.connected;
  }

  /** Connects when it is not. @returns the text of the answer. @throws CamserverError when it is refused, Error when none comes. */
  async ask(
    command: string,
    options: { readonly signal?: AbortSignal; readonly timeout?: number } = {},
  ): Promise<string> {
    if (command.includes("\n") || command.includes(terminator))
      throw new Error(`A command for camserver is one line: "${command.slice(0, 80)}"`);
    const bytes = Buffer.from(`${command}\n`, "latin1");
    const isAnswer = ({ code }: Reply) => code !== codes.exposureEnded;
    const reply = await this.#link.exchange({ bytes, name: command, isAnswer, ...options }, (answer) => answer);
    if (reply.ok) return reply.text;
    throw new CamserverError(reply.code, `${this.about} refused "${command}": ${reply.text || `error ${reply.code}`}`);
  }

  /**
   * Starts an exposure. `ended` resolves with the last file when camserver says that it has ended, and rejects when it failed
   * or the connection is lost.
   */
  async expose(
    command: string,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<{ readonly ended: Promise<string> }> {
    const end = Promise.withResolvers<string>();
    end.promise.catch(() => {}); // its user may have gone
    this.#end = end;
    await this.ask(command, options);
    return { ended: end.promise };
  }

  #exposureEnded({ ok, code, text }: Reply): void {
    if (code !== codes.exposureEnded) return;
    if (ok) this.#end?.resolve(text);
    else this.#end?.reject(new CamserverError(code, `${this.about}: the exposure failed: ${text}`));
    this.#end = undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#link[Symbol.asyncDispose]();
  }
}
