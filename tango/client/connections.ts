// SPDX-License-Identifier: MIT
// The ways to server processes: one for each, shared by all its devices, opened when first needed.
import type { Minor, Profile } from "../giop/index.ts";
import { addressesOf, ClientConnection } from "../giop/index.ts";
import type { Address, Transport } from "../transport/index.ts";
import { describeAddress } from "../transport/index.ts";
import { Lines } from "./lines.ts";

export interface ConnectionsOptions {
  /** What carries TCP addresses. */
  readonly transport: Transport;
  /** What carries unix-socket addresses; without it they are not used. */
  readonly local?: Transport | undefined;
  /** This host's name, by which servers offer their unix sockets. */
  readonly hostname: string;
}

export class Connections implements AsyncDisposable {
  readonly #options: ConnectionsOptions;
  readonly #open = new Map<string, Promise<Lines>>();
  #disposed = false;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** How many servers are connected to, or being so. */
  get size(): number {
    return this.#open.size;
  }

  /** The way to a profile's server: its unix socket when it is on this host, its addresses one after the other. */
  async to(profile: Profile, timeout: number): Promise<Lines> {
    const { local, hostname } = this.#options;
    const addresses = addressesOf(profile, local ? hostname : undefined);
    let failure: unknown;
    for (const address of addresses) {
      try {
        return await this.#lines(address, profile.minor, timeout);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  #lines(address: Address, minor: Minor, timeout: number): Promise<Lines> {
    if (this.#disposed) throw new Error("the control system has been disposed of");
    const key = `1.${minor}@${describeAddress(address)}`;
    const known = this.#open.get(key);
    if (known) return known;
    const transport = "path" in address ? (this.#options.local ?? this.#options.transport) : this.#options.transport;
    const open = () => ClientConnection.open(transport, address, { minor, timeout });
    const opening = open().then((connection) => new Lines(connection, open));
    const forget = () => {
      if (this.#open.get(key) === opening) this.#open.delete(key);
    };
    this.#open.set(key, opening);
    opening.then((lines) => lines.closed.then(forget), forget);
    return opening;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    const closing = [...this.#open.values()].map((opening) =>
      opening.then(
        (lines) => lines[Symbol.asyncDispose](),
        () => {},
      ),
    );
    await Promise.all(closing);
  }
}
