// SPDX-License-Identifier: MIT
// A TCP connection to an instrument while it lasts: what comes is cut into messages, each the answer that is waited for or
// one that nobody asked for.
import { connect, type Socket } from "node:net";

/** Cuts messages from the bytes of one connection as they come. */
export interface Cutter<Message> {
  /** The messages that are complete with `bytes`. @throws Error saying what it was that is no message */
  take(bytes: Uint8Array): Iterable<Message>;
}

export interface ChannelOptions<Message> {
  /** For people: "IcePAP 10.0.0.7:5000". */
  readonly about: string;
  readonly host: string;
  readonly port: number;
  /** Milliseconds for connecting, and for an answer unless the request says otherwise. */
  readonly timeout: number;
  readonly cutter: Cutter<Message>;
  /** Takes a message that is not the answer waited for. */
  readonly unasked: (message: Message) => void;
  /** Told once, when the connection is of no use any more. */
  readonly ended: (why: Error) => void;
}

export interface Request<Message> {
  readonly bytes: Uint8Array;
  /** For people, in errors. */
  readonly name: string;
  /** Milliseconds. */
  readonly timeout?: number | undefined;
  /** Ends the waiting, and the connection with it. */
  readonly signal?: AbortSignal | undefined;
  /** Default: whatever comes next is the answer. */
  readonly isAnswer?: (message: Message) => boolean;
}

interface Patience {
  readonly timeout: number;
  /** What to say when it is over. */
  readonly late: string;
  readonly signal?: AbortSignal | undefined;
}

export class Channel<Message> {
  readonly #socket: Socket;
  readonly #options: ChannelOptions<Message>;
  #answer: ((message: Message) => boolean) | undefined;
  #giveUp: ((why: Error) => void) | undefined;
  #failure: Error | undefined;

  private constructor(socket: Socket, options: ChannelOptions<Message>) {
    this.#socket = socket;
    this.#options = options;
    const { about } = options;
    let reached = false;
    socket.once("connect", () => void (reached = true));
    socket.on("data", (bytes) => this.#hear(bytes));
    socket.on("error", ({ message }) =>
      this.#fail(new Error(`${about} ${reached ? "was lost" : "cannot be reached"}: ${message}`)),
    );
    socket.on("close", () => this.#fail(new Error(`${about} closed the connection`)));
  }

  /** @throws Error naming what cannot be reached, and why; the signal's reason. */
  static async open<Message>(options: ChannelOptions<Message>, signal?: AbortSignal): Promise<Channel<Message>> {
    const { about, host, port, timeout } = options;
    const channel = new Channel(connect({ host, port, noDelay: true }), options);
    try {
      const late = `${about} cannot be reached: no connection`;
      await channel.#wait<void>(
        { timeout, late, signal },
        (connected) => void channel.#socket.once("connect", connected),
      );
      return channel;
    } catch (error) {
      channel.close(errorOf(error));
      throw error;
    }
  }

  /** Sends and waits for the answer. After a failure nothing that comes can be trusted: close it. */
  exchange({ bytes, name, isAnswer, ...given }: Request<Message>): Promise<Message> {
    const { about, timeout } = this.#options;
    const patience = {
      timeout: given.timeout ?? timeout,
      late: `${about} does not answer "${name}"`,
      signal: given.signal,
    };
    return this.#wait(patience, (answered) => {
      this.#answer = (message) => {
        if (isAnswer && !isAnswer(message)) return false;
        answered(message);
        return true;
      };
      this.#socket.write(bytes);
    });
  }

  /** `why`: told at once, and what every later exchange ends with; unless the connection had ended before. */
  close(why: Error): void {
    this.#fail(why);
    this.#socket.destroy();
  }

  async #wait<T>({ timeout, late, signal }: Patience, begin: (done: (value: T) => void) => void): Promise<T> {
    if (this.#failure) throw this.#failure;
    signal?.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#giveUp = reject;
    const timer = setTimeout(() => reject(new Error(`${late} within ${timeout} ms`)), timeout);
    const aborted = () => reject(signal?.reason);
    signal?.addEventListener("abort", aborted, { once: true });
    begin(resolve);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
      this.#giveUp = undefined;
      this.#answer = undefined;
    }
  }

  #hear(bytes: Uint8Array): void {
    const { about, cutter, unasked } = this.#options;
    try {
      for (const message of cutter.take(bytes))
        if (this.#answer?.(message)) this.#answer = undefined;
        else unasked(message);
    } catch (error) {
      this.close(new Error(`${about}: ${errorOf(error).message}`));
    }
  }

  #fail(why: Error): void {
    if (this.#failure) return;
    this.#failure = why;
    this.#giveUp?.(why);
    this.#options.ended(why);
  }
}

export const errorOf = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(String(thrown)));
