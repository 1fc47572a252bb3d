// SPDX-License-Identifier: MIT
// One GIOP connection as a server.
import type { CodeSet, Reader, Writer } from "../cdr/index.ts";
import { MarshalError } from "../cdr/index.ts";
import type { Channel } from "../transport/index.ts";
import type { Answer, ObjectAdapter, Peer, Request } from "./adapter.ts";
import { SystemException, systemException, UserException, writeSystemException } from "./exceptions.ts";
import { fragmented } from "./fragments.ts";
import type { Minor } from "./header.ts";
import { closeConnection, headerBytes, MAX_MESSAGE, messageTypes } from "./header.ts";
import type { Message } from "./message-stream.ts";
import { bodyOf, MessageStream } from "./message-stream.ts";
import type { RequestHeader } from "./request.ts";
import { finish, readLocate, readRequest, replyStatus, writeBody, writeReply } from "./request.ts";
import type { Vigil } from "./vigil.ts";

/** Above this many bytes that the client has not read, its requests are not read either. */
const MAX_QUEUED = 1 << 20;
/** Above this many requests without an answer, no more are read; below half of it they are again. */
const MAX_REQUESTS = 1024;
/** A message may take this long for each byte on top of the idle time: slower clients are taken for broken. */
const MILLISECONDS_A_BYTE = 0.01;

export interface ServerConnectionOptions {
  readonly adapter: ObjectAdapter;
  /** Shared by the connections of a server: a message is written in one go, so that its buffer serves them all. */
  readonly writer: Writer;
  /** Shared like it. */
  readonly vigil: Vigil;
  readonly fragmentSize: number | undefined;
  /** Something that is not an exception of CORBA was thrown while serving. */
  readonly onError: (error: unknown, request: { readonly operation: string; readonly peer: string }) => void;
  readonly onClose: (connection: ServerConnection) => void;
}

/** A request being served; the abort signal is made when it is asked for. */
class Serving implements Request {
  readonly key: Uint8Array;
  readonly operation: string;
  readonly args: Reader;
  readonly minor: Minor;
  readonly oneWay: boolean;
  readonly id: number;
  readonly connection: Peer;
  #aborter: AbortController | undefined;

  constructor(header: RequestHeader, args: Reader, minor: Minor, connection: Peer) {
    this.key = header.key;
    this.operation = header.operation;
    this.args = args;
    this.minor = minor;
    this.oneWay = header.oneWay;
    this.id = header.id;
    this.connection = connection;
  }

  get peer(): string {
    return this.connection.peer;
  }
  get signal(): AbortSignal {
    this.#aborter ??= new AbortController();
    return this.#aborter.signal;
  }
  cancel(reason: Error): void {
    // Made now if it was not asked for yet: it may be asked for later.
    this.#aborter ??= new AbortController();
    this.#aborter.abort(reason);
  }
}

export class ServerConnection implements Peer {
  readonly id: number;
  readonly peer: string;
  readonly #channel: Channel;
  readonly #options: ServerConnectionOptions;
  readonly #stream = new MessageStream((message) => this.#receive(message));
  readonly #serving = new Map<number, Serving>();
  /** Asynchronous requests under way, one-way ones included. */
  #busy = 0;
  readonly #ended = new AbortController();
  #text: CodeSet = "latin1";
  /** Replies of the requests of one block of bytes go out together. */
  #batch: Uint8Array[] | undefined;
  #queued = 0;
  #flowing = true;
  #lastMinor: Minor = 2;
  #lastActive = Date.now();

  constructor(id: number, channel: Channel, options: ServerConnectionOptions) {
    this.id = id;
    this.peer = channel.peer;
    this.#channel = channel;
    this.#options = options;
  }

  get signal(): AbortSignal {
    return this.#ended.signal;
  }

  start(): void {
    this.#channel.start({
      data: (bytes) => this.#feed(bytes),
      room: () => this.#stream.room,
      drained: () => this.#drained(),
      closed: () => this.#end(),
    });
  }

  /** Says goodbye and closes when all has been sent; with `now`, at once. */
  close(now = false): void {
    if (this.signal.aborted) return;
    if (!now) this.#channel.write([closeConnection(this.#lastMinor)]);
    this.#channel.close(now);
  }

  /** Closes the connection when nothing has happened on it for `idle` milliseconds. */
  scan(now: number, idle: number): void {
    const allowed = idle + this.#stream.unfinished * MILLISECONDS_A_BYTE;
    if (now - this.#lastActive < allowed) return;
    if (this.#queued > 0 || this.#stream.unfinished > 0) this.close(true);
    else if (this.#busy === 0) this.close();
  }

  #feed(bytes: Uint8Array): void {
    this.#batch = [];
    this.#options.vigil.heard();
    this.#options.writer.wait();
    try {
      this.#stream.feed(bytes);
    } catch {
      // Not GIOP, or not parsable: what was answered before goes out, then the connection ends.
      this.#flush();
      this.#channel.close();
      return;
    }
    this.#flush();
  }

  #flush(): void {
    const batch = this.#batch;
    this.#batch = undefined;
    this.#options.writer.settle();
    if (!batch || batch.length === 0) return;
    this.#send(batch);
    this.#options.vigil.answered();
  }

  #send(chunks: readonly Uint8Array[]): void {
    if (this.#batch) {
      for (const chunk of chunks) this.#batch.push(chunk);
      return;
    }
    this.#queued = this.#channel.write(chunks);
    this.#options.writer.sent(this.#queued === 0);
    this.#regulate();
  }

  #drained(): void {
    this.#queued = 0;
    this.#lastActive = Date.now();
    this.#regulate();
  }

  /** Reads from the client only while it reads what it is sent, and while not too much of its work is under way. */
  #regulate(): void {
    const full = this.#queued > MAX_QUEUED || this.#busy >= (this.#flowing ? MAX_REQUESTS : MAX_REQUESTS / 2);
    if (full !== this.#flowing) return;
    this.#flowing = !full;
    this.#channel.flow(this.#flowing);
  }

  #receive(message: Message): void {
    this.#lastActive = Date.now();
    this.#lastMinor = message.minor;
    switch (message.type) {
      case messageTypes.Request:
        this.#request(message);
        break;
      case messageTypes.CancelRequest:
        this.#serving.get(bodyOf(message, this.#text).ulong())?.cancel(new Error("the client cancelled the request"));
        break;
      case messageTypes.LocateRequest:
        this.#locate(message);
        break;
      case messageTypes.CloseConnection:
      case messageTypes.MessageError:
        this.#channel.close();
        break;
      // Replies and the like have no place here; omniORB ignores them too.
    }
  }

  #locate(message: Message): void {
    const { id, key } = readLocate(bodyOf(message, this.#text), message.minor);
    const { writer } = this.#options;
    writer.block(headerBytes(messageTypes.LocateReply, message.minor));
    writer.ulong(id);
    writer.ulong(this.#options.adapter.exists(key) ? 1 : 0);
    this.#send(finish(writer));
  }

  #request(message: Message): void {
    const args = bodyOf(message, this.#text);
    const header = readRequest(args, message.minor);
    if (header.codeSet && header.codeSet !== this.#text) this.#choose(header.codeSet, args);
    const serving = new Serving(header, args, message.minor, this);
    let answer: Answer | Promise<Answer>;
    try {
      answer = standardAnswer(serving, this.#options.adapter) ?? this.#options.adapter.dispatch(serving);
    } catch (error) {
      this.#fail(serving, error);
      return;
    }
    if (typeof answer === "function") this.#answer(serving, answer);
    else this.#await(serving, answer);
  }

  #choose(codeSet: CodeSet, args: Reader): void {
    this.#text = codeSet;
    args.text = codeSet;
  }

  #await(serving: Serving, answer: Promise<Answer>): void {
    this.#busy++;
    if (!serving.oneWay) this.#serving.set(serving.id, serving);
    answer
      .then(
        (write) => this.#answer(serving, write),
        (error) => this.#fail(serving, error),
      )
      .finally(() => {
        this.#busy--;
        if (this.#serving.get(serving.id) === serving) this.#serving.delete(serving.id);
        this.#lastActive = Date.now();
        this.#regulate();
      });
    this.#regulate();
  }

  #answer(serving: Serving, write: Answer): void {
    if (serving.oneWay || this.signal.aborted) return;
    try {
      this.#reply(serving, replyStatus.noException, write);
    } catch (error) {
      this.#fail(serving, error);
    }
  }

  #fail(serving: Serving, error: unknown): void {
    const known = error instanceof UserException || error instanceof SystemException || error instanceof MarshalError;
    if (!known) this.#options.onError(error, serving);
    if (serving.oneWay || this.signal.aborted) return;
    if (error instanceof UserException && typeof error.members === "function") {
      const { repositoryId, members } = error;
      try {
        this.#reply(serving, replyStatus.userException, (writer) => {
          writer.string(repositoryId);
          members(writer);
        });
        return;
      } catch (second) {
        this.#options.onError(second, serving);
      }
    }
    const sent = asSystemException(error);
    this.#reply(serving, replyStatus.systemException, (writer) => writeSystemException(writer, sent));
  }

  #reply({ id, minor }: Serving, status: number, write: (writer: Writer) => void): void {
    const { writer } = this.#options;
    writer.text = this.#text;
    try {
      writeReply(writer, minor, id, status);
      writeBody(writer, minor, write);
      if (writer.position > MAX_MESSAGE) throw systemException("MARSHAL_MessageSizeExceedLimitOnServer", "YES");
    } catch (error) {
      writer.discard();
      throw error;
    }
    const chunks = finish(writer);
    this.#send(this.#options.fragmentSize ? fragmented(chunks, minor, this.#options.fragmentSize) : chunks);
  }

  #end(): void {
    const reason = new Error("the client is gone");
    for (const serving of this.#serving.values()) serving.cancel(reason);
    this.#ended.abort(reason);
    this.#options.onClose(this);
  }
}

/** The operations of CORBA::Object that need no object's code. */
function standardAnswer(request: Request, adapter: ObjectAdapter): Answer | undefined {
  if (!request.operation.startsWith("_")) return undefined;
  if (request.operation !== "_non_existent" && request.operation !== "_interface") return undefined;
  if (!adapter.exists(request.key)) throw systemException("OBJECT_NOT_EXIST_NoMatch");
  if (request.operation === "_interface") throw systemException("INTF_REPOS_NotAvailable");
  return (writer) => writer.boolean(false);
}

function asSystemException(error: unknown): SystemException {
  if (error instanceof SystemException) return error;
  if (!(error instanceof MarshalError)) return systemException("UNKNOWN_UserException", "MAYBE");
  const kind = error.message.startsWith("TypeCode kind");
  return systemException(kind ? "MARSHAL_InvalidTypeCodeKind" : "MARSHAL_PassEndOfMessage");
}
