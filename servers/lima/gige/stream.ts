// SPDX-License-Identifier: MIT
// The stream channel of one GigE Vision device: a UDP socket, and the images that arrive at it.
import { createSocket, type Socket } from "node:dgram";
import { type BlockEnd, Blocks, type BlocksOptions, type StreamStatistics } from "./blocks.ts";
import type { ResendRequest } from "./gvcp.ts";
import { decodePacket, type StreamPacket } from "./gvsp.ts";

export interface StreamOptions {
  /** The address of this machine that the device sends to. */
  readonly localAddress: string;
  /** Images that may wait to be taken; what comes beyond is lost, and said so. */
  readonly queue: number;
  readonly resend: (request: ResendRequest) => void;
}

export interface ImageStream extends AsyncDisposable {
  readonly port: number;
  readonly statistics: StreamStatistics;
  /** Forgets what has come; images are of this size from now on. */
  begin(options: BlocksOptions): void;
  /** Whether a datagram of `size` bytes (with IP and UDP headers) comes within `wait` milliseconds. */
  testPacket(size: number, wait: number): Promise<boolean>;
  /** The next image, or the loss of one. Undefined when `signal` is aborted first. @throws Error when the stream is broken. */
  next(signal: AbortSignal): Promise<BlockEnd | undefined>;
}

/** Bytes the system may keep of what has not been read yet; it may allow less. */
const receiveBuffer = 32 << 20;
/** Bytes of IP and UDP headers. */
const datagramOverhead = 28;
/** Milliseconds between two looks for what is missing. */
const period = 5;

export async function openStream(options: StreamOptions): Promise<ImageStream> {
  const socket = createSocket({ type: "udp4", recvBufferSize: receiveBuffer });
  await new Promise<void>((resolve, reject) => {
    socket.once("error", reject);
    socket.bind(0, options.localAddress, resolve);
  });
  return new UdpStream(socket, options);
}

class UdpStream implements ImageStream {
  readonly port: number;
  readonly #socket: Socket;
  readonly #options: StreamOptions;
  readonly #ready: BlockEnd[] = [];
  #blocks = new Blocks({ imageSize: 1, packetSize: 1, resend: false });
  #begun = false;
  #timer: NodeJS.Timeout | undefined;
  #failure: Error | undefined;
  #wake: () => void = () => {};

  constructor(socket: Socket, options: StreamOptions) {
    this.port = socket.address().port;
    this.#socket = socket;
    this.#options = options;
    socket.removeAllListeners("error");
    socket.on("error", (error) => this.#fail(error));
    socket.on("message", (bytes) => this.#receive(bytes));
  }

  get statistics(): StreamStatistics {
    return this.#blocks.statistics;
  }

  begin(options: BlocksOptions): void {
    this.#blocks = new Blocks(options);
    this.#ready.length = 0;
    this.#failure = undefined;
    this.#begun = true;
  }

  testPacket(size: number, wait: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const came = (bytes: Uint8Array) => bytes.length === size - datagramOverhead && resolve(true);
    const timer = setTimeout(() => resolve(false), wait);
    this.#begun = false;
    this.#socket.on("message", came);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#socket.off("message", came);
    });
  }

  async next(signal: AbortSignal): Promise<BlockEnd | undefined> {
    for (;;) {
      const ready = this.#ready.shift();
      if (ready) return ready;
      if (this.#failure) throw this.#failure;
      if (signal.aborted) return undefined;
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#wake = resolve;
      const aborted = () => resolve();
      signal.addEventListener("abort", aborted, { once: true });
      await promise;
      signal.removeEventListener("abort", aborted);
    }
  }

  #receive(bytes: Uint8Array): void {
    if (!this.#begun) return;
    let packet: StreamPacket;
    try {
      packet = decodePacket(bytes);
    } catch {
      this.statistics.broken++;
      return;
    }
    try {
      this.#blocks.take(packet, performance.now());
      this.#look();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  /** Passes on what is finished; looks again while something is missing. */
  #look(): void {
    const now = performance.now();
    for (let end = this.#blocks.next(now); end; end = this.#blocks.next(now)) this.#give(end);
    if (!this.#blocks.waiting) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      for (const request of this.#blocks.requests(performance.now())) this.#options.resend(request);
      this.#look();
    }, period);
  }

  #give(end: BlockEnd): void {
    const { queue } = this.#options;
    if (this.#ready.length < queue) this.#ready.push(end);
    else if (this.#ready.length === queue) {
      this.statistics.lost++;
      this.#ready.push({ kind: "lost", number: end.number, why: `${queue} images wait to be processed already` });
    } else this.statistics.lost++;
    this.#wake();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer);
    this.#fail(new Error("the stream is closed"));
    await new Promise<void>((resolve) => this.#socket.close(resolve));
  }
}
