// SPDX-License-Identifier: MIT
// One block of a GVSP stream while its packets arrive, in any order, some twice, some never.
import type { DataPacket, Leader } from "./gvsp.ts";
import { bitsOfFormat } from "./pixel-format-table.ts";

/** No image is larger: what says so is broken. */
const largestImage = 1 << 30;

export class PartialBlock {
  /** Position in the stream, from 0. */
  readonly number: number;
  readonly block: bigint;
  readonly extended: boolean;
  leader: Leader | undefined;
  /** When the last packet of it came; when what is missing is asked for next. Milliseconds. */
  heard: number;
  askAt = Number.POSITIVE_INFINITY;
  asked = 0;
  /** The device does not have what is missing. */
  hopeless = false;
  /** Every packet up to here has been sent by the device. */
  highest = -1;
  readonly #packetData: number;
  #received: Uint8Array;
  #trailer = Number.POSITIVE_INFINITY;
  readonly #size: number;
  /** Made with the first packet: of a block that is lost as a whole nothing is kept. */
  #data: Uint8Array<ArrayBuffer> | undefined;
  #missing: number;

  /** `size`: bytes of an image as the device announced it; `packetData`: those of a full data packet. */
  constructor(at: { number: number; block: bigint; extended: boolean }, size: number, packetData: number, now: number) {
    ({ number: this.number, block: this.block, extended: this.extended } = at);
    this.heard = now;
    this.#packetData = packetData;
    this.#size = size;
    this.#missing = Math.ceil(size / packetData);
    this.#received = new Uint8Array(this.#missing + 1);
  }

  /** Number of the trailer. */
  get end(): number {
    return this.#received.length;
  }
  get whole(): boolean {
    return this.leader !== undefined && this.#missing === 0;
  }
  /** Packets that have not come, leader and data. */
  get missing(): number {
    return this.#missing + (this.leader ? 0 : 1);
  }
  get data(): Uint8Array<ArrayBuffer> {
    return (this.#data ??= new Uint8Array(this.#size));
  }

  /** False: it came before. @throws Error when the image is not of the size that was announced. */
  takeLeader(leader: Leader): boolean {
    if (this.leader) return false;
    const size = imageSize(leader);
    if (size > this.#size)
      throw new Error(
        `an image of ${leader.width} x ${leader.height} (${size} bytes) came, ${this.#size} bytes were announced`,
      );
    this.leader = leader;
    this.#received[0] = 1;
    this.#shorten();
    return true;
  }

  /** False: it came before, or is none of this block's. */
  takeData({ packet, data }: DataPacket): boolean {
    const at = (packet - 1) * this.#packetData;
    const room = Math.min(this.#packetData, this.#size - at);
    const length = Math.min(room, this.#atLeast(at, room));
    if (packet < 1 || room <= 0 || data.length < length || this.#received[packet] === 1) return false;
    this.data.set(data.length > room ? data.subarray(0, room) : data, at);
    this.#received[packet] = 1;
    this.#missing--;
    return true;
  }

  /** Bytes the packet at `at` must have: those of the image; of what follows it there may be fewer than announced. */
  #atLeast(at: number, room: number): number {
    return this.leader ? Math.max(0, Math.min(room, imageSize(this.leader) - at)) : room;
  }

  /** `packet`: the trailer's number, which says how many packets were sent. */
  takeTrailer(packet: number): void {
    this.#trailer = packet;
    this.#shorten();
  }

  /** A device may send less than it announced when other data (chunks) follow the image: what was not sent is not missing. */
  #shorten(): void {
    if (!this.leader || this.#trailer >= this.#received.length) return;
    const last = this.#trailer - 1;
    if (last * this.#packetData < imageSize(this.leader)) return;
    this.#received = this.#received.subarray(0, this.#trailer);
    this.#missing = 0;
    for (let each = 1; each <= last; each++) if (this.#received[each] !== 1) this.#missing++;
  }

  /** Ranges of packets up to `last` that have not come, both ends included. */
  *holes(last: number): Generator<{ first: number; last: number }> {
    let first = -1;
    const end = Math.min(last, this.#received.length - 1);
    for (let packet = 0; packet <= end; packet++) {
      const there = this.#received[packet] === 1;
      if (!there && first < 0) first = packet;
      if (there && first >= 0) {
        yield { first, last: packet - 1 };
        first = -1;
      }
    }
    if (first >= 0) yield { first, last: end };
  }
}

/** Bytes of the image a leader announces. @throws Error for one that nobody has. */
export function imageSize({ width, height, paddingX, paddingY, pixelFormat }: Leader): number {
  // Lines are packed one after the other: only with padding does each begin at a byte.
  const bits = bitsOfFormat(pixelFormat);
  const pixels =
    paddingX > 0 ? height * (Math.ceil((width * bits) / 8) + paddingX) : Math.ceil((width * height * bits) / 8);
  if (!(pixels > 0 && pixels <= largestImage)) throw new Error(`an image of ${width} x ${height} pixels is no image`);
  return pixels + paddingY;
}
