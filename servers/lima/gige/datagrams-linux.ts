// SPDX-License-Identifier: MIT
// UDP through Linux' own calls: one call takes as many packets as have come. Node's sockets cost some 6 us a packet, which is
// more than a camera needs to send one; this costs a fifth of it. Layouts: recvmmsg(2), ip(7), of 64-bit machines.
import { createRequire } from "node:module";
import type { DatagramEvents, DatagramOptions, Datagrams } from "./datagrams.ts";

type Koffi = typeof import("koffi");
type Call = (...args: unknown[]) => number;

const declarations = {
  socket: "int socket(int domain, int type, int protocol)",
  bind: "int bind(int fd, const void *address, uint32_t length)",
  setsockopt: "int setsockopt(int fd, int level, int option, const void *value, uint32_t length)",
  getsockname: "int getsockname(int fd, void *address, void *length)",
  recvmmsg: "int recvmmsg(int fd, void *messages, unsigned int count, int flags, void *timeout)",
  sendto: "int64_t sendto(int fd, const void *bytes, uint64_t length, int flags, const void *address, uint32_t size)",
  poll: "int poll(void *descriptors, uint64_t count, int milliseconds)",
  close: "int close(int fd)",
} as const;
type Libc = Readonly<Record<keyof typeof declarations, Call>> & { readonly koffi: Koffi };

const [internet, datagram, closeOnExec, doNotWait] = [2, 2, 0x80000, 0x40];
const [socketLevel, receiveBufferOption, receiveBufferForced] = [1, 8, 33];
const readable = 1;
/** Packets taken in one call, and the bytes each may have: more than the largest stream packet. */
const [batch, slot] = [64, 16_384];
/** Bytes of struct mmsghdr and where its length is; of struct iovec; of struct sockaddr_in. */
const [messageBytes, lengthAt, vectorBytes, addressBytes] = [64, 56, 16, 16];
/** Milliseconds the thread sleeps at most while nothing comes: other things are told to it in between. */
const nap = 2;

/** Undefined where this system has no such calls, or koffi is not installed. @throws Error when the socket cannot be made. */
export function linuxDatagrams(options: DatagramOptions, events: DatagramEvents): Datagrams | undefined {
  const libc = process.platform === "linux" && ["x64", "arm64"].includes(process.arch) ? load() : undefined;
  return libc && new LinuxDatagrams(libc, boundSocket(libc, options), events);
}

function load(): Libc | undefined {
  try {
    const koffi = createRequire(import.meta.url)("koffi") as Koffi;
    const library = koffi.load("libc.so.6");
    const calls = Object.entries(declarations).map(([name, declaration]) => [name, library.func(declaration)]);
    return { koffi, ...Object.fromEntries(calls) } as Libc;
  } catch {
    return undefined;
  }
}

function boundSocket(libc: Libc, { localAddress, receiveBuffer }: DatagramOptions): number {
  const fd = libc.socket(internet, datagram | closeOnExec, 0);
  if (fd < 0) throw new Error(`no UDP socket: error ${libc.koffi.errno()}`);
  const size = Int32Array.of(receiveBuffer);
  // Those who may (CAP_NET_ADMIN) are not bound to net.core.rmem_max.
  if (libc.setsockopt(fd, socketLevel, receiveBufferForced, size, 4) < 0)
    libc.setsockopt(fd, socketLevel, receiveBufferOption, size, 4);
  if (libc.bind(fd, socketAddress(localAddress, 0), addressBytes) === 0) return fd;
  const error = libc.koffi.errno();
  libc.close(fd);
  throw new Error(`UDP ${localAddress} cannot be listened to: error ${error}`);
}

/** struct sockaddr_in. @throws Error for what is no IPv4 address */
function socketAddress(address: string, port: number): Uint8Array {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || !parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255))
    throw new Error(`"${address}" is no IPv4 address`);
  const bytes = new Uint8Array(addressBytes);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, internet, true);
  view.setUint16(2, port);
  bytes.set(parts, 4);
  return bytes;
}

class LinuxDatagrams implements Datagrams {
  readonly port: number;
  readonly #libc: Libc;
  readonly #fd: number;
  readonly #events: DatagramEvents;
  readonly #messages = new Uint8Array(batch * messageBytes);
  readonly #lengths = new DataView(this.#messages.buffer);
  readonly #vectors = new Uint8Array(batch * vectorBytes);
  readonly #packets = new Uint8Array(batch * slot);
  /** struct pollfd. */
  readonly #waiting = new Int32Array(2);
  #listening = false;
  #turning = false;
  #closed = false;

  constructor(libc: Libc, fd: number, events: DatagramEvents) {
    this.#libc = libc;
    this.#fd = fd;
    this.#events = events;
    this.#waiting.set([fd, readable]);
    this.#layOut();
    const own = new Uint8Array(addressBytes);
    libc.getsockname(fd, own, Uint32Array.of(addressBytes));
    this.port = new DataView(own.buffer).getUint16(2);
  }

  /** Each message has one vector, each vector one slot for a packet. */
  #layOut(): void {
    const { koffi } = this.#libc;
    const [packets, vectors] = [koffi.address(this.#packets), koffi.address(this.#vectors)];
    const vector = new DataView(this.#vectors.buffer);
    for (let i = 0; i < batch; i++) {
      vector.setBigUint64(i * vectorBytes, packets + BigInt(i * slot), true);
      vector.setBigUint64(i * vectorBytes + 8, BigInt(slot), true);
      this.#lengths.setBigUint64(i * messageBytes + 16, vectors + BigInt(i * vectorBytes), true);
      this.#lengths.setBigUint64(i * messageBytes + 24, 1n, true);
    }
  }

  listen(on: boolean): void {
    this.#listening = on;
    if (on && !this.#turning) setImmediate(() => this.#turn());
    this.#turning ||= on;
  }

  /** Takes what has come, lets the thread do other things, and comes back. */
  #turn(): void {
    if (this.#closed || !this.#listening) {
      this.#turning = false;
      if (this.#closed) this.#libc.close(this.#fd);
      return;
    }
    try {
      if (this.#take() === 0) this.#libc.poll(this.#waiting, 1, nap);
    } catch (error) {
      this.#events.onFailure(error as Error);
    }
    setImmediate(() => this.#turn());
  }

  #take(): number {
    const count = this.#libc.recvmmsg(this.#fd, this.#messages, batch, doNotWait, null);
    if (count <= 0) return 0;
    const datagrams = Array.from({ length: count }, (_, i) => {
      const length = this.#lengths.getUint32(i * messageBytes + lengthAt, true);
      return this.#packets.subarray(i * slot, i * slot + length);
    });
    this.#events.onDatagrams(datagrams);
    return count;
  }

  send(bytes: Uint8Array, port: number, address: string): void {
    if (this.#closed) return;
    this.#libc.sendto(this.#fd, bytes, bytes.length, doNotWait, socketAddress(address, port), addressBytes);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    if (!this.#turning) this.#libc.close(this.#fd);
  }
}
