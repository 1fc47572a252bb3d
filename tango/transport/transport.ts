// SPDX-License-Identifier: MIT
// The seam between GIOP and what carries its bytes.

export interface TcpAddress {
  readonly host: string;
  readonly port: number;
}
export interface PathAddress {
  readonly path: string;
}
export type Address = TcpAddress | PathAddress;

/** What a channel tells its owner. */
export interface Receiver {
  /** Bytes have come. They belong to the receiver. */
  data(bytes: Uint8Array): void;
  /** Where it would like the next bytes to be read to, because it knows how many are to come; a channel need not ask. */
  room?(): Uint8Array | undefined;
  /** All that was written has been taken by the operating system. */
  drained(): void;
  /** Nothing more comes or goes; called once. */
  closed(error?: Error): void;
}

/** A connected stream of bytes. */
export interface Channel {
  /** The other end: "host:port", or the path of the socket. */
  readonly peer: string;
  /** Called once, at once: begins to receive. */
  start(receiver: Receiver): void;
  /** Sends blocks in one go, without copying; returns the bytes that are waiting for the other end to read. */
  write(chunks: readonly Uint8Array[]): number;
  /** Stops or resumes receiving. */
  flow(on: boolean): void;
  /** Closes after what was written has been sent; with `now`, at once. */
  close(now?: boolean): void;
}

export interface Listener extends AsyncDisposable {
  /** Where it listens: the port that was chosen when port 0 was asked for. */
  readonly address: Address;
}

export interface Transport {
  connect(address: Address, options?: { readonly signal?: AbortSignal | undefined }): Promise<Channel>;
  listen(address: Address, onChannel: (channel: Channel) => void): Promise<Listener>;
}

export const describeAddress = (address: Address): string =>
  "path" in address
    ? address.path
    : `${address.host.includes(":") ? `[${address.host}]` : address.host}:${address.port}`;
