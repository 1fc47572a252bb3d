// SPDX-License-Identifier: MIT
// One TCP connection to a spectrometer that speaks the Ocean Binary Protocol: one request at a time. It connects when it
// is first asked, and again after a failure.
import { connect, type Socket } from "node:net";
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
  readonly about: string;
  readonly #options: Required<OceanConnectionOptions>;
  #link: Promise<Link> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #number = 0;
  #closed = false;

  constructor({ host, port = 57357, timeout = 3000 }: OceanConnectionOptions) {
    this.#options = { host, port, timeout };
    this.about = `spectrometer ${host}:${port}`;
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

  #ask(word: Word, data: Uint8Array, flags: number, patience: number): Promise<Uint8Array> {
    const answer = this.#turn.then(() => this.#exchange(word, data, flags, patience));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  async #exchange(word: Word, data: Uint8Array, flags: number, patience: number): Promise<Uint8Array> {
    if (this.#closed) throw new Error(`${this.about}: the connection is closed`);
    const regarding = (this.#number = (this.#number + 1) >>> 0);
    const request = { type: messages[word], flags, error: 0, regarding, data };
    this.#link ??= openLink(this.#options, this.about);
    let answer: Message;
    try {
      const link = await this.#link;
      answer = await link.exchange(request, `${this.about} does not answer ${word}`, this.#options.timeout + patience);
      if (answer.type !== request.type)
        throw new Error(`${this.about} answered ${word} with a message of type 0x${answer.type.toString(16)}`);
    } catch (error) {
      await this.#drop();
      throw error;
    }
    if (answer.error === 0 && !(answer.flags & (flag.refused | flag.exception))) return answer.data;
    throw new OceanRefusal(`${this.about} refuses ${word}: ${refusals[answer.error] ?? `error ${answer.error}`}`);
  }

  /** After a lost or wrong answer nothing that comes can be trusted. */
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

interface Link {
  exchange(request: Message, silent: string, milliseconds: number): Promise<Message>;
  close(): void;
}

async function openLink({ host, port, timeout }: Required<OceanConnectionOptions>, about: string): Promise<Link> {
  const socket = connect({ host, port, noDelay: true });
  let take: ((message: Message) => void) | undefined;
  const failed = failureOf(socket, about, (message) => take?.(message));
  const within = async <T>(milliseconds: number, silent: string, begin: (done: (value: T) => void) => void) => {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const timer = setTimeout(() => reject(new Error(`${silent} within ${milliseconds / 1000} s`)), milliseconds);
    begin(resolve);
    try {
      return await Promise.race([promise, failed]);
    } finally {
      clearTimeout(timer);
    }
  };
  try {
    await within<void>(timeout, `${about} cannot be reached: no connection`, (done) =>
      socket.once("connect", () => done()),
    );
  } catch (error) {
    socket.destroy();
    throw error;
  }
  return {
    exchange: (request, silent, milliseconds) =>
      within<Message>(milliseconds, silent, (done) => {
        take = (message) => message.regarding === request.regarding && done(message);
        socket.write(encodeMessage(request));
      }),
    close: () => void socket.destroy(),
  };
}

/** Reads messages until the connection fails: then rejects. */
function failureOf(socket: Socket, about: string, take: (message: Message) => void): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const reader = new MessageReader();
  socket.on("data", (bytes) => {
    try {
      for (const message of reader.take(bytes)) take(message);
    } catch (error) {
      reject(new Error(`${about} sent ${(error as Error).message}`));
      socket.destroy();
    }
  });
  let connected = false;
  socket.once("connect", () => void (connected = true));
  socket.on("error", (error) =>
    reject(new Error(`${about} ${connected ? "was lost" : "cannot be reached"}: ${error.message}`)),
  );
  socket.on("close", () => reject(new Error(`${about} closed the connection`)));
  return promise;
}
