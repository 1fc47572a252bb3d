// SPDX-License-Identifier: MIT
// One client's conversation: commands in order, transactions, and waiting for a stream.
import { type Command, type Connection, type StoreState, textOf, upper, Waiting } from "./commands/command.ts";
import { commands } from "./commands/table.ts";
import { CommandError, nullArray, ok, type Protocol, type Reply, Status } from "./reply.ts";
import type { Request } from "./request-parser.ts";

/** Waits for changes of keys on behalf of sessions. */
export interface Waiters {
  /** Calls `onChange` after each change of one of `keys` until disposed. */
  wait(keys: readonly string[], onChange: () => void): Disposable;
  /** Calls those whose streams changed. */
  wake(): void;
}

export interface SessionOptions {
  readonly id: number;
  readonly address: string;
  readonly password: string | undefined;
  readonly store: StoreState;
  readonly waiters: Waiters;
  /** Takes a reply to the client. */
  readonly reply: (reply: Reply, protocol: Protocol) => void;
  readonly close: () => void;
}

/** Most commands a client may send ahead of one that waits, or put in a transaction. */
const maxQueued = 1_000_000;
const outOfMemory = "OOM command not allowed when used memory > 'maxmemory'.";
/** Commands allowed before AUTH. */
const open = new Set(["AUTH", "HELLO", "QUIT", "RESET"]);

export class Session implements Connection {
  readonly id: number;
  readonly address: string;
  readonly password: string | undefined;
  protocol: Protocol = 2;
  name = "";
  authorised = false;

  readonly #options: SessionOptions;
  /** Commands behind one that waits. */
  #queue: Request[] = [];
  #waiting: Disposable | undefined;
  #transaction: { requests: Request[]; broken: boolean } | undefined;
  #watch: { stack: Disposable; touched: boolean } | undefined;
  #closed = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    this.id = options.id;
    this.address = options.address;
    this.password = options.password;
  }

  /** Whether a command waits for a stream. */
  get isWaiting(): boolean {
    return this.#waiting !== undefined;
  }

  receive(request: Request): void {
    if (this.#closed) return;
    if (!this.#waiting) this.#execute(request);
    else if (this.#queue.length >= maxQueued) this.#close();
    // The bytes are the socket's buffer, which is shared: what is kept longer is copied.
    else this.#queue.push(request.map((argument) => Buffer.from(argument)));
  }

  push(reply: Reply): void {
    this.#options.reply(reply, this.protocol);
  }

  quit(): void {
    this.#closed = true;
  }

  reset(): void {
    this.#transaction = undefined;
    this.#unwatch();
    this.protocol = 2;
    this.name = "";
    this.authorised = false;
  }

  /** Ends waiting, watching and monitoring. */
  dispose(): void {
    this.#options.store.monitors.delete(this);
    this.#closed = true;
    this.#waiting?.[Symbol.dispose]();
    this.#waiting = undefined;
    this.#queue = [];
    this.#unwatch();
  }

  #execute(request: Request): void {
    const reply = this.#run(request);
    if (reply instanceof Waiting) this.#block(reply);
    else this.#options.reply(reply, this.protocol);
    // As in Redis, who waits is served after each command, so a reader meets the entries one by one.
    this.#options.waiters.wake();
    if (this.#closed) this.#close();
  }

  #close(): void {
    this.dispose();
    this.#options.close();
  }

  #run(request: Request): Reply | Waiting {
    const name = upper(request[0]);
    if (this.#options.store.monitors.size > 0) this.#tellMonitors(name, request);
    try {
      if (this.password !== undefined && !this.authorised && !open.has(name))
        throw new CommandError("NOAUTH Authentication required.");
      const special = this.#transactional[name];
      if (special) return special(request);
      const command = this.#find(name, request);
      if (!this.#transaction) return this.#call(command, request);
      if (this.#transaction.requests.length >= maxQueued) throw new CommandError("ERR too many commands in MULTI");
      this.#transaction.requests.push(request.map((argument) => Buffer.from(argument)));
      return new Status("QUEUED");
    } catch (error) {
      if (this.#transaction && !(name === "EXEC" || name === "WATCH" || name === "MULTI"))
        this.#transaction.broken = true;
      return asReply(error, name);
    }
  }

  #tellMonitors(name: string, request: Request): void {
    if (name === "AUTH" || name === "HELLO") return;
    const { monitors, keyspace } = this.#options.store;
    const words = request.map((argument) => JSON.stringify(argument.toString("latin1"))).join(" ");
    const line = new Status(`${(keyspace.now / 1000).toFixed(6)} [0 ${this.address}] ${words}`);
    for (const monitor of monitors) monitor.push(line);
  }

  #find(name: string, request: Request): Command {
    const command = commands.get(name);
    if (!command) {
      const given = request.slice(1, 4).map((argument) => `'${textOf(argument).slice(0, 128)}'`);
      throw new CommandError(
        `ERR unknown command '${textOf(request[0]!).slice(0, 128)}', with args beginning with: ${given.join(" ")}`,
      );
    }
    const { arity } = command;
    if (arity > 0 ? request.length !== arity : request.length < -arity)
      throw new CommandError(`ERR wrong number of arguments for '${name.toLowerCase()}' command`);
    if (command.effect === "add" && !this.#hasMemoryFor([request])) throw new CommandError(outOfMemory);
    return command;
  }

  #hasMemoryFor(requests: readonly Request[]): boolean {
    const { keyspace, settings } = this.#options.store;
    if (settings.maxMemory === 0) return true;
    const size = requests.flat().reduce((sum, argument) => sum + argument.length, 0);
    return keyspace.used + size <= settings.maxMemory;
  }

  #call(command: Command, request: Request): Reply | Waiting {
    return command.run({ args: request.slice(1), store: this.#options.store, connection: this });
  }

  readonly #transactional: Readonly<Record<string, (request: Request) => Reply>> = Object.assign(Object.create(null), {
    MULTI: () => {
      if (this.#transaction) throw new CommandError("ERR MULTI calls can not be nested");
      this.#transaction = { requests: [], broken: false };
      return ok;
    },
    DISCARD: () => {
      if (!this.#transaction) throw new CommandError("ERR DISCARD without MULTI");
      this.#transaction = undefined;
      this.#unwatch();
      return ok;
    },
    EXEC: () => this.#exec(),
    WATCH: (request: Request) => {
      if (this.#transaction) throw new CommandError("ERR WATCH inside MULTI is not allowed");
      this.#watchKeys(request.slice(1).map((key) => key.toString("latin1")));
      return ok;
    },
    UNWATCH: () => {
      this.#unwatch();
      return ok;
    },
  });

  #exec(): Reply {
    const transaction = this.#transaction;
    if (!transaction) throw new CommandError("ERR EXEC without MULTI");
    this.#transaction = undefined;
    const touched = this.#watch?.touched ?? false;
    this.#unwatch();
    if (transaction.broken) throw new CommandError("EXECABORT Transaction discarded because of previous errors.");
    const adding = transaction.requests.filter((request) => commands.get(upper(request[0]))?.effect === "add");
    // All or nothing: what was allowed when it was queued may not fit any more.
    if (adding.length > 0 && !this.#hasMemoryFor(adding))
      throw new CommandError(`EXECABORT Transaction discarded because of: ${outOfMemory}`);
    if (touched) return nullArray;
    const { keyspace } = this.#options.store;
    keyspace.record(["MULTI"]);
    const replies = transaction.requests.map((request) => this.#one(request));
    keyspace.record(["EXEC"]);
    return replies;
  }

  /** A command of a transaction: it does not wait, and its error is its reply. */
  #one(request: Request): Reply {
    const name = upper(request[0]);
    try {
      const reply = this.#call(commands.get(name)!, request);
      return reply instanceof Waiting ? reply.wait.timedOut : reply;
    } catch (error) {
      return asReply(error, name);
    }
  }

  #block({ wait }: Waiting): void {
    const end = (reply: Reply) => {
      clearTimeout(timer);
      this.#waiting?.[Symbol.dispose]();
      this.#waiting = undefined;
      this.#options.reply(reply, this.protocol);
      while (this.#queue.length > 0 && !this.#waiting && !this.#closed) this.#execute(this.#queue.shift()!);
    };
    const waiter = this.#options.waiters.wait(wait.keys, () => {
      try {
        const reply = wait.retry();
        if (reply !== undefined) end(reply);
      } catch (error) {
        end(asReply(error, "XREAD"));
      }
    });
    const timer = wait.timeout > 0 ? setTimeout(() => end(wait.timedOut), wait.timeout) : undefined;
    this.#waiting = {
      [Symbol.dispose]: () => {
        clearTimeout(timer);
        waiter[Symbol.dispose]();
      },
    };
  }

  #watchKeys(keys: readonly string[]): void {
    const watch = (this.#watch ??= { stack: new DisposableStack(), touched: false });
    const stack = watch.stack as DisposableStack;
    const watched = new Set(keys);
    const touched = (key: string) => {
      if (watched.has(key)) watch.touched = true;
    };
    stack.use(this.#options.store.keyspace.observe({ touched, cleared: () => void (watch.touched = true) }));
  }

  #unwatch(): void {
    this.#watch?.stack[Symbol.dispose]();
    this.#watch = undefined;
  }
}

/** A failure of ours must not end the connection; the client is told what it was. */
function asReply(error: unknown, name: string): CommandError {
  if (error instanceof CommandError) return error;
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new CommandError(`ERR the store failed in ${name}: ${why}`);
}
