// SPDX-License-Identifier: MIT
// How a device class is written: an interface value and an open function that returns the handlers of its members.
import type { Blob, PipeElement, PipeValue } from "../idl/pipe-blobs.ts";
import type { DevStateName, Encoded, EncodedParts } from "../idl/tango-types.ts";
import type {
  Acceptable,
  AttributeDefinition,
  AttributesOf,
  AttributeValueOf,
  CommandDefinition,
  CommandInput,
  CommandOutput,
  CommandsOf,
  ForwardedDefinition,
  InterfaceDefinition,
  PipeDefinition,
  PipesOf,
  PropertyValues,
} from "../interface.ts";

export type Awaitable<T> = T | Promise<T>;

export type Quality = "VALID" | "INVALID" | "ALARM" | "CHANGING" | "WARNING";

/** Who is calling, as the wire tells it. */
export interface Caller {
  /** `host:port` of the connection. */
  readonly peer: string;
  /** Process id of a C++ or Python client, main class of a Java one, when the call carries it. */
  readonly pid?: number;
  readonly javaMainClass?: string;
}

/** The call a handler serves. */
export interface Call {
  /** Aborted when the client cancels or goes away, and when the device closes. */
  readonly signal: AbortSignal;
  readonly caller: Caller;
  /** W3C trace context of an IDL 6 call. */
  readonly traceParent?: string;
  readonly traceState?: string;
}

/** A value with its quality and time; made by `reading()`. A bare value is VALID and timed when the handler returns. */
export interface Reading<Value> {
  readonly [isReading]: true;
  /** Absent when the quality is INVALID. */
  readonly value?: Acceptable<Value>;
  readonly quality: Quality;
  /** Milliseconds since the epoch; fractions are kept. */
  readonly time?: number;
  /** From now on the set value of the attribute: where something else than a write has changed it. */
  readonly set?: Acceptable<Value>;
}
export const isReading: unique symbol = Symbol("bandoneon.reading");

export const reading = <Value>(
  value: Value,
  about: { readonly quality?: Quality; readonly time?: number; readonly set?: Acceptable<Value> } = {},
): Reading<Value> => ({ [isReading]: true, value: value as Acceptable<Value>, quality: "VALID", ...about });
/** No value: the attribute is ATTR_INVALID. */
export const invalid = (time?: number): Reading<never> => ({
  [isReading]: true,
  quality: "INVALID",
  ...(time === undefined ? {} : { time }),
});

type Read<Value> = (call: Call) => Awaitable<Acceptable<Value> | Reading<Value>>;
type Write<Value> = (value: Value, call: Call) => Awaitable<void>;
/** Whether the member may be used now; `request` tells a read from a write. */
type Allowed = (request: "read" | "write") => boolean;

/** How one attribute is served. READ: a function, or `{ read }`; READ_WRITE: `{ read, write }`; WRITE: `{ write }`. */
export type AttributeHandler<D> =
  D extends AttributeDefinition<infer V, infer A>
    ? A extends "READ" | "READ_WITH_WRITE"
      ? Read<V> | { readonly read: Read<V>; readonly allowed?: Allowed }
      : A extends "WRITE"
        ? Write<V> | { readonly write: Write<V>; readonly allowed?: Allowed }
        : { readonly read: Read<V>; readonly write: Write<V>; readonly allowed?: Allowed }
    : never;

/** What a command may answer; encoded bytes also in pieces. */
type Answer<Value> = Acceptable<Value> | (Value extends Encoded ? EncodedParts : never);
type Execute<D> =
  D extends CommandDefinition<infer _In, infer _Out>
    ? (argument: CommandInput<D>, call: Call) => Awaitable<Answer<CommandOutput<D>>>
    : never;
export type CommandHandler<D> = Execute<D> | { readonly execute: Execute<D>; readonly allowed?: () => boolean };

export interface PipeHandler {
  readonly read: (call: Call) => Awaitable<Blob>;
  readonly write?: (blob: Blob, call: Call) => Awaitable<void>;
  readonly allowed?: Allowed;
}

/** Everything the interface promises, plus optional hooks. What the device holds is released by `asyncDispose`. */
export type Handlers<I> = { readonly [A in keyof AttributesOf<I>]: AttributeHandler<AttributesOf<I>[A]> } & {
  readonly [C in keyof CommandsOf<I>]: CommandHandler<CommandsOf<I>[C]>;
} & { readonly [P in keyof PipesOf<I>]: PipeHandler } & DeviceHooks;

export interface DeviceHooks {
  /** Overrides the State every reader sees; by default `device.state` and the alarm algorithm. */
  readonly State?: () => Awaitable<DevStateName>;
  /** Overrides the Status text; by default `device.status`. */
  readonly Status?: () => Awaitable<string>;
  /** Called once before the attributes of one read_attributes call are read: fetch from the hardware here, once. */
  readonly beforeRead?: (names: readonly string[], call: Call) => Awaitable<void>;
  /** Called at Init, DevRestart and shutdown: stop what moves, release what is held. */
  readonly [Symbol.asyncDispose]?: () => Awaitable<void>;
}

/**
 * A long action a device owns: a move, an acquisition, a homing. It never runs inside the call that starts it, so the
 * call answers at once and Stop is never blocked.
 */
export interface Activity {
  readonly running: boolean;
  /**
   * Sets the device's state to the activity's, runs `action`, then restores `idle`; a throw puts the device in FAULT (or the
   * state the error carries) with the message in Status. `signal` is aborted by `stop()` and when the device closes.
   * @throws DevFailed API_CommandNotAllowed when the activity is running already; await `stop()` first to retarget.
   */
  start(action: (signal: AbortSignal) => Promise<void>): void;
  /** Aborts the action and waits until it has ended. Does nothing when none runs. */
  stop(reason?: unknown): Promise<void>;
  /** Resolves when the current action has ended, however it ended. */
  readonly ended: Promise<void>;
}

export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
  fatal(message: string): void;
}

type ValueIn<I, A extends keyof AttributesOf<I>> = AttributeValueOf<AttributesOf<I>[A]>;

/** What an open function is given: the device as Tango sees it. */
export interface Device<I = InterfaceDefinition> {
  /** `domain/family/member`, in the database's spelling. */
  readonly name: string;
  /** `Server/instance`. */
  readonly server: string;
  readonly properties: PropertyValues<I>;
  readonly log: Log;
  /** Aborted when the device closes (Init, DevRestart, shutdown). */
  readonly signal: AbortSignal;

  /** Setting it pushes a change event of State when someone listens. */
  state: DevStateName;
  status: string;

  /** A named long action; see Activity. `idle` is the state afterwards, default "ON". */
  activity(state: DevStateName, options?: { readonly idle?: DevStateName }): Activity;

  /** The class's own properties, by name. */
  readonly classProperties: Readonly<Record<string, unknown>>;

  /** Sends change (and, where enabled, alarm) events of an attribute declared with events.change "pushed" or "checked". */
  push<A extends keyof AttributesOf<I> & string>(
    attribute: A,
    value: Acceptable<ValueIn<I, A>> | Reading<ValueIn<I, A>>,
  ): void;
  pushError(attribute: string, error: unknown): void;
  pushArchive<A extends keyof AttributesOf<I> & string>(
    attribute: A,
    value: Acceptable<ValueIn<I, A>> | Reading<ValueIn<I, A>>,
  ): void;
  pushDataReady(attribute: string, counter: number): void;
  /** A user event, with filterable names as cppTango has them ignored. */
  pushUser<A extends keyof AttributesOf<I> & string>(
    attribute: A,
    value: Acceptable<ValueIn<I, A>> | Reading<ValueIn<I, A>>,
  ): void;

  /**
   * Polls an attribute or command whose polling has period 0 (triggered): its value goes to the cache, the history and, where
   * it has changed, the listeners. It is read as soon as it is the device's turn: after the handler that asks for it.
   * @throws DevFailed when it is not polled, or polled at a period of its own.
   */
  triggerPolling(name: string): void;

  pushPipe(pipe: string, blob: Blob): void;

  /** Changes an attribute's configuration from code (limits that follow the hardware); sends attr_conf events. */
  configure(attribute: string, options: { minValue?: number; maxValue?: number; unit?: string; label?: string }): void;

  /** Adds an attribute, command or pipe while the device lives; disposing removes it. */
  attach<D extends AttributeDefinition>(name: string, definition: D, handler: AttributeHandler<D>): Disposable;
  attach<D extends CommandDefinition>(name: string, definition: D, handler: CommandHandler<D>): Disposable;
  attach(name: string, definition: PipeDefinition, handler: PipeHandler): Disposable;
  attach(name: string, definition: ForwardedDefinition): Disposable;

  /** Reads and writes device properties in the database (settings that survive; memorised attributes need none of this). */
  readProperty(name: string): Promise<readonly string[] | undefined>;
  /** Without values the property is removed. */
  writeProperty(name: string, values: readonly string[]): Promise<void>;

  /** Other devices of the same server process, by name or alias, for classes that work together (e.g. plugins). */
  sibling(name: string): Device | undefined;
}

export type Open<I> = (device: Device<I>) => Awaitable<Handlers<I>>;

export interface DeviceClass<I extends InterfaceDefinition = InterfaceDefinition> {
  readonly definition: I;
  readonly open: Open<I>;
}
export type { Blob, Encoded, PipeElement, PipeValue };
