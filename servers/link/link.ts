// SPDX-License-Identifier: MIT
// The link to an instrument that is asked over TCP and answers: one exchange at a time. It connects when it is first asked,
// and again after a failure.
import { Channel, type ChannelOptions, type Cutter, errorOf, type Request } from "./channel.ts";

export interface LinkOptions<Message> extends Omit<ChannelOptions<Message>, "cutter" | "unasked" | "ended"> {
  /** Made for each connection. */
  readonly cutter: () => Cutter<Message>;
  /** Takes what nobody asked for; default: it is left out. */
  readonly unasked?: (message: Message) => void;
  /** Told when a connection has ended, however. */
  readonly ended?: (why: Error) => void;
}

export class Link<Message> implements AsyncDisposable {
  readonly about: string;
  readonly #options: LinkOptions<Message>;
  #channel: Promise<Channel<Message>> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(options: LinkOptions<Message>) {
    this.about = options.about;
    this.#options = options;
  }

  /** There is a connection, as far as anybody knows. */
  get connected(): boolean {
    return this.#channel !== undefined;
  }

  /**
   * Sends when those before have their answers, and gives what `meaning` makes of the answer. When no answer comes, or
   * `meaning` throws, the connection is given up: nothing that comes on it can be trusted.
   * @throws Error naming the instrument; the signal's reason.
   */
  exchange<T>(request: Request<Message>, meaning: (answer: Message) => T): Promise<T> {
    const answer = this.#turn.then(() => this.#exchange(request, meaning));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  async #exchange<T>(request: Request<Message>, meaning: (answer: Message) => T): Promise<T> {
    request.signal?.throwIfAborted();
    if (this.#closed) throw this.#closing();
    try {
      this.#channel ??= this.#open(request.signal);
      const channel = await this.#channel;
      return meaning(await channel.exchange(request));
    } catch (error) {
      await this.#drop(errorOf(error));
      throw error;
    }
  }

  #open(signal: AbortSignal | undefined): Promise<Channel<Message>> {
    const { cutter, unasked = () => {}, ended } = this.#options;
    const opened: Promise<Channel<Message>> = Channel.open(
      {
        ...this.#options,
        cutter: cutter(),
        unasked,
        ended: (why) => {
          if (this.#channel === opened) this.#channel = undefined;
          ended?.(why);
        },
      },
      signal,
    );
    return opened;
  }

  async #drop(why: Error): Promise<void> {
    const channel = this.#channel;
    this.#channel = undefined;
    (await channel?.catch(() => undefined))?.close(why);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#drop(this.#closing());
  }
  #closing(): Error {
    return new Error(`${this.about}: the connection is closed`);
  }
}
