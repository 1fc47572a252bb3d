// SPDX-License-Identifier: MIT
// The commands the stream needs, over ioredis. Answers are bytes (Buffer), numbers, null, or lists of these.
import { Redis, type RedisOptions } from "ioredis";
import { EntryLine, LineLost } from "./entry-line.ts";
import { EntryLines, type WaitOptions } from "./entry-lines.ts";
import type { FoundEntries } from "./entry-parser.ts";

export type Argument = string | Uint8Array | number;
export type CommandLine = readonly [name: string, ...args: Argument[]];
export type Answer = Buffer | string | number | null | Error | readonly Answer[];

export interface CallOptions {
  /** Aborting ends the waiting; a command already sent may still be executed. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait for the answer. Default: for ever, while connections are tried again. */
  readonly timeout?: number | undefined;
}

/** A command was refused by the store. The message names it. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

export interface Connection extends AsyncDisposable {
  /** Without its password. */
  readonly url: string;
  /** @throws StoreError when the store refuses the command */
  call(command: CommandLine, options?: CallOptions): Promise<Answer>;
  /** Many commands at once, each with its answer or its error. */
  pipeline(commands: readonly CommandLine[], options?: CallOptions): Promise<Answer[]>;
  /** All or none. @throws StoreError when one is refused */
  transaction(commands: readonly CommandLine[], options?: CallOptions): Promise<Answer[]>;
  /** All or none; a command that fails when it is executed gives its error. @throws StoreError when none was executed */
  attempt(commands: readonly CommandLine[], options?: CallOptions): Promise<Answer[]>;
  /**
   * New entries after a place in each stream, once there are some; `count` of each stream at most. While the store is away
   * it is tried again. Aborting ends the wait there too.
   * @throws StoreError when the store refuses
   */
  wait(places: ReadonlyMap<string, string>, options?: WaitOptions & { readonly count?: number }): Promise<FoundEntries>;
}

export interface ConnectOptions extends CallOptions {
  /** Told when the store is lost or found again. Default: nobody is. */
  readonly log?: (message: string) => void;
}

/** @throws StoreError when nobody answers at `url` (redis://[:password@]host[:port]) or it refuses the password */
export async function connectStore(
  url: string,
  { signal, timeout = 10_000, log }: ConnectOptions = {},
): Promise<Connection> {
  signal?.throwIfAborted();
  const shown = withoutPassword(url);
  const client = new Redis(withoutQuery(url), { ...clientOptions, connectTimeout: timeout });
  const trouble = { last: undefined as Error | undefined };
  client.on("error", (error: Error) => {
    if (!trouble.last) log?.(`${shown}: ${error.message}; trying again`);
    trouble.last = error;
  });
  client.on("ready", () => {
    if (trouble.last) log?.(`${shown} is there again`);
    trouble.last = undefined;
  });
  try {
    await abortable(client.connect(), { signal, timeout });
    await client.ping();
  } catch (error) {
    client.disconnect();
    throw new StoreError(
      `No data stream at ${shown}: ${(trouble.last ?? (error as Error)).message}. Start Redis with JSON and search there, or \`bandoneon store\``,
      { cause: error },
    );
  }
  return new RedisConnection(client, shown);
}

const clientOptions = {
  lazyConnect: true,
  enableOfflineQueue: true,
  maxRetriesPerRequest: null,
  protocol: 2,
  retryStrategy: (times: number) => Math.min(50 * times, 2000),
} as const satisfies RedisOptions;

class RedisConnection implements Connection {
  readonly url: string;
  readonly #client: Redis;
  readonly #lines = new EntryLines(() => this.#line());

  constructor(client: Redis, url: string) {
    this.#client = client;
    this.url = url;
  }

  async call([name, ...args]: CommandLine, options: CallOptions = {}): Promise<Answer> {
    options.signal?.throwIfAborted();
    try {
      return (await abortable(this.#client.callBuffer(name, ...args.map(asBuffer)), options)) as Answer;
    } catch (error) {
      throw this.#refused(error, name, args);
    }
  }

  async pipeline(commands: readonly CommandLine[], options: CallOptions = {}): Promise<Answer[]> {
    options.signal?.throwIfAborted();
    const pipeline = this.#client.pipeline();
    for (const [name, ...args] of commands) pipeline.callBuffer(name, ...args.map(asBuffer));
    const answers = (await abortable(pipeline.exec(), options)) ?? [];
    return answers.map(([error, answer], index) =>
      error ? this.#refused(error, ...named(commands[index])) : (answer as Answer),
    );
  }

  async transaction(commands: readonly CommandLine[], options: CallOptions = {}): Promise<Answer[]> {
    const answers = await this.attempt(commands, options);
    for (const answer of answers) if (answer instanceof Error) throw answer;
    return answers;
  }

  async attempt(commands: readonly CommandLine[], options: CallOptions = {}): Promise<Answer[]> {
    const answers = await this.pipeline([["MULTI"], ...commands, ["EXEC"]], options);
    const executed = answers.at(-1);
    if (Array.isArray(executed))
      return executed.map((answer, index) =>
        answer instanceof Error ? this.#refused(answer, ...named(commands[index])) : (answer as Answer),
      );
    const refused = answers.find((answer) => answer instanceof Error);
    if (refused instanceof Error) throw refused;
    throw new StoreError(`${this.url}: a transaction of ${commands.length} commands was not executed`);
  }

  async wait(
    places: ReadonlyMap<string, string>,
    { count, ...options }: WaitOptions & { readonly count?: number } = {},
  ): Promise<FoundEntries> {
    const amount = count === undefined ? [] : ["COUNT", count];
    const streams = ["STREAMS", ...places.keys(), ...places.values()];
    try {
      return await this.#lines.ask((left) => ["XREAD", ...amount, "BLOCK", left, ...streams], options);
    } catch (error) {
      options.signal?.throwIfAborted();
      throw this.#refused(error, "XREAD", [...places.keys()]);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#lines[Symbol.dispose]();
    // A client that waits for its next attempt to connect is ended by disconnect() without saying so.
    const connected = ["connecting", "connect", "ready", "close"].includes(this.#client.status);
    const ended = new Promise<void>((resolve) => (connected ? this.#client.once("end", () => resolve()) : resolve()));
    this.#client.disconnect();
    await ended;
  }

  async #line(): Promise<EntryLine> {
    const once = { maxRetriesPerRequest: 0, autoResendUnfulfilledCommands: false, retryStrategy: () => null };
    const client = this.#client.duplicate(once);
    client.on("error", () => {});
    try {
      await client.connect();
      // Of what ioredis sends by itself the answers come before this one.
      await client.ping();
      return new EntryLine(client);
    } catch (error) {
      client.disconnect();
      throw new LineLost((error as Error).message, { cause: error });
    }
  }

  #refused(error: unknown, name: string, args: readonly Argument[]): Error {
    const { message } = error as Error;
    if (
      error instanceof StoreError ||
      (error as Error).name === "AbortError" ||
      (error as Error).name === "TimeoutError"
    )
      return error as Error;
    const key = typeof args[0] === "string" ? ` ${args[0]}` : "";
    return new StoreError(`${this.url}: ${name}${key}: ${message}`, { cause: error });
  }
}

const named = (command: CommandLine | undefined): [string, readonly Argument[]] => [
  command?.[0] ?? "",
  command?.slice(1) ?? [],
];

const asBuffer = (argument: Argument): string | Buffer | number =>
  argument instanceof Uint8Array && !Buffer.isBuffer(argument)
    ? Buffer.from(argument.buffer, argument.byteOffset, argument.length)
    : (argument as string | Buffer | number);

function withoutPassword(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed || !/^rediss?:$/.test(parsed.protocol))
    throw new StoreError(`"${url}" is no address of a data stream: write redis://host:port`);
  if (parsed.password) parsed.password = "***";
  return parsed.href.replace(/\?.*$/, "");
}

/** blissdata's addresses may end in `?protocol=2`, which is for redis-py. */
const withoutQuery = (url: string): string => url.replace(/\?.*$/, "");

/** The promise, or the reason why it is no longer waited for. */
export async function abortable<T>(promise: Promise<T>, { signal, timeout }: CallOptions): Promise<T> {
  if (!signal && timeout === undefined) return promise;
  promise.catch(() => {});
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const stop = () => reject(signal?.reason);
  signal?.addEventListener("abort", stop, { once: true });
  const late = () => reject(new DOMException(`no answer within ${timeout} ms`, "TimeoutError"));
  const timer = timeout === undefined ? undefined : setTimeout(late, timeout);
  try {
    return await Promise.race([promise, stopped]);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", stop);
  }
}
