// SPDX-License-Identifier: MIT
// What a command is: one entry of a table. The tables of this folder together are all the store answers.
import type { Keyspace } from "../keyspace.ts";
import type { Protocol, Reply } from "../reply.ts";
import { CommandError } from "../reply.ts";
import type { SearchIndexes } from "../search-index.ts";

/** What commands see of the store. */
export interface StoreState {
  readonly keyspace: Keyspace;
  readonly indexes: SearchIndexes;
  /** Function libraries: name -> source text. */
  readonly libraries: Map<string, string>;
  readonly settings: Settings;
  /** Who is told of every command. */
  readonly monitors: Set<Connection>;
  /** Numbers for INFO, by section. */
  report(): Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  /** Writes the journal anew, without what is no longer there. */
  rewriteJournal(): void;
  /** Ends the store. */
  shutdown(): void;
}
/** What CONFIG SET may change. */
export interface Settings {
  /** Bytes of data after which commands that add data are refused; 0: no limit. */
  maxMemory: number;
  /** Everything else CONFIG GET knows. */
  readonly other: Map<string, string>;
}

/** What commands see of the connection they came from. */
export interface Connection {
  readonly id: number;
  readonly address: string;
  protocol: Protocol;
  name: string;
  authorised: boolean;
  /** Undefined: none is needed. */
  readonly password: string | undefined;
  /** Sends something nobody asked for. */
  push(reply: Reply): void;
  /** Closes the connection after this reply. */
  quit(): void;
  /** Back to the state of a new connection. */
  reset(): void;
}

/** A command that waits: `retry` is called after each of `keys` changed, until it gives a reply. */
export interface Wait {
  readonly keys: readonly string[];
  /** Milliseconds, 0: for ever. */
  readonly timeout: number;
  readonly retry: () => Reply | undefined;
  readonly timedOut: Reply;
}
export class Waiting {
  readonly wait: Wait;
  constructor(wait: Wait) {
    this.wait = wait;
  }
}

export interface Call {
  /** Without the command's name. */
  readonly args: readonly Buffer[];
  readonly store: StoreState;
  readonly connection: Connection;
}

export interface Command {
  /** Number of arguments with the name; negative: at least so many. */
  readonly arity: number;
  /** "write" changes data, "add" may also need memory and is refused when there is none left. */
  readonly effect?: "write" | "add";
  readonly run: (call: Call) => Reply | Waiting;
}
/** By upper-case name. */
export type CommandTable = Readonly<Record<string, Command>>;

export const syntaxError = (): CommandError => new CommandError("ERR syntax error");

/** A key: one character a byte. */
export const keyOf = (argument: Buffer): string => argument.toString("latin1");
export const textOf = (argument: Buffer): string => argument.toString("utf8");
export const upper = (argument: Buffer | undefined): string => argument?.toString("latin1").toUpperCase() ?? "";

/** A 64-bit integer that a JavaScript number holds exactly. */
export function integerOf(argument: Buffer | undefined, what = "value"): number {
  const text = argument?.toString("latin1") ?? "";
  const value = Number(text);
  if (!/^[+-]?\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new CommandError(`ERR ${what} is not an integer or out of range`);
  return value;
}

/** Reads options one by one. */
export class Options {
  readonly #args: readonly Buffer[];
  #at: number;
  constructor(args: readonly Buffer[], from: number) {
    this.#args = args;
    this.#at = from;
  }
  get left(): number {
    return this.#args.length - this.#at;
  }
  /** The next option in upper case, or undefined at the end. */
  next(): string | undefined {
    return this.left > 0 ? upper(this.#args[this.#at++]) : undefined;
  }
  peek(): string {
    return upper(this.#args[this.#at]);
  }
  /** Takes the word when it is next. */
  take(word: string): boolean {
    const taken = this.peek() === word;
    if (taken) this.#at++;
    return taken;
  }
  value(): Buffer {
    const value = this.#args[this.#at++];
    if (!value) throw syntaxError();
    return value;
  }
  integer(): number {
    return integerOf(this.value());
  }
  rest(): readonly Buffer[] {
    const rest = this.#args.slice(this.#at);
    this.#at = this.#args.length;
    return rest;
  }
}
