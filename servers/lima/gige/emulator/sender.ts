// SPDX-License-Identifier: MIT
// Sends the emulated camera's images as GVSP packets, and keeps the last ones to send them again.
import type { Socket } from "node:dgram";
import type { ResendRequest } from "../gvcp.ts";
import { encodePacket, packetOverhead, type StreamPacket } from "../gvsp.ts";
import { statuses } from "../status-table.ts";
import type { View } from "./picture.ts";
import type { PacketPlace, Weather } from "./weather.ts";

export interface Destination {
  readonly address: string;
  readonly port: number;
  /** Bytes with all headers. */
  readonly packetSize: number;
}

export interface Image {
  readonly block: bigint;
  readonly view: View;
  readonly timestamp: bigint;
  readonly data: Uint8Array;
}

/** Bytes of images that can be asked for again. */
const kept = 64 << 20;
/** Packets sent in one go, and bytes in a millisecond: those of a Gigabit link, which receivers are made for. */
const [burst, linkSpeed] = [8, 120_000];

export class Sender {
  readonly #socket: Socket;
  readonly #weather: Weather;
  readonly #extended: boolean;
  readonly #images = new Map<bigint, { readonly packets: readonly StreamPacket[]; readonly to: Destination }>();
  /** Where the last image went. */
  #to: Destination | undefined;
  #held: (() => void) | undefined;
  /** Packets sent because they were asked for. */
  resent = 0;

  constructor(socket: Socket, weather: Weather, extended: boolean) {
    this.#socket = socket;
    this.#weather = weather;
    this.#extended = extended;
  }

  async send(image: Image, to: Destination): Promise<void> {
    const packets = this.#packetsOf(image, to);
    this.#images.set(image.block, { packets, to });
    const most = Math.max(2, Math.floor(kept / image.data.length));
    for (const block of this.#images.keys()) if (this.#images.size > most) this.#images.delete(block);
    this.#to = to;
    const start = performance.now();
    for (const [i, packet] of packets.entries()) {
      this.#one(packet, to, false);
      const due = start + ((i + 1) * to.packetSize) / linkSpeed;
      if (i % burst === burst - 1)
        do await new Promise<void>((resolve) => setImmediate(resolve));
        while (performance.now() < due);
    }
  }

  /** Answers on the stream channel, packet by packet. */
  resend({ block, first, last, extended }: ResendRequest): void {
    const gone = (packet: number): StreamPacket => {
      return { kind: "unavailable", block, packet, extended, status: statuses.packetUnavailable };
    };
    const image = this.#images.get(block);
    if (!image) {
      if (this.#to) this.#raw(gone(first), this.#to);
      return;
    }
    const { packets, to } = image;
    for (let number = first; number <= Math.min(last, packets.length - 1); number++) {
      const packet = packets[number] as StreamPacket;
      this.resent++;
      if (!this.#weather.forget({ block, packet: number, resent: true })) this.#one(packet, to, true);
      else this.#raw(gone(number), to);
    }
  }

  /** A packet of this size with nothing in it. */
  test({ address, port, packetSize }: Destination): void {
    if (!this.#weather.unplugged) this.#socket.send(new Uint8Array(packetSize - 28), port, address, () => {});
  }

  forgetAll(): void {
    this.#images.clear();
  }

  #packetsOf({ block, view, timestamp, data }: Image, { packetSize }: Destination): readonly StreamPacket[] {
    const extended = this.#extended;
    const size = packetSize - packetOverhead(extended);
    const { width, height, offsetX, offsetY, pixelFormat } = view;
    const count = Math.ceil(data.length / size);
    const at = { block, extended };
    return [
      { kind: "leader", ...at, packet: 0, timestamp, pixelFormat, width, height, offsetX, offsetY, paddingX: 0, paddingY: 0 },
      ...Array.from({ length: count }, (_, i) => ({
        ...{ kind: "data" as const, ...at, packet: i + 1 },
        data: data.subarray(i * size, (i + 1) * size),
      })),
      { kind: "trailer", ...at, packet: count + 1, height },
    ]; // biome-ignore format: a list
  }

  #one(packet: StreamPacket, to: Destination, resent: boolean): void {
    const place: PacketPlace = { block: packet.block, packet: packet.packet, resent };
    const weather = this.#weather;
    if (weather.lose(place)) return;
    const send = () => {
      this.#raw(packet, to, resent);
      if (weather.duplicate(place)) this.#raw(packet, to, resent);
    };
    const held = this.#held;
    this.#held = undefined;
    if (weather.delay(place)) this.#held = send;
    else send();
    held?.();
  }

  #raw(packet: StreamPacket, { address, port }: Destination, resent = false): void {
    if (!this.#weather.unplugged) this.#socket.send(encodePacket(packet, { resent }), port, address, () => {});
  }
}
