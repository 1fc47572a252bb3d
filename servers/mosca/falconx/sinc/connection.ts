// SPDX-License-Identifier: MIT
// One connection to an instrument that speaks SINC: one request at a time, and what the instrument sends by itself.
import { Channel, errorOf } from "../../../link/channel.ts";
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
  readonly #channel: Channel<Frame>;
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(about: string, channel: Channel<Frame>) {
    this.about = about;
    this.#channel = channel;
  }

  /** @throws Error when there is no connection within the time */
  static async open({ host, port = 8756, timeout = 3000, ...told }: SincOptions): Promise<SincConnection> {
    const about = `FalconX ${host}:${port}`;
    const channel = await Channel.open({
      ...{ about, host, port, timeout, cutter: new FrameReader(markers.response), unasked: told.unasked },
      ended: (why) => {
        if (!(why instanceof Closed)) told.lost(why);
      },
    });
    return new SincConnection(about, channel);
  }

  /**
   * Asks and gives the answer, of the type `answer`.
   * @throws SincRefusal when the instrument refuses, Error when it does not answer or says something else
   */
  ask<N extends MessageName, A extends MessageName>(name: N, fields: MessageOf<N>, answer: A): Promise<MessageOf<A>> {
    const answered = this.#turn.then(() => this.#ask(name, fields, answer));
    this.#turn = answered.catch(() => {});
    return answered;
  }
  /** A command that is acknowledged. @throws as ask */
  async tell<N extends MessageName>(name: N, fields: MessageOf<N>): Promise<void> {
    await this.ask(name, fields, "successResponse");
  }

  async #ask<N extends MessageName, A extends MessageName>(
    name: N,
    fields: MessageOf<N>,
    answer: A,
  ): Promise<MessageOf<A>> {
    try {
      const { type, fields: shape } = messages[name];
      const bytes = encodeFrame(markers.command, type, encode(shape, fields));
      const frame = await this.#channel.exchange({ bytes, name, isAnswer: (one) => !unasked.has(one.type) });
      return this.#meaning(name, answer, frame);
    } catch (error) {
      // After a lost or wrong answer nothing that comes can be trusted.
      if (!(error instanceof SincRefusal)) this.#channel.close(errorOf(error));
      throw error;
    }
  }

  #meaning<A extends MessageName>(name: MessageName, answer: A, { type, payload }: Frame): MessageOf<A> {
    const read = <N extends MessageName>(as: N): MessageOf<N> => {
      try {
        return decode(messages[as].fields, payload) as MessageOf<N>;
      } catch (error) {
        throw new Error(`${this.about} answers ${name} with what is no message: ${(error as Error).message}`);
      }
    };
    const { errorCode, message } = type === messages.successResponse.type ? read("successResponse") : {};
    if (errorCode) {
      const why = message || errorCodes[errorCode] || `error ${errorCode}`;
      throw new SincRefusal(`${this.about} refuses ${name}: ${why}`, errorCode);
    }
    if (type === messages[answer].type) return read(answer);
    throw new Error(`${this.about} answers ${name} with a message of type ${type}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#channel.close(new Closed(`${this.about}: the connection is closed`));
  }
}

class Closed extends Error {}
