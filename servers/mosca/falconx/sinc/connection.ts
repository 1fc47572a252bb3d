// SPDX-License-Identifier: MIT
// One TCP connection to an instrument that speaks SINC: one request at a time, and what the instrument sends by itself.
import { connect, type Socket } from "node:net";
import { encodeFrame, type Frame, FrameReader, markers } from "./frame.ts";
import { errorCodes, type MessageName, type MessageOf, messages, unasked } from "./message-table.ts";
import { decode, encode } from "./protobuf.ts";

export interface SincOptions {
  readonly host: string;
  /** Default 8756. */
  readonly port?: number;
  /** Milliseconds for one answer, and for connecting. Default 3000. */
  readonly timeout?: number;
  /** Told of what nobody asked for: histograms, changed parameters, errors. A throw ends the connection. */
  readonly unasked: (frame: Frame) => void;
  /** Told once when the connection ended otherwise than by its disposal. */
  readonly lost: (error: Error) => void;
}

/** The instrument's own refusal. */
export class SincRefusal extends Error {
  override readonly name = "SincRefusal";
  /** See `errorCodes`. */
  readonly code: number;

  constructor(text: string, code: number) {
    super(text);
    this.code = code;
  }
}

export class SincConnection implements AsyncDisposable {
  readonly about: string;
  readonly #socket: Socket;
  readonly #timeout: number;
  #answered: ((frame: Frame) => void) | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #end: Error | undefined;
  readonly #ended = Promise.withResolvers<never>();

  private constructor(socket: Socket, about: string, options: SincOptions) {
    this.#socket = socket;
    this.about = about;
    this.#timeout = options.timeout ?? 3000;
    this.#ended.promise.catch(() => {});
    this.#listen(options);
  }

  /** @throws Error when there is no connection within the time */
  static async open(options: SincOptions): Promise<SincConnection> {
    const { host, port = 8756, timeout = 3000 } = options;
    const about = `FalconX ${host}:${port}`;
    const socket = connect({ host, port, noDelay: true });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once("connect", resolve);
    socket.once("error", (error) => reject(new Error(`${about} cannot be reached: ${error.message}`)));
    const late = new Error(`${about} cannot be reached: no connection within ${timeout / 1000} s`);
    const timer = setTimeout(() => reject(late), timeout);
    try {
      await promise;
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      clearTimeout(timer);
    }
    return new SincConnection(socket, about, options);
  }

  /**
   * Asks and gives the answer, of the type `answer`.
   * @throws SincRefusal when the instrument refuses, Error when it does not answer or says something else
   */
  async ask<N extends MessageName, A extends MessageName>(
    name: N,
    fields: MessageOf<N>,
    answer: A,
  ): Promise<MessageOf<A>> {
    const { type, payload } = await this.#exchange(name, fields);
    const told = this.#read(() => ({
      success: type === messages.successResponse.type ? decode(messages.successResponse.fields, payload) : {},
      answer: type === messages[answer].type ? (decode(messages[answer].fields, payload) as MessageOf<A>) : undefined,
    }));
    if (told.success.errorCode) throw this.#refusal(name, told.success);
    if (told.answer) return told.answer;
    throw this.#fail(new Error(`${this.about} answers ${name} with a message of type ${type}`));
  }

  /** A command that is acknowledged. @throws as ask */
  async tell<N extends MessageName>(name: N, fields: MessageOf<N>): Promise<void> {
    await this.ask(name, fields, "successResponse");
  }

  #refusal(name: string, { errorCode = 0, message }: MessageOf<"successResponse">): SincRefusal {
    const why = message || errorCodes[errorCode] || `error ${errorCode}`;
    return new SincRefusal(`${this.about} refuses ${name}: ${why}`, errorCode);
  }

  #exchange<N extends MessageName>(name: N, fields: MessageOf<N>): Promise<Frame> {
    const answer = this.#turn.then(async () => {
      if (this.#end) throw this.#end;
      const { promise, resolve } = Promise.withResolvers<Frame>();
      this.#answered = resolve;
      const { type, fields: shape } = messages[name];
      this.#socket.write(encodeFrame(markers.command, type, encode(shape, fields)));
      const silent = () =>
        this.#fail(new Error(`${this.about} does not answer ${name} within ${this.#timeout / 1000} s`));
      const timer = setTimeout(silent, this.#timeout);
      try {
        return await Promise.race([promise, this.#ended.promise]);
      } finally {
        clearTimeout(timer);
        this.#answered = undefined;
      }
    });
    this.#turn = answer.catch(() => {});
    return answer;
  }

  #listen({ unasked: told, lost }: SincOptions): void {
    const reader = new FrameReader(markers.response);
    this.#socket.on("data", (bytes) => {
      try {
        for (const frame of reader.take(bytes))
          if (unasked.has(frame.type)) told(frame);
          else this.#answered?.(frame);
      } catch (error) {
        this.#unreadable(error);
      }
    });
    this.#socket.on("error", (error) => this.#fail(new Error(`${this.about} was lost: ${error.message}`)));
    this.#socket.on("close", () => this.#fail(new Error(`${this.about} closed the connection`)));
    this.#ended.promise.catch((error) => !(error instanceof Closed) && lost(error));
  }

  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw this.#unreadable(error);
    }
  }
  /** What cannot be read ends the connection: nothing that follows could be trusted. */
  #unreadable(error: unknown): Error {
    return this.#fail(new Error(`${this.about} sent ${(error as Error).message}`));
  }

  #fail(error: Error): Error {
    this.#end ??= error;
    this.#socket.destroy();
    this.#ended.reject(this.#end);
    return error;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#fail(new Closed(`${this.about}: the connection is closed`));
  }
}

class Closed extends Error {}
