// SPDX-License-Identifier: MIT
// The receiving end of a stream channel: a UDP socket and the images that arrive at it. It runs in a thread of its own, so
// that packets are taken while the server computes.
import { type BlockEnd, Blocks, type BlocksOptions, type StreamStatistics } from "./blocks.ts";
import { type Datagrams, openDatagrams } from "./datagrams.ts";
import { commands, encodeCommand, encodeResend, flags, type ResendRequest } from "./gvcp.ts";
import { decodePacket, type StreamPacket } from "./gvsp.ts";

export interface ReceiverOptions {
  /** The address of this machine that the device sends to. */
  readonly localAddress: string;
  /** Where packets are asked for again. */
  readonly device: { readonly address: string; readonly port: number };
  /** Images that may wait to be taken; what comes beyond is lost, and said so. */
  readonly queue: number;
}

export interface ReceiverEvents {
  readonly onBlock: (end: BlockEnd, statistics: StreamStatistics) => void;
  readonly onFailure: (error: Error) => void;
}

/** Bytes the system may keep of what has not been read yet; it may allow less. */
const receiveBuffer = 32 << 20;
/** Bytes of IP and UDP headers. */
const datagramOverhead = 28;
/** Milliseconds between two looks for what is missing. */
const period = 5;

/** @throws Error when the address is not one of this machine. */
export async function openReceiver(options: ReceiverOptions, events: ReceiverEvents): Promise<Receiver> {
  const { localAddress } = options;
  const receiver: { open?: Receiver } = {};
  const datagrams = await openDatagrams(
    { localAddress, receiveBuffer },
    { onDatagrams: (all) => receiver.open?.receive(all), onFailure: events.onFailure },
  );
  return (receiver.open = new Receiver(datagrams, options, events));
}

export class Receiver {
  readonly #datagrams: Datagrams;
  readonly #options: ReceiverOptions;
  readonly #events: ReceiverEvents;
  #blocks: Blocks | undefined;
  /** Told of each datagram while a test packet is waited for. */
  #tested: ((bytes: Uint8Array) => void) | undefined;
  /** Images given that have not been taken. */
  #outstanding = 0;
  #requestId = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(datagrams: Datagrams, options: ReceiverOptions, events: ReceiverEvents) {
    this.#datagrams = datagrams;
    this.#options = options;
    this.#events = events;
  }

  get port(): number {
    return this.#datagrams.port;
  }

  /** Forgets what has come; images are of this size from now on. */
  begin(options: BlocksOptions): void {
    this.#blocks = new Blocks(options);
    this.#outstanding = 0;
    this.#datagrams.listen(true);
  }

  /** Nothing is expected until the next beginning. */
  end(): void {
    this.#datagrams.listen(false);
  }

  /** Somebody has taken an image. */
  taken(): void {
    this.#outstanding = Math.max(0, this.#outstanding - 1);
  }

  /** Whether a datagram of `size` bytes (with IP and UDP headers) comes within `wait` milliseconds. */
  testPacket(size: number, wait: number): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const timer = setTimeout(() => resolve(false), wait);
    this.#blocks = undefined;
    this.#tested = (bytes) => bytes.length === size - datagramOverhead && resolve(true);
    this.#datagrams.listen(true);
    return promise.finally(() => {
      clearTimeout(timer);
      this.#tested = undefined;
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#blocks = undefined;
    this.#datagrams.close();
  }

  /** Takes datagrams, in order. */
  receive(datagrams: readonly Uint8Array[]): void {
    for (const bytes of datagrams) this.#tested?.(bytes);
    const blocks = this.#blocks;
    if (!blocks) return;
    const now = performance.now();
    try {
      for (const bytes of datagrams) takePacket(blocks, bytes, now);
      this.#look(blocks);
    } catch (error) {
      this.#events.onFailure(error as Error);
    }
  }

  /** Passes on what is finished; looks again while something is missing. */
  #look(blocks: Blocks): void {
    const now = performance.now();
    for (let end = blocks.next(now); end; end = blocks.next(now)) this.#give(end, blocks.statistics);
    if (!blocks.waiting) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      if (blocks !== this.#blocks) return;
      for (const request of blocks.requests(performance.now())) this.#askAgain(request);
      this.#look(blocks);
    }, period);
  }

  #give(end: BlockEnd, statistics: StreamStatistics): void {
    const { queue } = this.#options;
    this.#outstanding++;
    if (this.#outstanding <= queue) {
      this.#events.onBlock(end, statistics);
      return;
    }
    if (end.kind === "whole") statistics.lost++;
    const why = `${queue} images wait to be processed already`;
    if (this.#outstanding === queue + 1) this.#events.onBlock({ kind: "lost", number: end.number, why }, statistics);
    else this.#outstanding--;
  }

  /** Packets come on the stream, or not at all. */
  #askAgain(request: ResendRequest): void {
    this.#requestId = (this.#requestId % 0xffff) + 1;
    const bytes = encodeCommand({
      command: commands.packetResend,
      flags: request.extended ? flags.extendedIds : 0,
      id: this.#requestId,
      payload: encodeResend(request),
    });
    const { address, port } = this.#options.device;
    this.#datagrams.send(bytes, port, address);
  }
}

function takePacket(blocks: Blocks, bytes: Uint8Array, now: number): void {
  let packet: StreamPacket;
  try {
    packet = decodePacket(bytes);
  } catch {
    blocks.statistics.broken++;
    return;
  }
  blocks.take(packet, now);
}
