// SPDX-License-Identifier: MIT
// Messages as SeaBreeze sends them; what is cut, long or broken is refused.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { encodeMessage, MessageReader } from "../../../../servers/mosca/ocean/message.ts";

interface Request {
  readonly type: number;
  readonly flags: number;
  readonly data: readonly number[];
  readonly bytes: string;
}
const file = join(import.meta.dirname, "../../../vectors/mosca/ocean-requests.json");
const { requests } = JSON.parse(readFileSync(file, "utf8")) as { requests: readonly Request[] };

test.each(requests)("$bytes", ({ type, flags, data, bytes }) => {
  const message = { type, flags, error: 0, regarding: 0, data: Uint8Array.from(data) };
  const recorded = Buffer.from(bytes, "hex");
  expect(Buffer.from(encodeMessage(message)).toString("hex")).toBe(bytes);
  expect(new MessageReader().take(recorded)).toEqual([message]);
  const reader = new MessageReader();
  const pieces = Array.from(recorded, (_, at) => reader.take(recorded.subarray(at, at + 1)));
  expect(pieces.flat()).toEqual([message]);
  expect(pieces.at(-1)).toHaveLength(1);
});

test("more than sixteen bytes follow the header, several messages are cut", () => {
  const message = { type: 7, flags: 1, error: 6, regarding: 99, data: new Uint8Array(17).fill(5) };
  const bytes = encodeMessage(message);
  expect([bytes.length, bytes[23], Buffer.from(bytes).readUInt32LE(40)]).toEqual([81, 0, 37]);
  const reader = new MessageReader();
  expect(reader.take(Buffer.concat([bytes, bytes.subarray(0, 50)]))).toEqual([message]);
  expect(reader.take(bytes.subarray(50))).toEqual([message]);
});

const changed = (change: (bytes: Buffer) => void) => {
  const bytes = Buffer.from(encodeMessage({ type: 1, flags: 0, error: 0, regarding: 0, data: new Uint8Array(20) }));
  change(bytes);
  return bytes;
};
test.each([
  ["another beginning", (bytes: Buffer) => bytes.writeUInt16LE(1, 0), "does not begin with c1 c0"],
  ["a length below the footer", (bytes: Buffer) => bytes.writeUInt32LE(19, 40), "19 bytes follow its header"],
  ["a length without end", (bytes: Buffer) => bytes.writeUInt32LE(0xffffffff, 40), "4294967295 bytes follow"],
  ["another end", (bytes: Buffer) => bytes.writeUInt32LE(0, 80), "does not end with c5 c4 c3 c2"],
  ["too much inside", (bytes: Buffer) => bytes.writeUInt8(17, 23), "its header holds 17 bytes"],
  ["a wrong checksum", (bytes: Buffer) => bytes.writeUInt8(1, 22), "the checksum of a message is wrong"],
])("%s is refused", (_, change, text) => {
  expect(() => new MessageReader().take(changed(change))).toThrow(text);
});
