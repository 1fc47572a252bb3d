// SPDX-License-Identifier: MIT
// Connections to server processes: one for each, shared by all its devices, opened when first needed.
import type { Minor, Profile } from "../giop/index.ts";
import { addressesOf, ClientConnection } from "../giop/index.ts";
import type { Address, Transport } from "../transport/index.ts";
import { describeAddress } from "../transport/index.ts";

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
  readonly #open = new Map<string, Promise<ClientConnection>>();
  #disposed = false;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
  }

  /** How many connections are open or being opened. */
  get size(): number {
    return this.#open.size;
  }

  /** The connection to a profile's server: its unix socket when it is on this host, its addresses one after the other. */
  async to(profile: Profile, timeout: number): Promise<ClientConnection> {
    const { local, hostname } = this.#options;
    const addresses = addressesOf(profile, local ? hostname : undefined);
    let failure: unknown;
    for (const address of addresses) {
      try {
        return await this.#connection(address, profile.minor, timeout);
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  #connection(address: Address, minor: Minor, timeout: number): Promise<ClientConnection> {
    if (this.#disposed) throw new Error("the control system has been disposed of");
    const key = `1.${minor}@${describeAddress(address)}`;
    const known = this.#open.get(key);
    if (known) return known;
    const transport = "path" in address ? (this.#options.local ?? this.#options.transport) : this.#options.transport;
    const opening = ClientConnection.open(transport, address, { minor, timeout });
    const forget = () => {
      if (this.#open.get(key) === opening) this.#open.delete(key);
    };
    this.#open.set(key, opening);
    opening.then((connection) => connection.closed.then(forget), forget);
    return opening;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true;
    const closing = [...this.#open.values()].map((opening) =>
      opening.then(
        (connection) => connection[Symbol.asyncDispose](),
        () => {},
      ),
    );
    await Promise.all(closing);
  }
}
