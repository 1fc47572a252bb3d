// SPDX-License-Identifier: MIT
// Makes images of stream packets: finds the holes, says which packets to ask for again, gives up what does not come, and
// gives blocks in order. It does no I/O and has no clock.
import { PartialBlock } from "./block.ts";
import type { ResendRequest } from "./gvcp.ts";
import { type Leader, packetOverhead, type StreamPacket } from "./gvsp.ts";

export type BlockEnd =
  | { readonly kind: "whole"; readonly number: number; readonly leader: Leader; readonly data: Uint8Array<ArrayBuffer> }
  | { readonly kind: "lost"; readonly number: number; readonly why: string };

export interface BlocksOptions {
  /** Bytes of an image as the device announced it. */
  readonly imageSize: number;
  /** Bytes of a full packet with all its headers. */
  readonly packetSize: number;
  /** Whether the device sends packets again. */
  readonly resend: boolean;
}

export interface StreamStatistics {
  packets: number;
  /** Packets that came twice. */
  duplicates: number;
  /** Datagrams that were no packet of an image. */
  broken: number;
  /** Packets asked for again. */
  resendsAsked: number;
  whole: number;
  lost: number;
}

/** Milliseconds: a packet that is overtaken is waited for; silence after which the rest is missing; between two requests. */
const [reorder, silence, again] = [3, 20, 60];
/** Requests for the same packets, and milliseconds without any packet until a block is given up. */
const [mostRequests, patience] = [6, 400];
/** Blocks that are unfinished or wait for one; more are not kept. */
const mostBlocks = 32;
/** A block number further away from the newest is no number of this stream. */
const farthest = 100_000;

export class Blocks {
  readonly statistics: StreamStatistics = { packets: 0, duplicates: 0, broken: 0, resendsAsked: 0, whole: 0, lost: 0 };
  readonly #options: BlocksOptions;
  readonly #partial = new Map<number, PartialBlock>();
  /** Number of the block that is given next. */
  #next = 0;
  #newest: { readonly number: number; readonly block: bigint } | undefined;

  constructor(options: BlocksOptions) {
    this.#options = options;
  }

  /** Whether something is waited for. */
  get waiting(): boolean {
    return this.#partial.size > 0;
  }

  /** @throws Error when the image is larger than announced. */
  take(packet: StreamPacket, now: number): void {
    this.statistics.packets++;
    const number = this.#numberOf(packet);
    if (number === undefined) this.statistics.broken++;
    if (number === undefined || number < this.#next) return; // of no block, or one that is done
    const block = this.#blockAt(number, packet, now);
    block.heard = now;
    if (packet.kind === "unavailable") {
      block.hopeless = true;
      return;
    }
    const fresh =
      packet.kind === "leader"
        ? block.takeLeader(packet)
        : packet.kind === "data"
          ? block.takeData(packet)
          : packet.packet > block.highest;
    if (packet.kind === "trailer") block.takeTrailer(packet.packet);
    if (!fresh) this.statistics.duplicates++;
    // A packet that was overtaken comes a moment later: it is asked for when it does not.
    if (packet.packet > block.highest + 1) block.askAt = Math.min(block.askAt, now + reorder);
    block.highest = Math.max(block.highest, Math.min(packet.packet, block.end));
  }

  /** What is to be asked for now. */
  requests(now: number): ResendRequest[] {
    const requests: ResendRequest[] = [];
    for (const block of this.#partial.values()) {
      if (block.whole || block.hopeless || block.asked >= mostRequests || !this.#options.resend) continue;
      const silent = now - block.heard >= silence || this.#newest?.number !== block.number;
      if (silent) block.askAt = Math.min(block.askAt, block.asked === 0 ? now : block.askAt);
      if (now < block.askAt) continue;
      const holes = [...block.holes(silent ? block.end : block.highest)];
      block.askAt = holes.length > 0 ? now + again : Number.POSITIVE_INFINITY;
      if (holes.length === 0) continue;
      block.asked++;
      for (const { first, last } of holes) {
        this.statistics.resendsAsked += last - first + 1;
        requests.push({ block: block.block, extended: block.extended, first, last });
      }
    }
    return requests;
  }

  /** The next block in order, when it is whole or given up. */
  next(now: number): BlockEnd | undefined {
    if (!this.#partial.has(this.#next)) this.#skip();
    const block = this.#partial.get(this.#next);
    if (!block) return undefined;
    if (!block.whole && !this.#givenUp(block, now)) return undefined;
    this.#partial.delete(this.#next);
    const number = this.#next++;
    if (block.whole && block.leader) {
      this.statistics.whole++;
      return { kind: "whole", number, leader: block.leader, data: block.data };
    }
    this.statistics.lost++;
    return { kind: "lost", number, why: `${block.missing} of ${block.end} packets did not come` };
  }

  /** More blocks were lost at once than are kept. */
  #skip(): void {
    if (this.#partial.size === 0) return;
    const first = Math.min(...this.#partial.keys());
    this.statistics.lost += first - this.#next;
    this.#next = first;
  }

  #givenUp(block: PartialBlock, now: number): boolean {
    if (block.hopeless || this.#partial.size > mostBlocks) return true;
    const tried = !this.#options.resend || block.asked >= mostRequests;
    return now - block.heard >= patience || (tried && now - block.heard >= silence && now >= block.askAt);
  }

  /** The block, made with those before it of which no packet came. */
  #blockAt(number: number, { block, extended }: StreamPacket, now: number): PartialBlock {
    const there = this.#partial.get(number);
    if (there) return there;
    const { imageSize, packetSize } = this.#options;
    const packetData = Math.max(1, packetSize - packetOverhead(extended));
    for (let each = Math.max(this.#next, number - mostBlocks); each <= number; each++) {
      if (this.#partial.has(each)) continue;
      const at = { number: each, block: before(block, number - each, extended), extended };
      this.#partial.set(each, new PartialBlock(at, imageSize, packetData, now));
    }
    return this.#partial.get(number) as PartialBlock;
  }

  /** The first block seen is 0. 16-bit numbers wrap from 65535 to 1. */
  #numberOf({ block, extended }: StreamPacket): number | undefined {
    this.#newest ??= { number: 0, block };
    const { number, block: newest } = this.#newest;
    const difference = Number(block - newest);
    const step = extended ? difference : ((((difference + 32767) % 65535) + 65535) % 65535) - 32767;
    if (Math.abs(step) > farthest) return undefined;
    if (step > 0) this.#newest = { number: number + step, block };
    return number + step;
  }
}

/** The block `count` before. */
function before(block: bigint, count: number, extended: boolean): bigint {
  if (extended) return block - BigInt(count);
  return BigInt((((Number(block) - 1 - count) % 65535) + 65535) % 65535) + 1n;
}
