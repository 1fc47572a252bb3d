// SPDX-License-Identifier: MIT
// A connection to one publisher: topics are asked for, messages handed out by topic. It never connects again by itself: its
// owner is told that it is lost, and finds the server's new address.
import { Buffer } from "node:buffer";
import { ProtocolError } from "../../giop/index.ts";
import type { Address, Channel, Transport } from "../../transport/index.ts";
import { describeAddress } from "../../transport/index.ts";
import type { Frame } from "./frame-stream.ts";
import { FrameStream, frameFlags, frameOf } from "./frame-stream.ts";
import type { Version } from "./greeting.ts";
import { Greeting, ready } from "./greeting.ts";
import type { Receive } from "./topics.ts";
import { Topics } from "./topics.ts";

/** Frames of one message; events have four. */
const MOST_FRAMES = 16;
/** Version 3.1 knows PING, with a time to live of two bytes and what PONG is to repeat, and PONG. */
const PING = Buffer.from("\x04PING\0\0", "latin1");
const PINGED = "\x04PING";
const PONG = "\x04PONG";
const READY = "\x05READY";
const REFUSED = "\x05ERROR";

interface Limits {
  /** Milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

export class Subscriber implements AsyncDisposable {
  /** Resolves when nothing comes any more, however that happened. */
  readonly lost: Promise<void>;
  readonly #channel: Channel;
  readonly #markLost: () => void;
  readonly #begun = Promise.withResolvers<void>();
  readonly #stream = new FrameStream((flags, frame) => this.#frame(flags, frame));
  readonly #topics = new Topics((wanted, topic) => this.#ask(wanted, topic));
  /** Those who wait for the answers to PINGs, which come in their order. */
  readonly #pongs: ((hasAnswered: boolean) => void)[] = [];
  #greeting: Greeting | undefined;
  #version: Version = { major: 3, minor: 0 };
  #message: Frame[] = [];
  #isOpen = true;

  private constructor(channel: Channel) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.lost = promise;
    this.#markLost = resolve;
    this.#channel = channel;
    this.#begun.promise.catch(() => {});
  }

  /** @throws Error when no publisher answers within `timeout` milliseconds; ProtocolError when something else does. */
  static async open(transport: Transport, address: Address, { timeout, signal }: Limits): Promise<Subscriber> {
    const limit = AbortSignal.timeout(timeout);
    const end = AbortSignal.any([limit, signal]);
    try {
      const subscriber = new Subscriber(await transport.connect(address, { signal: end }));
      await subscriber.#greeted(end);
      return subscriber;
    } catch (cause) {
      signal.throwIfAborted();
      const problem = limit.aborted ? "does not answer" : messageOf(cause);
      throw new Error(`the publisher at ${describeAddress(address)}: ${problem}`, { cause });
    }
  }

  /** Hands messages of exactly this topic to `receive` until disposed of. */
  listen(name: string, receive: Receive): Disposable {
    return this.#topics.listen(name, receive);
  }

  /**
   * Whether the publisher has seen what was asked for until now: true once it says so, false when it is too old to be asked
   * (ZeroMQ before 4.3) or gone.
   */
  async settled(signal: AbortSignal): Promise<boolean> {
    if (this.#version.major < 3 || this.#version.minor < 1 || !this.#isOpen || signal.aborted) return false;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const stop = () => resolve(false);
    signal.addEventListener("abort", stop, { once: true });
    this.#pongs.push(resolve);
    this.#sendCommand(PING);
    return await promise.finally(() => signal.removeEventListener("abort", stop));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#end(new Error("the subscription has ended"));
    await this.lost;
  }

  /** Resolves when the other end has said that it is a publisher. */
  async #greeted(signal: AbortSignal): Promise<void> {
    const giveUp = () => this.#end(new Error("given up"));
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      this.#start();
      if (signal.aborted) giveUp();
      await this.#begun.promise;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }

  #start(): void {
    this.#channel.start({
      data: (bytes) => this.#feed(bytes),
      room: () => this.#stream.room,
      drained: () => {},
      closed: (cause) => {
        this.#end(cause ?? new Error("the publisher has closed the connection"));
        this.#markLost();
      },
    });
    this.#greeting = new Greeting((bytes) => this.#channel.write([bytes]));
  }

  #feed(bytes: Uint8Array): void {
    if (!this.#isOpen) return;
    try {
      if (this.#greeting) this.#greet(this.#greeting, bytes);
      else this.#stream.feed(bytes);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#end(error);
    }
  }

  #greet(greeting: Greeting, bytes: Uint8Array): void {
    const done = greeting.take(bytes);
    if (!done) return;
    this.#greeting = undefined;
    this.#version = done.version;
    if (done.version.major === 3) this.#sendCommand(ready);
    else this.#begun.resolve();
    this.#stream.feed(done.rest);
  }

  #frame(flags: number, frame: Frame): void {
    if (flags & frameFlags.command) {
      this.#command(frame);
      return;
    }
    const message = this.#message;
    message.push(frame);
    if (!(flags & frameFlags.more)) {
      this.#message = [];
      this.#topics.dispatch(message);
    } else if (message.length >= MOST_FRAMES) {
      throw new ProtocolError(`a message has more than ${MOST_FRAMES} frames`);
    }
  }

  #command({ bytes, start, end }: Frame): void {
    const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1");
    if (text.startsWith(PONG)) this.#pongs.shift()?.(true);
    else if (text.startsWith(PINGED)) this.#sendCommand(Buffer.from(PONG + text.slice(PING.length), "latin1"));
    else if (text.startsWith(READY)) this.#begun.resolve();
    else if (text.startsWith(REFUSED))
      throw new ProtocolError(`the publisher refuses: ${text.slice(REFUSED.length + 1)}`);
  }

  #sendCommand(command: Uint8Array): void {
    this.#channel.write([frameOf(frameFlags.command, command)]);
  }

  #ask(wanted: boolean, topic: Uint8Array): void {
    const request = Buffer.concat([Buffer.of(wanted ? 1 : 0), topic]);
    if (this.#isOpen) this.#channel.write([frameOf(0, request)]);
  }

  #end(error: Error): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#begun.reject(error);
    for (const tell of this.#pongs.splice(0)) tell(false);
    this.#channel.close(true);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
