// SPDX-License-Identifier: MIT
import { describe, expect, test } from "vitest";
import { type BlockEnd, Blocks, type BlocksOptions } from "../../../../servers/lima/gige/blocks.ts";
import { decodePacket, type Leader, type StreamPacket } from "../../../../servers/lima/gige/gvsp.ts";
import { bytesOfHex, fuzzed, recorded } from "./recorded.ts";

/** 8 x 5 bytes in packets of 12 bytes: four data packets, the last with 4. */
const options: BlocksOptions = { imageSize: 40, packetSize: 36 + 12, resend: true };

function image(block: bigint, extended = false): StreamPacket[] {
  const at = { block, extended };
  const leader: Leader = {
    ...{ kind: "leader", ...at, packet: 0, timestamp: block * 10n, pixelFormat: 0x01080001, width: 8, height: 5 },
    ...{ offsetX: 0, offsetY: 0, paddingX: 0, paddingY: 0 },
  };
  const bytes = Uint8Array.from({ length: 40 }, (_, i) => i + Number(block));
  const data = [0, 1, 2, 3].map((i) => ({
    ...{ kind: "data" as const, ...at, packet: i + 1 },
    data: bytes.slice(12 * i, 12 * (i + 1)),
  }));
  return [leader, ...data, { kind: "trailer", ...at, packet: 5, height: 5 }];
}

const without = (packets: readonly StreamPacket[], ...numbers: readonly number[]) =>
  packets.filter(({ packet }) => !numbers.includes(packet));

/** What comes out when `packets` arrive at one moment, and what is asked for `later` milliseconds afterwards. */
function stream(packets: readonly StreamPacket[], later = 0, more: Partial<BlocksOptions> = {}) {
  const blocks = new Blocks({ ...options, ...more });
  for (const packet of packets) blocks.take(packet, 0);
  const requests = blocks.requests(later).map(({ block, first, last }) => `${block}: ${first}-${last}`);
  const drain = (now: number) => {
    const ends: BlockEnd[] = [];
    for (let end = blocks.next(now); end; end = blocks.next(now)) ends.push(end);
    return ends.map((end) => (end.kind === "whole" ? `whole ${end.number}` : `lost ${end.number}: ${end.why}`));
  };
  return { blocks, requests, drain };
}

describe("images of a stream", () => {
  test("as recorded from Aravis", () => {
    const blocks = new Blocks({ imageSize: 2400, packetSize: 576, resend: false });
    for (const hex of recorded.image.packets) blocks.take(decodePacket(bytesOfHex(hex)), 0);
    const end = blocks.next(0);
    if (end?.kind !== "whole") throw new Error("not whole");
    const sent = recorded.image.packets.filter((hex) => hex.slice(8, 10) === "03").map((hex) => hex.slice(16));
    expect(Buffer.from(end.data).toString("hex")).toBe(sent.join(""));
  });

  test("chunks behind the image, fewer than were announced: whole with the trailer, also when that overtakes the leader", () => {
    const [leader, ...rest] = image(1n);
    const at = { block: 1n, extended: false };
    const image40 = rest.slice(0, 3);
    const mixed: StreamPacket = { kind: "data", ...at, packet: 4, data: new Uint8Array(12).fill(9) };
    const chunk: StreamPacket = { kind: "data", ...at, packet: 5, data: new Uint8Array(2).fill(9) };
    const trailer: StreamPacket = { kind: "trailer", ...at, packet: 6, height: 5 };
    const packets = [leader as StreamPacket, ...image40, mixed, chunk, trailer];
    for (const order of [packets, [trailer, ...packets]])
      expect(stream(order, 0, { imageSize: 200 }).drain(0)).toEqual(["whole 0"]);
    const { requests } = stream(without(packets, 2), 30, { imageSize: 200 });
    expect(requests).toEqual(["1: 2-2"]);
  });

  test("in order, backwards, twice: whole all the same", () => {
    const packets = image(1n);
    for (const order of [packets, packets.toReversed(), packets.flatMap((each) => [each, each])]) {
      const { blocks } = stream(order);
      const end = blocks.next(0);
      expect(end).toMatchObject({ kind: "whole", number: 0, leader: { timestamp: 10n } });
      if (end?.kind === "whole") expect(end.data).toEqual(Uint8Array.from({ length: 40 }, (_, i) => i + 1));
      expect(blocks.waiting).toBe(false);
    }
  });

  test("duplicates are counted", () => {
    const packets = image(1n).slice(0, 4);
    expect(stream(packets.flatMap((each) => [each, each])).blocks.statistics).toMatchObject({
      packets: 8,
      duplicates: 4,
    });
  });

  test("a hole is asked for after a moment, not at once: it may have been overtaken", () => {
    const packets = without(image(1n), 2, 3);
    expect(stream(packets, 1).requests).toEqual([]);
    expect(stream(packets, 4).requests).toEqual(["1: 2-3"]);
  });

  test("several holes, the leader, the end after a silence", () => {
    expect(stream(without(image(1n), 0, 2), 4).requests).toEqual(["1: 0-0", "1: 2-2"]);
    expect(stream(without(image(1n), 3, 4, 5), 4).requests).toEqual([]);
    expect(stream(without(image(1n), 3, 4, 5), 20).requests).toEqual(["1: 3-4"]);
  });

  test("what is asked for comes, and the image is whole", () => {
    const { blocks, requests, drain } = stream(without(image(1n), 2), 4);
    expect(requests).toEqual(["1: 2-2"]);
    expect(drain(4)).toEqual([]);
    blocks.take(image(1n)[2] as StreamPacket, 5);
    expect(drain(5)).toEqual(["whole 0"]);
    expect(blocks.statistics).toMatchObject({ resendsAsked: 1, whole: 1, lost: 0 });
  });

  test("asked six times in vain, or not to be asked at all: lost, with what is missing", () => {
    const { blocks, drain } = stream(without(image(1n), 2), 4);
    let asked = 1;
    for (let now = 5; now < 600; now += 5) {
      asked += blocks.requests(now).length;
      if (now < 240) expect(drain(now).length).toBe(0);
    }
    expect(asked).toBe(6);
    expect(drain(600)).toEqual(["lost 0: 1 of 5 packets did not come"]);
    expect(stream(without(image(1n), 2, 4), 0, { resend: false }).drain(30)).toEqual([
      "lost 0: 2 of 5 packets did not come",
    ]);
  });

  test("the camera no longer has the packet: lost at once", () => {
    const gone: StreamPacket = { kind: "unavailable", block: 1n, extended: false, packet: 2, status: 0x800c };
    expect(stream([...without(image(1n), 2), gone]).drain(0)).toEqual(["lost 0: 1 of 5 packets did not come"]);
  });

  test("images come in order: a later one waits for the one before", () => {
    const { blocks, requests, drain } = stream([...without(image(1n), 4), ...image(2n)], 1);
    expect(requests).toEqual(["1: 4-4"]);
    expect(drain(1)).toEqual([]);
    blocks.take(image(1n)[4] as StreamPacket, 2);
    expect(drain(2)).toEqual(["whole 0", "whole 1"]);
  });

  test("an image of which nothing came is asked for as a whole, and told lost", () => {
    const { requests, drain } = stream([...image(1n), ...image(3n)], 1);
    expect(requests).toEqual(["2: 0-4"]);
    expect(drain(1)).toEqual(["whole 0"]);
    expect(drain(500)).toEqual(["lost 1: 5 of 5 packets did not come", "whole 2"]);
  });

  test("16-bit numbers go from 65535 to 1, 64-bit ones on", () => {
    expect(stream([...image(65535n), ...image(1n), ...image(2n)]).drain(0)).toEqual(["whole 0", "whole 1", "whole 2"]);
    expect(stream([...image(65535n), ...image(2n)], 30).requests).toEqual(["1: 0-4"]);
    const far = { packetSize: 48 + 12 };
    const packets = [0xffff_ffffn, 0x1_0000_0000n].flatMap((block) => image(block, true));
    expect(stream(packets, 0, far).drain(0)).toEqual(["whole 0", "whole 1"]);
  });

  test("what never ends is bounded: the oldest of more than 32 unfinished images is given up", () => {
    const packets = Array.from({ length: 40 }, (_, i) => without(image(BigInt(i + 1)), 1)).flat();
    const { blocks, drain } = stream(packets);
    expect(drain(0).length).toBe(8);
    expect(blocks.waiting).toBe(true);
  });

  test("a jump over more images than are kept counts those between as lost", () => {
    const { blocks, drain } = stream([...image(1n), ...image(100n)]);
    expect(drain(0)[0]).toBe("whole 0");
    drain(1000);
    expect(blocks.statistics.whole + blocks.statistics.lost).toBe(100);
  });

  test("a larger image than announced is refused", () => {
    const leader = { ...(image(1n)[0] as Leader), height: 6 };
    expect(() => stream([leader])).toThrow("an image of 8 x 6 (48 bytes) came, 40 bytes were announced");
    expect(() => stream([{ ...leader, width: 0xffff_ffff, height: 0xffff_ffff }])).toThrow("is no image");
  });

  test("no packet makes it crash or grow", () => {
    const blocks = new Blocks({ imageSize: 2400, packetSize: 576, resend: true });
    let now = 0;
    for (const hex of recorded.image.packets)
      for (const bytes of fuzzed(bytesOfHex(hex), 300)) {
        try {
          blocks.take(decodePacket(bytes), now);
        } catch (error) {
          expect((error as Error).message).toMatch(/bytes|image|short|packet|header/);
        }
        blocks.requests(now);
        while (blocks.next(now));
        now++;
      }
    for (; blocks.waiting && now < 1e6; now += 10) {
      blocks.requests(now);
      while (blocks.next(now));
    }
    expect(blocks.waiting).toBe(false);
  });
});
