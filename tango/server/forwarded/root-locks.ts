// SPDX-License-Identifier: MIT
// Nobody goes round the lock of a device: as long as it is locked, this server locks the roots of its forwarded attributes.
import type { DeviceProxy, DeviceLock as HeldLock } from "../../client/index.ts";
import type { DeviceLock } from "../device/lock.ts";

/** Proxies of the devices that have the roots, by what connects to them. */
export type RootDevices = ReadonlyMap<string, DeviceProxy>;

/** The shortest validity a client may ask for, in seconds. */
const SHORTEST = 2;

export class RootLocks implements AsyncDisposable {
  readonly #lock: DeviceLock;
  readonly #held = new Map<string, HeldLock>();
  /** What was asked for before: one thing happens at a time. */
  #last: Promise<void> = Promise.resolve();
  #watch: NodeJS.Timeout | undefined;

  /** @param lock of the device whose roots these are. */
  constructor(lock: DeviceLock) {
    this.#lock = lock;
  }

  /** Locks those that are not yet. @throws DevFailed when one refuses: then those locked by this call are free again. */
  hold(roots: RootDevices): Promise<void> {
    return this.#inTurn(async () => {
      const { term } = this.#lock;
      if (!term) return;
      await using undo = new AsyncDisposableStack();
      for (const [name, root] of roots) {
        if (this.#held.has(name)) continue;
        this.#held.set(name, await root.lock({ validity: Math.max(SHORTEST, term.validity) }));
        undo.defer(() => this.#free(name));
      }
      undo.move();
      this.#follow();
    });
  }

  /** Frees all of them, if the device is free. A root whose server is away frees itself. */
  release(): Promise<void> {
    if (this.#held.size === 0) return this.#last;
    return this.#inTurn(async () => {
      if (this.#lock.term) return;
      await this.#freeAll();
    });
  }

  /** The lock of a client that is gone ends, and theirs with it. */
  #follow(): void {
    clearTimeout(this.#watch);
    const { term } = this.#lock;
    if (this.#held.size === 0) return;
    this.#watch = setTimeout(() => (this.#lock.term ? this.#follow() : void this.release()), (term?.left ?? 0) + 1);
    this.#watch.unref();
  }

  async #freeAll(): Promise<void> {
    clearTimeout(this.#watch);
    await Promise.all([...this.#held.keys()].map((name) => this.#free(name)));
  }

  async #free(name: string): Promise<void> {
    const held = this.#held.get(name);
    this.#held.delete(name);
    try {
      await held?.[Symbol.asyncDispose]();
    } catch {
      // Its server is away, or somebody broke the lock: it is not ours any more.
    }
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#last.then(work);
    this.#last = turn.catch(() => {});
    return turn;
  }

  /** Frees all, locked or not: the device closes. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inTurn(() => this.#freeAll());
  }
}
