// SPDX-License-Identifier: MIT
// What an operation knows of the request it serves.
import type { ClntIdent } from "../../idl/index.ts";
import { type Origin, ServedCall } from "../call.ts";
import type { ServedDevice } from "../device/device.ts";
import { type Identity, identityOf } from "../device/identity.ts";

export class OperationContext {
  readonly device: ServedDevice;
  readonly origin: Origin;
  #identity: Identity | undefined;

  constructor(device: ServedDevice, origin: Origin, ident: ClntIdent | undefined) {
    this.device = device;
    this.origin = origin;
    this.#identity = ident && identityOf(ident, origin.peer);
  }

  /** Who calls; undefined for clients of the first three interfaces. */
  get identity(): Identity | undefined {
    return this.#identity;
  }
  get call(): ServedCall {
    return new ServedCall(this.origin, this.device.signal, this.#identity);
  }

  /** Refuses what changes the device when somebody else has locked it. */
  checkLock(origin: string): void {
    this.device.lock.check(this.#identity, `Device_Impl::${origin}`);
  }
}
