// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { decodePacket, encodePacket, GvspBroken, type StreamPacket } from "../../../../servers/lima/gige/gvsp.ts";
import { bytesOfHex, fuzzed, recorded } from "./recorded.ts";

const packets = recorded.image.packets.map(bytesOfHex);

test("an image as a camera of Aravis sends it", () => {
  const [leader, ...rest] = packets.map(decodePacket);
  expect(leader).toEqual({
    ...{ kind: "leader", block: 0xff79n, extended: false, packet: 0, timestamp: 1795526602732633000n },
    ...{ pixelFormat: 0x01100007, width: 40, height: 30, offsetX: 0, offsetY: 0, paddingX: 0, paddingY: 0 },
  });
  expect(rest.map(({ kind, packet }) => `${kind} ${packet}`)).toEqual([
    ...["data 1", "data 2", "data 3", "data 4", "data 5", "trailer 6"],
  ]);
  const sizes = rest.map((packet) => (packet.kind === "data" ? packet.data.length : 0));
  expect(sizes.reduce((sum, size) => sum + size)).toBe(2 * 40 * 30);
  // Its trailer says 0 lines: everything else is encoded as it was.
  for (const bytes of packets.slice(0, -1)) expect(encodePacket(decodePacket(bytes))).toEqual(bytes);
});

test("64-bit block numbers", () => {
  const leader = { ...decodePacket(packets[0] as Uint8Array), extended: true, block: 0x1_0000_0001n } as StreamPacket;
  const bytes = encodePacket(leader);
  expect(bytes.length).toBe(20 + 36);
  expect(Buffer.from(bytes.subarray(0, 20)).toString("hex")).toBe("0000000081000000000000010000000100000000");
  expect(decodePacket(bytes)).toEqual(leader);
  for (let length = 0; length < bytes.length; length++)
    expect(() => decodePacket(bytes.subarray(0, length))).toThrow(GvspBroken);
});

test("cut short it is refused, except within data", () => {
  for (const bytes of [packets[0], packets.at(-1)] as Uint8Array[])
    for (let length = 0; length < bytes.length; length++)
      expect(() => decodePacket(bytes.subarray(0, length))).toThrow(GvspBroken);
});

test("a packet that is no longer there; formats and payloads that are no images", () => {
  const unavailable: StreamPacket = { kind: "unavailable", block: 3n, extended: false, packet: 2, status: 0x800c };
  expect(decodePacket(encodePacket(unavailable))).toEqual(unavailable);
  expect(() => decodePacket(bytesOfHex("0000000104000001"))).toThrow("packet format 4 is not for images");
  const raw = packets[0]?.slice() as Uint8Array;
  raw[11] = 2;
  expect(() => decodePacket(raw)).toThrow("payload type 0x2 is no image");
});

test("whatever arrives is read or refused, never a crash", () => {
  for (const bytes of packets.flatMap((packet) => [...fuzzed(packet, 300)]))
    try {
      decodePacket(bytes);
    } catch (error) {
      expect(error).toBeInstanceOf(GvspBroken);
    }
});
