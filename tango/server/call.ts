// SPDX-License-Identifier: MIT
// The call a handler serves, made cheaply: most handlers never look at it.
import type { Identity } from "./device/identity.ts";
import type { Call, Caller } from "./types.ts";

/** Where a call comes from. */
export interface Origin {
  readonly peer: string;
  readonly signal: AbortSignal;
}

export class ServedCall implements Call {
  readonly identity: Identity | undefined;
  readonly #origin: Origin;
  readonly #device: AbortSignal;
  #signal: AbortSignal | undefined;

  constructor(origin: Origin, device: AbortSignal, identity?: Identity) {
    this.identity = identity;
    this.#origin = origin;
    this.#device = device;
  }

  get signal(): AbortSignal {
    this.#signal ??= AbortSignal.any([this.#origin.signal, this.#device]);
    return this.#signal;
  }
  get caller(): Caller {
    const client = this.identity?.client;
    return {
      peer: this.#origin.peer,
      ...(client?.kind === "cpp" && { pid: client.pid }),
      ...(client?.kind === "java" && { javaMainClass: client.mainClass }),
    };
  }
  get traceParent(): string {
    return this.identity?.traceParent ?? "";
  }
  get traceState(): string {
    return this.identity?.traceState ?? "";
  }
}

/** A call the server makes itself: polling, memorised values, the State algorithm. */
export const ownCall = (device: AbortSignal): ServedCall => new ServedCall({ peer: "", signal: device }, device);
