// SPDX-License-Identifier: MIT
// SINC on the wire: bytes that Google's protocol buffers made, cut short at every place, and what is none.
import { expect, test } from "vitest";
import { encodeFrame, FrameReader, markers } from "../../../../servers/mosca/falconx/sinc/frame.ts";
import { decodeHistogram, encodeHistogram } from "../../../../servers/mosca/falconx/sinc/histogram.ts";
import { messages } from "../../../../servers/mosca/falconx/sinc/message-table.ts";
import { decode, encode } from "../../../../servers/mosca/falconx/sinc/protobuf.ts";

const bytes = (hex: string) => new Uint8Array(Buffer.from(hex.replaceAll(" ", ""), "hex"));

/** A SetParamCommand made by Google's protocol buffers 3.21. */
const set = {
  bytes: bytes(
    "10 07 1a 16 0a 0e 686973746f6772616d2e6d6f6465 32 04 6e6f6e65" +
      "1a 11 0a 04 612e6263 10 ffffffffffffffffff01 1a 10 0a 01 63 19 000000000000d03f 20 01 40 03",
  ),
  message: {
    channelId: 7,
    params: [
      { key: "histogram.mode", optionVal: "none" },
      { key: "a.bc", intVal: -1n },
      { key: "c", floatVal: 0.25, boolVal: true, channelId: 3 },
    ],
  },
} as const;

test("a message is what the other side made of it", () => {
  expect(decode(messages.setParam.fields, set.bytes)).toEqual(set.message);
  expect(decode(messages.setParam.fields, encode(messages.setParam.fields, set.message))).toEqual(set.message);
});

test("a list may be packed, and fields that are not known are left out", () => {
  expect(decode(messages.monitorChannels.fields, bytes("08 01 08 02 0a 02 03 04"))).toEqual({
    channelId: [1, 2, 3, 4],
  });
  expect(decode(messages.ping.fields, bytes("a2 06 03 61 62 63 08 01"))).toEqual({ verbose: true });
});

test("a long list does not take longer for each of its numbers", () => {
  const channels = Array.from({ length: 100_000 }, (_, i) => i % 100);
  const { channelId } = decode(
    messages.monitorChannels.fields,
    encode(messages.monitorChannels.fields, { channelId: channels }),
  );
  expect(channelId).toEqual(channels);
});

test("a message that is cut short anywhere is an error, or ends before the next field", () => {
  const whole = JSON.stringify(set.message, (_, value) => (typeof value === "bigint" ? `${value}` : value));
  for (let length = 1; length < set.bytes.length; length++) {
    let got = "error";
    try {
      const message = decode(messages.setParam.fields, set.bytes.subarray(0, length));
      got = JSON.stringify(message, (_, value) => (typeof value === "bigint" ? `${value}` : value));
    } catch {}
    expect(got === "error" || whole.startsWith(got.replace(/\]?\}$/, "")), `${length}: ${got}`).toBe(true);
  }
  expect(() => decode(messages.ping.fields, bytes("09 01"))).toThrow("field 1 has the wire type 1, not 0");
});

test("frames come out of any cutting of the stream", () => {
  const frames = [
    { type: 4, payload: bytes("0a 00") },
    { type: 1, payload: new Uint8Array() },
    { type: 11, payload: new Uint8Array(5000).fill(9) },
  ];
  const stream = Buffer.concat(frames.map(({ type, payload }) => encodeFrame(markers.response, type, payload)));
  expect(stream.subarray(0, 12)).toEqual(Buffer.from("b5c4d687 04000000 03 04 0a 00".replaceAll(" ", ""), "hex"));
  for (const size of [1, 7, 11, 4096, stream.length]) {
    const reader = new FrameReader(markers.response);
    const got = [];
    for (let at = 0; at < stream.length; at += size) got.push(...reader.take(stream.subarray(at, at + size)));
    expect(got.map(({ type, payload }) => ({ type, payload: new Uint8Array(payload) }))).toEqual(frames);
  }
});

test.each([
  ["another protocol", bytes("48 54 54 50 2f 31"), "does not begin with its marker"],
  ["a command where an answer is due", encodeFrame(markers.command, 1, new Uint8Array()), "does not begin with"],
  ["no length", bytes("b5c4d687 00000000 0301"), "says that 0 bytes follow"],
  ["a wild length", bytes("b5c4d687 ffffffff 0301"), "says that 4294967295 bytes follow"],
  ["another kind", bytes("b5c4d687 02000000 0501"), "a message of kind 5"],
])("what is no frame is an error: %s", (_, stream, text) => {
  expect(() => new FrameReader(markers.response).take(stream)).toThrow(text);
});

test("a histogram: header and counts, also behind a long header, and never past its end", () => {
  const header = { channelId: 2, timeElapsed: 0.5, pulsesAccepted: 6n, trigger: 3 };
  const accepted = Uint32Array.of(1, 2, 3);
  const payload = encodeHistogram({ header, accepted });
  expect(decodeHistogram(payload)).toEqual({
    header: { ...header, spectrumSelectionMask: 1, plotLen: [3] },
    accepted,
  });
  // A Buffer's slice is a view: the counts must be a copy of their own.
  expect(decodeHistogram(Buffer.from(payload)).accepted).toEqual(accepted);
  const size = payload[0] ?? 0;
  const long = Buffer.concat([Uint8Array.of(255, 255, size, 0, 0, 0), payload.subarray(2)]);
  expect(decodeHistogram(long).accepted).toEqual(accepted);
  for (let length = 0; length < payload.length; length++)
    expect(() => decodeHistogram(payload.subarray(0, length))).toThrow(/ends before its (length|header|spectrum) does/);
});
