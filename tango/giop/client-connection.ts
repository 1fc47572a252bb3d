// SPDX-License-Identifier: MIT
// One GIOP connection as a client: any number of calls at a time, each answered or failed exactly once.
import type { CodeSet } from "../cdr/index.ts";
import { MarshalError, Reader, Writer } from "../cdr/index.ts";
import type { Address, Channel, Transport } from "../transport/index.ts";
import { describeAddress } from "../transport/index.ts";
import { LocationForward, readSystemException, systemException, UserException } from "./exceptions.ts";
import { fragmented } from "./fragments.ts";
import type { Minor } from "./header.ts";
import { headerBytes, MAX_MESSAGE, messageTypes } from "./header.ts";
import type { Message } from "./message-stream.ts";
import { bodyOf, MessageStream } from "./message-stream.ts";
import { Outgoing } from "./outgoing.ts";
import { ObjectReference } from "./reference.ts";
import { finish, readReply, replyStatus, writeBody, writeRequest } from "./request.ts";

export interface ConnectionOptions {
  /** Aborts connecting. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for connecting; default 3000. */
  readonly timeout?: number;
  /** GIOP 1.`minor`: 2 for an IOR, 0 for a corbaloc without version; default 2. */
  readonly minor?: Minor;
  /** Negotiate UTF-8 strings instead of ISO 8859-1 (GIOP 1.2 only). */
  readonly utf8?: boolean;
  /** Byte order of the requests; default true. */
  readonly littleEndian?: boolean;
  /** Send requests above this size in fragments. */
  readonly fragmentSize?: number;
  /** Milliseconds without a call after which the connection closes; default 120,000, 0 for never. */
  readonly idle?: number;
}

export interface InvokeOptions {
  /** Stops the waiting and tells the server (CancelRequest). */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait for the reply; for ever when absent. */
  readonly timeout?: number | undefined;
  /** No reply is wanted: resolves when the request has been handed to the operating system. */
  readonly oneWay?: boolean;
}

/** Servers are believed what they announce: memory for an image is taken once, not grown and copied as it comes. */
const BELIEVED = 64 * 2 ** 20;
/** Milliseconds after which a call that was given up is not waited for any more: its reply may have been dropped. */
const FORGOTTEN = 10_000;

interface Call {
  readonly since: number;
  resolve(reader: Reader): void;
  reject(error: unknown): void;
  release(): void;
}

export class ClientConnection implements AsyncDisposable {
  /** Resolves when the connection has ended, however that happened. */
  readonly closed: Promise<void>;
  readonly peer: string;
  readonly #channel: Channel;
  readonly #outgoing: Outgoing;
  readonly #minor: Minor;
  readonly #text: CodeSet;
  readonly #fragmentSize: number | undefined;
  readonly #writer: Writer;
  readonly #stream = new MessageStream((message) => this.#receive(message), { believed: BELIEVED });
  readonly #calls = new Map<number, Call>();
  readonly #markClosed: () => void;
  readonly #idleTimer: NodeJS.Timeout | undefined;
  #codeSetsSent = false;
  #nextId = 2;
  #lastUsed = Date.now();
  #isOpen = true;
  #abandoned = 0;
  /** When the call was made that was given up last, until a reply shows that the server goes on. */
  #abandonedSince = Number.NEGATIVE_INFINITY;

  private constructor(channel: Channel, options: ConnectionOptions) {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.closed = promise;
    this.#markClosed = resolve;
    this.peer = channel.peer;
    this.#channel = channel;
    this.#outgoing = new Outgoing(channel);
    this.#minor = options.minor ?? 2;
    this.#text = options.utf8 && this.#minor === 2 ? "utf8" : "latin1";
    this.#fragmentSize = options.fragmentSize;
    this.#writer = new Writer({ text: this.#text, littleEndian: options.littleEndian ?? true });
    this.#idleTimer = this.#watchIdle(options.idle ?? 120_000);
  }

  /** @throws SystemException TRANSIENT_ConnectFailed when nothing answers, TRANSIENT_CallTimedout after `timeout`. */
  static async open(
    transport: Transport,
    address: Address,
    options: ConnectionOptions = {},
  ): Promise<ClientConnection> {
    const limit = AbortSignal.timeout(options.timeout ?? 3000);
    const signal = options.signal ? AbortSignal.any([limit, options.signal]) : limit;
    try {
      const connection = new ClientConnection(await transport.connect(address, { signal }), options);
      connection.#start();
      return connection;
    } catch (cause) {
      options.signal?.throwIfAborted();
      const detail = limit.aborted ? `${describeAddress(address)} does not answer` : messageOf(cause);
      throw systemException(limit.aborted ? "TRANSIENT_CallTimedout" : "TRANSIENT_ConnectFailed", "NO", {
        cause,
        detail,
      });
    }
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }
  /** Calls that wait for their replies. */
  get pending(): number {
    return this.#calls.size;
  }
  /**
   * Calls given up by time or abort whose replies have not come: servers that work one request after the other (omniORB)
   * will not answer others before. Use another connection then.
   */
  get abandoned(): number {
    return this.#abandoned;
  }
  /** Milliseconds the oldest call, given up or not, has been without its reply; 0 when there is none. */
  get waiting(): number {
    const now = Date.now();
    const oldest = this.#calls.values().next().value?.since ?? now;
    const given = now - this.#abandonedSince < FORGOTTEN ? this.#abandonedSince : now;
    return now - Math.min(oldest, given);
  }

  /**
   * Calls an operation. The reader is at the result.
   * @throws UserException, SystemException, LocationForward; the reason of `signal` when aborted; MarshalError when an
   * argument cannot be sent.
   */
  invoke(
    key: Uint8Array,
    operation: string,
    args: (writer: Writer) => void,
    options: InvokeOptions = {},
  ): Promise<Reader> {
    // Not an async function: the reply's own promise is given, which costs a call three turns of the microtask queue less.
    try {
      return this.#invoke(key, operation, args, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #invoke(key: Uint8Array, operation: string, args: (writer: Writer) => void, options: InvokeOptions): Promise<Reader> {
    options.signal?.throwIfAborted();
    if (!this.#isOpen) throw systemException("TRANSIENT_ConnectionClosed", "NO", { detail: this.peer });
    const id = this.#nextId;
    this.#nextId = (id + 2) >>> 0;
    const oneWay = options.oneWay ?? false;
    const chunks = this.#encode(id, oneWay, key, operation, args);
    // A call alone goes at once; of many at a time, those of one turn go together.
    const isOneOfMany = this.#calls.size > 1;
    const reply = oneWay ? Promise.resolve(new Reader(new Uint8Array(0))) : this.#expect(id, options);
    this.#lastUsed = Date.now();
    this.#outgoing.send(chunks, isOneOfMany);
    return reply;
  }

  /** Closes; calls that wait fail with COMM_FAILURE. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isOpen) this.#end(systemException("COMM_FAILURE_WaitingForReply", "MAYBE", { detail: "closed here" }));
    this.#channel.close(true);
    await this.closed;
  }

  #start(): void {
    this.#channel.start({
      data: (bytes) => this.#feed(bytes),
      room: () => this.#stream.room,
      drained: () => {},
      closed: (cause) => {
        this.#end(systemException("COMM_FAILURE_WaitingForReply", "MAYBE", { cause, detail: `${this.peer} is gone` }));
        this.#markClosed();
      },
    });
  }

  #encode(id: number, oneWay: boolean, key: Uint8Array, operation: string, args: (writer: Writer) => void) {
    const writer = this.#writer;
    const codeSet = this.#minor === 2 && !this.#codeSetsSent ? this.#text : undefined;
    try {
      writeRequest(writer, this.#minor, { id, oneWay, key, operation, codeSet });
      writeBody(writer, this.#minor, args);
      if (writer.position > MAX_MESSAGE) throw systemException("MARSHAL_MessageSizeExceedLimitOnClient");
    } catch (error) {
      writer.discard();
      throw error;
    }
    this.#codeSetsSent = true;
    const chunks = finish(writer);
    return this.#fragmentSize ? fragmented(chunks, this.#minor, this.#fragmentSize) : chunks;
  }

  #expect(id: number, { signal, timeout }: InvokeOptions): Promise<Reader> {
    return new Promise((resolve, reject) => {
      const giveUp = (error: unknown) => {
        if (!this.#calls.delete(id)) return;
        call.release();
        this.#abandoned++;
        this.#abandonedSince = call.since;
        this.#cancel(id);
        reject(error);
      };
      const onAbort = () => giveUp(signal?.reason);
      const timer =
        timeout === undefined
          ? undefined
          : setTimeout(() => giveUp(systemException("TRANSIENT_CallTimedout", "MAYBE")), timeout);
      const release = () => {
        if (timer) clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
      };
      const call: Call = { since: Date.now(), resolve, reject, release };
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#calls.set(id, call);
    });
  }

  #cancel(id: number): void {
    const writer = this.#writer;
    writer.block(headerBytes(messageTypes.CancelRequest, this.#minor, writer.littleEndian));
    writer.ulong(id);
    this.#outgoing.send(finish(writer), false);
  }

  #feed(bytes: Uint8Array): void {
    try {
      this.#stream.feed(bytes);
    } catch (cause) {
      const detail = `${this.peer} sent what is not GIOP: ${messageOf(cause)}`;
      this.#end(systemException("COMM_FAILURE_UnMarshalResults", "MAYBE", { cause, detail }));
      this.#channel.close(true);
    }
  }

  #receive(message: Message): void {
    if (message.type === messageTypes.Reply) {
      this.#reply(message);
    } else if (message.type === messageTypes.CloseConnection || message.type === messageTypes.MessageError) {
      this.#end(
        systemException("COMM_FAILURE_WaitingForReply", "MAYBE", { detail: `${this.peer} closed the connection` }),
      );
      this.#channel.close(true);
    }
  }

  #reply(message: Message): void {
    const reader = bodyOf(message, this.#text);
    const { id, status } = readReply(reader, message.minor);
    this.#abandonedSince = Number.NEGATIVE_INFINITY;
    const call = this.#calls.get(id);
    if (!call) {
      // The late answer to a call given up.
      this.#abandoned = Math.max(0, this.#abandoned - 1);
      return;
    }
    this.#calls.delete(id);
    this.#lastUsed = Date.now();
    call.release();
    if (status === replyStatus.noException) call.resolve(reader);
    else call.reject(exceptionOf(status, reader));
  }

  /** Fails what waits; nothing can be called any more. */
  #end(error: Error): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    clearInterval(this.#idleTimer);
    for (const call of this.#calls.values()) {
      call.release();
      call.reject(error);
    }
    this.#calls.clear();
  }

  #watchIdle(limit: number): NodeJS.Timeout | undefined {
    if (limit <= 0) return undefined;
    const check = () => {
      if (this.#calls.size > 0 || Date.now() - this.#lastUsed < limit) return;
      this.#end(systemException("TRANSIENT_ConnectionClosed", "NO", { detail: "idle" }));
      this.#channel.close();
    };
    return setInterval(check, Math.max(limit / 4, 1)).unref();
  }
}

function exceptionOf(status: number, reader: Reader): Error {
  try {
    if (status === replyStatus.userException) return new UserException(reader.string(), reader);
    if (status === replyStatus.systemException) return readSystemException(reader);
    if (status === replyStatus.locationForward || status === replyStatus.locationForwardPermanent) {
      return new LocationForward(ObjectReference.read(reader));
    }
  } catch (error) {
    if (error instanceof MarshalError) return error;
    throw error;
  }
  return new MarshalError(`reply status ${status} is unknown`, reader.offset);
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
