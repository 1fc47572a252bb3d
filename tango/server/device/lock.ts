// SPDX-License-Identifier: MIT
// A device may be locked by one client: others then read it, but neither write nor command it.
import { type DevFailed, devFailed } from "../../errors.ts";
import { type Identity, sameClient } from "./identity.ts";

interface Held {
  readonly by: Identity;
  readonly validity: number;
  /** When it ends unless the client locks again: steady milliseconds. */
  expires: number;
  /** Locks minus unlocks. */
  count: number;
}

/** Commands anybody may execute on a locked device, lower case. */
const alwaysAllowed = new Set(["state", "status"]);

export class DeviceLock {
  readonly #device: string;
  readonly #now: () => number;
  #held: Held | undefined;
  /** Whose lock was broken by force: told so at its next calls, until it unlocks. */
  #broken: Identity | undefined;

  constructor(device: string, now: () => number = () => performance.now()) {
    this.#device = device;
    this.#now = now;
  }

  get holder(): Identity | undefined {
    if (this.#held && this.#now() > this.#held.expires) this.#held = undefined;
    return this.#held?.by;
  }

  /** How long it is held: seconds after each renewal, and the milliseconds that are left. Undefined when it is not. */
  get term(): { readonly validity: number; readonly left: number } | undefined {
    if (!this.holder || !this.#held) return undefined;
    return { validity: this.#held.validity, left: this.#held.expires - this.#now() };
  }

  /** @param validity seconds until the lock ends unless it is renewed. */
  lock(by: Identity, validity: number): void {
    const holder = this.holder;
    if (holder && !sameClient(holder, by)) throw this.#refused("already locked by another client", "Device_Impl::lock");
    const expires = this.#now() + validity * 1000;
    this.#held = { by, validity, expires, count: (this.#held?.count ?? 0) + 1 };
    if (this.#broken && sameClient(this.#broken, by)) this.#broken = undefined;
  }

  /** Renews the lock. */
  relock(by: Identity): void {
    const holder = this.holder;
    if (!holder || !this.#held) {
      const problem = `${this.#device}: Device ${this.#device} is not locked. Can't re-lock it`;
      throw devFailed("API_DeviceNotLocked", problem, "Device_Impl::relock");
    }
    if (!sameClient(holder, by)) throw this.#refused("already locked by another client", "Device_Impl::relock");
    this.#held.expires = this.#now() + this.#held.validity * 1000;
  }

  /** Undoes one lock, or with `force` all of them, whoever holds them; returns how many are left. */
  unlock(by: Identity, force: boolean): number {
    if (this.#broken && sameClient(this.#broken, by)) this.#broken = undefined;
    const holder = this.holder;
    if (!holder || !this.#held) return 0;
    if (!sameClient(holder, by) && !force) {
      throw this.#refused("locked by another client, can't unlock it", "Device_Impl::unlock");
    }
    this.#held.count = force ? 0 : this.#held.count - 1;
    if (this.#held.count > 0) return this.#held.count;
    if (!sameClient(holder, by)) this.#broken = holder;
    this.#held = undefined;
    return 0;
  }

  /** @throws DevFailed when somebody else holds the lock, or the caller's lock was broken. */
  check(by: Identity | undefined, origin: string): void {
    if (this.#broken && by && sameClient(this.#broken, by)) {
      const problem = `Device ${this.#device} has been unlocked by an administrative client!!!`;
      throw devFailed("API_DeviceUnlocked", problem, origin);
    }
    const holder = this.holder;
    if (holder && !(by && sameClient(holder, by))) throw this.#refused("locked by another client", origin);
  }

  /** Like `check`, for a command; `allowed`: names in lower case that anybody may execute. */
  checkCommand(command: string, by: Identity | undefined, allowed: ReadonlySet<string>, origin: string): void {
    const key = command.toLowerCase();
    if (!alwaysAllowed.has(key) && !allowed.has(key)) this.check(by, origin);
  }

  #refused(what: string, origin: string): DevFailed {
    return devFailed("API_DeviceLocked", `Device ${this.#device} is ${what}`, origin);
  }

  /** For DevLockStatus. */
  status(): { readonly lvalue: Int32Array; readonly svalue: readonly string[] } {
    const holder = this.holder;
    if (!holder) {
      return {
        lvalue: new Int32Array(6),
        svalue: [`Device ${this.#device} is not locked`, "Not defined", "Not defined"],
      };
    }
    const { client } = holder;
    if (client.kind === "cpp") {
      const text = `Device ${this.#device} is locked by CPP or Python client with PID ${client.pid} from host ${holder.peer}`;
      return { lvalue: Int32Array.of(1, client.pid, 0, 0, 0, 0), svalue: [text, holder.peer, "Not defined"] };
    }
    const text = `Device ${this.#device} is locked by Java client with main class ${client.mainClass} from host ${holder.peer}`;
    const words = client.uuid.flatMap((part) => [
      Number(BigInt.asIntN(32, part >> 32n)),
      Number(BigInt.asIntN(32, part)),
    ]);
    return { lvalue: Int32Array.of(1, 0, ...words), svalue: [text, holder.peer, client.mainClass] };
  }
}
