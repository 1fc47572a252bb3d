// SPDX-License-Identifier: MIT
// The way to one device: found when first needed, found again when it broke, the same for all calls in between.
import { type DevFailed, devFailed } from "../errors.ts";
import type { ObjectReference, Profile } from "../giop/index.ts";
import { SystemException, systemException } from "../giop/index.ts";
import type { ClntIdent, IdlVersion, OperationArgs, OperationName, OperationResult } from "../idl/index.ts";
import { interfaceId, operations } from "../idl/index.ts";
import type { Permission } from "./access-control.ts";
import type { Connections } from "./connections.ts";
import type { Deed } from "./failures.ts";
import { corba, failure, isDisconnection } from "./failures.ts";
import { clientIdent } from "./identity.ts";
import type { Lines } from "./lines.ts";

export interface CallOptions {
  /** Stops the waiting, and tells the server that nobody waits (CancelRequest): the device goes on with what it does. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait for the reply; `Infinity` for ever. */
  readonly timeout?: number | undefined;
}

/** A device that has been found and is there. */
export interface Live {
  readonly connection: Lines;
  readonly key: Uint8Array;
  readonly version: IdlVersion;
  /** Who calls now: it changes with the trace that a call is part of. */
  readonly ident: ClntIdent;
}

export interface RouteOptions {
  /** The device's name, as errors are to show it. */
  readonly name: string;
  /** Finds the device's reference, in the database or by its name. */
  readonly locate: (signal?: AbortSignal) => Promise<ObjectReference>;
  readonly connections: Connections;
  /** What a device that cannot be connected to is reported as. */
  readonly unreachable: (error: SystemException) => { readonly reason: string; readonly desc: string };
  /** Milliseconds for connecting. */
  readonly connectTimeout: number;
  /** Milliseconds after a failed attempt within which no other is made. */
  readonly retryDelay: number;
  /** Rejects what the user may not do; absent where no access control reaches. */
  readonly permit?: ((permission: Permission, origin: string) => Promise<void>) | undefined;
}

const CONNECT = "Connection::connect";

export class DeviceRoute {
  readonly name: string;
  readonly #options: RouteOptions;
  #live: Live | undefined;
  #connecting: Promise<Live> | undefined;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(options: RouteOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** What is known of the device now, without asking. */
  get live(): Live | undefined {
    return this.#live?.connection.isOpen ? this.#live : undefined;
  }

  /** Forgets the way, so that the next call finds it anew. */
  reset(): void {
    this.#live = undefined;
    this.#failedAt = Number.NEGATIVE_INFINITY;
  }

  /**
   * Does `job` on the device, connecting first where needed. A connection that broke before the request was carried out,
   * or in the middle of a repeatable one, costs one more attempt, not an error.
   * @throws DevFailed in the words of the C++ client; what aborted `options.signal`.
   */
  async run<T>(deed: Deed, options: CallOptions, job: (live: Live) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      let live: Live | undefined;
      try {
        live = this.live ?? (await this.#connected(options.signal));
        const { permit } = this.#options;
        if (permit && deed.permission) {
          await abandonable(permit(deed.permission, deed.origin), options.signal);
        }
        return await job(live);
      } catch (error) {
        if (isDisconnection(error)) {
          if (this.#live === live) this.#live = undefined;
          if (attempt === 1 && (deed.repeatable || error.completed === "NO")) continue;
        }
        throw failure(error, this.name, deed, options.timeout);
      }
    }
  }

  /** Connects if need be. */
  async connect(options: CallOptions = {}): Promise<Live> {
    return this.live ?? (await this.#connected(options.signal));
  }

  /** One attempt at a time, shared by all who wait; a waiter that gives up leaves the others waiting. */
  #connected(signal: AbortSignal | undefined): Promise<Live> {
    if (!this.#connecting) {
      const { retryDelay } = this.#options;
      if (performance.now() - this.#failedAt < retryDelay) return Promise.reject(delayed(this.name, retryDelay));
      const attempt = this.#attempt().finally(() => {
        this.#connecting = undefined;
      });
      attempt.then(
        (live) => {
          this.#live = live;
          this.#failedAt = Number.NEGATIVE_INFINITY;
        },
        () => {
          this.#failedAt = performance.now();
        },
      );
      this.#connecting = attempt;
    }
    return abandonable(this.#connecting, signal);
  }

  async #attempt(): Promise<Live> {
    const reference = await this.#options.locate();
    let problem: unknown = systemException("TRANSIENT_NoUsableProfile");
    for (const profile of reference.profiles) {
      try {
        return await this.#reach(profile, reference.typeId);
      } catch (error) {
        problem = error;
      }
    }
    throw problem instanceof SystemException ? this.#unreachable(inOmniOrbsWords(problem)) : problem;
  }

  async #reach(profile: Profile, typeId: string): Promise<Live> {
    const { connections, connectTimeout: timeout } = this.#options;
    const connection = await connections.to(profile, timeout);
    const { key } = profile;
    const version = versionIn(typeId) ?? (await askVersion(connection, key, timeout));
    const gone = await connection.invoke(key, "_non_existent", () => {}, { timeout });
    if (gone.boolean()) throw systemException("OBJECT_NOT_EXIST_NoMatch");
    return {
      connection,
      key,
      version,
      get ident() {
        return clientIdent(version);
      },
    };
  }

  #unreachable(error: SystemException): DevFailed {
    const { reason, desc } = this.#options.unreachable(error);
    return corba(error, CONNECT).within(reason, desc, CONNECT);
  }
}

/** A host whose name nobody knows is no connection that failed, but no way at all. */
function inOmniOrbsWords(error: SystemException): SystemException {
  const cause = error.cause as NodeJS.ErrnoException | undefined;
  if (!["ENOTFOUND", "EAI_AGAIN"].includes(cause?.code ?? "")) return error;
  return systemException("TRANSIENT_NoUsableProfile", "NO", { cause, detail: cause?.message ?? "" });
}

/** Calls one operation with the codecs of its table row. */
export async function invoke<N extends OperationName>(
  { connection, key }: Live,
  options: CallOptions,
  name: N,
  args: OperationArgs<N>,
): Promise<OperationResult<N>> {
  const { args: codecs, result } = operations[name];
  const reply = await connection.invoke(
    key,
    name,
    (writer) => {
      for (let index = 0; index < codecs.length; index++) codecs[index]!.write(writer, args[index] as never);
    },
    options.timeout === Number.POSITIVE_INFINITY ? { signal: options.signal } : options,
  );
  return result.read(reply) as OperationResult<N>;
}

function versionIn(typeId: string): IdlVersion | undefined {
  const found = /^IDL:Tango\/Device(?:_(\d+))?:/.exec(typeId);
  return found ? (Math.min(Number(found[1] ?? 1), 6) as IdlVersion) : undefined;
}

/** Asks a device that only a name is known of for its version, newest first. */
async function askVersion(connection: Lines, key: Uint8Array, timeout: number): Promise<IdlVersion> {
  for (const version of [6, 5, 4, 3, 2, 1] as const) {
    const id = interfaceId(version);
    const reply = await connection.invoke(key, "_is_a", (writer) => writer.string(id), { timeout });
    if (reply.boolean()) return version;
  }
  throw devFailed("API_CantConnectToDevice", "What answers is not a Tango device", CONNECT);
}

const delayed = (name: string, delay: number): DevFailed =>
  devFailed(
    "API_CantConnectToDevice",
    `Failed to connect to device ${name}\nThe connection request was delayed.\n` +
      `The last connection request was done less than ${delay} ms ago`,
    "Connection::reconnect",
  );

/** `work`, or the reason of `signal` when that comes first; `work` itself goes on. */
export function abandonable<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  if (signal.aborted) return Promise.reject(signal.reason);
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
