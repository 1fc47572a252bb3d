// SPDX-License-Identifier: MIT
// Events on their way to whoever iterates over them: a queue of a stated size that does what was asked when it is full.
import { devFailed } from "../../errors.ts";

/** What happens to an event for which there is no room: the oldest or the newest goes, or the stream fails. */
export type Overflow = "drop oldest" | "drop newest" | "fail";

export interface StreamOptions {
  /** Default "drop oldest". `queue: 1` with it keeps only the latest value. */
  readonly overflow?: Overflow | undefined;
  /** Events that wait for the consumer; default 10,000. */
  readonly queue?: number | undefined;
}

export interface EventStream<E> extends AsyncIterableIterator<E, undefined, undefined>, AsyncDisposable {
  /** Resolves when the server has accepted the subscription, rejects when it has refused it. */
  readonly ready: Promise<void>;
  /** Events that wait for the consumer. */
  readonly queued: number;
  /** Events that were dropped because the consumer was slower. */
  readonly dropped: number;
  /** Those that wait, without waiting for more. */
  take(): E[];
  /** Ends the subscription; also done by leaving the loop. */
  [Symbol.asyncDispose](): Promise<void>;
}

type Result<E> = IteratorResult<E, undefined>;

/** The queue between one subscription and its consumer. */
export class EventQueue<E> implements EventStream<E> {
  readonly ready: Promise<void>;
  readonly #limit: number;
  readonly #overflow: Overflow;
  readonly #end: () => Promise<void>;
  #waiting: E[] = [];
  #from = 0;
  #consumers: PromiseWithResolvers<Result<E>>[] = [];
  #dropped = 0;
  #failure: { readonly error: unknown } | undefined;
  #isEnded = false;

  /** `end` is called when nobody wants events any more. */
  constructor(
    ready: Promise<void>,
    end: () => Promise<void>,
    { overflow = "drop oldest", queue = 10_000 }: StreamOptions,
  ) {
    if (!(queue >= 1)) throw new RangeError(`an event queue holds at least 1 event, not ${queue}`);
    this.ready = ready;
    this.#end = end;
    this.#limit = queue;
    this.#overflow = overflow;
  }

  get queued(): number {
    return this.#waiting.length - this.#from;
  }
  get dropped(): number {
    return this.#dropped;
  }

  push(event: E): void {
    if (this.#isEnded || this.#failure) return;
    const consumer = this.#consumers.shift();
    if (consumer) consumer.resolve({ value: event, done: false });
    else if (this.queued < this.#limit || this.#makeRoom()) this.#waiting.push(event);
  }

  /** What is queued is still given; then the error. */
  fail(error: unknown): void {
    if (this.#isEnded || this.#failure) return;
    const consumer = this.#consumers.shift();
    if (consumer) {
      consumer.reject(error);
      this.#isEnded = true;
    } else {
      this.#failure = { error };
    }
    this.#close();
  }

  close(): void {
    this.#isEnded = true;
    this.#close();
  }

  take(): E[] {
    const taken = this.#waiting.slice(this.#from);
    this.#waiting = [];
    this.#from = 0;
    return taken;
  }

  next(): Promise<Result<E>> {
    if (this.queued > 0) return Promise.resolve({ value: this.#shift(), done: false });
    const failure = this.#failure;
    if (failure) {
      this.#failure = undefined;
      this.#isEnded = true;
      return Promise.reject(failure.error);
    }
    if (this.#isEnded) return Promise.resolve({ value: undefined, done: true });
    const consumer = Promise.withResolvers<Result<E>>();
    this.#consumers.push(consumer);
    return consumer.promise;
  }

  async return(): Promise<Result<E>> {
    await this[Symbol.asyncDispose]();
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.take();
    this.#failure = undefined;
    this.close();
    await this.#end();
  }

  #makeRoom(): boolean {
    if (this.#overflow === "fail") {
      const problem = `${this.#limit} events wait: the consumer is slower than they come (overflow: "fail")`;
      this.fail(devFailed("API_EventQueueOverflow", problem, "DeviceProxy::events()"));
      return false;
    }
    this.#dropped++;
    if (this.#overflow === "drop newest") return false;
    this.#shift();
    return true;
  }

  /** Takes the oldest. The list is cut now and then, not moved each time. */
  #shift(): E {
    const event = this.#waiting[this.#from] as E;
    this.#waiting[this.#from] = undefined as E;
    this.#from++;
    if (this.#from === this.#waiting.length || this.#from > 4096) {
      this.#waiting = this.#waiting.slice(this.#from);
      this.#from = 0;
    }
    return event;
  }

  #close(): void {
    for (const consumer of this.#consumers.splice(0)) consumer.resolve({ value: undefined, done: true });
  }
}
