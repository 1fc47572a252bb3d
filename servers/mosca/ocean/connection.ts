// SPDX-License-Identifier: MIT
// What is said to a spectrometer in the Ocean Binary Protocol, and what its answers mean.
import { Link } from "../../link/link.ts";
import { encodeMessage, flag, type Message, MessageReader } from "./message.ts";
import { messages, refusals } from "./message-table.ts";

export interface OceanConnectionOptions {
  readonly host: string;
  /** Default 57357. */
  readonly port?: number;
  /** Milliseconds for one answer, and for connecting. Default 3000. */
  readonly timeout?: number;
}
type Word = keyof typeof messages;

/** The instrument's own refusal. */
export class OceanRefusal extends Error {
  override readonly name = "OceanRefusal";
}

export class OceanConnection implements AsyncDisposable {
  readonly #link: Link<Message>;
  readonly #timeout: number;
  /** The last connection that was lost. */
  #lost: Error | undefined;
  #number = 0;

  constructor({ host, port = 57357, timeout = 3000 }: OceanConnectionOptions) {
    const about = `spectrometer ${host}:${port}`;
    this.#timeout = timeout;
    const ended = (why: Error) => void (this.#lost = why);
    this.#link = new Link({ about, host, port, timeout, ended, cutter: () => new MessageReader() });
  }

  get about(): string {
    return this.#link.about;
  }

  /**
   * The data of the answer. `patience`: more milliseconds than usual, for what takes an integration time.
   * @throws OceanRefusal when the instrument refuses, Error when it does not answer
   */
  query(word: Word, data: Uint8Array = new Uint8Array(), patience = 0): Promise<Uint8Array> {
    return this.#ask(word, data, 0, patience);
  }
  /** A command, which is acknowledged. @throws as query */
  async tell(word: Word, data: Uint8Array = new Uint8Array()): Promise<void> {
    await this.#ask(word, data, flag.wanted, 0);
  }

  async #ask(word: Word, data: Uint8Array, flags: number, patience: number): Promise<Uint8Array> {
    const regarding = (this.#number = (this.#number + 1) >>> 0);
    const request = { type: messages[word], flags, error: 0, regarding, data };
    const answer = await this.#link.exchange(
      {
        ...{ bytes: encodeMessage(request), name: word, timeout: this.#timeout + patience },
        isAnswer: (message) => message.regarding === regarding,
      },
      (message) => this.#ofType(message, word),
    );
    if (answer.error === 0 && !(answer.flags & (flag.refused | flag.exception))) return answer.data;
    throw new OceanRefusal(`${this.about} refuses ${word}: ${refusals[answer.error] ?? `error ${answer.error}`}`);
  }

  #ofType(message: Message, word: Word): Message {
    if (message.type === messages[word]) return message;
    throw new Error(`${this.about} answered ${word} with a message of type 0x${message.type.toString(16)}`);
  }

  /** A check that throws once the connection was lost since: another one may meet an instrument that knows nothing any more. */
  steady(): () => void {
    const before = this.#lost;
    return () => {
      if (this.#lost && this.#lost !== before) throw this.#lost;
    };
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#link[Symbol.asyncDispose]();
  }
}
