// SPDX-License-Identifier: MIT
import { expect, test } from "vitest";
import { readDescription } from "../../../../servers/lima/gige/discovery.ts";
import {
  commands,
  decodeAnswer,
  decodeCommand,
  decodeResend,
  decodeWords,
  encodeAnswer,
  encodeCommand,
  encodeResend,
  encodeWords,
  GvcpBroken,
} from "../../../../servers/lima/gige/gvcp.ts";
import { bytesOfHex, fuzzed, recorded } from "./recorded.ts";

test.each(["discovery", "readRegister", "writeRegister", "readMemory"] as const)(
  "%s as a camera of Aravis understands and answers it",
  (name) => {
    const [command, answer] = [bytesOfHex(recorded[name].command), bytesOfHex(recorded[name].answer)];
    const asked = decodeCommand(command);
    expect(asked).toMatchObject({ command: commands[name], flags: 1, id: 0x1234 });
    expect(encodeCommand(asked)).toEqual(command);
    const answered = decodeAnswer(answer);
    expect(answered).toMatchObject({ status: 0, answer: commands[name] + 1, id: 0x1234 });
    expect(encodeAnswer(answered)).toEqual(answer);
    for (let length = 0; length < answer.length; length++) {
      expect(() => decodeAnswer(answer.subarray(0, length))).toThrow(GvcpBroken);
      if (length < command.length) expect(() => decodeCommand(command.subarray(0, length))).toThrow(GvcpBroken);
    }
  },
);

test("what a camera tells of itself", () => {
  const { payload } = decodeAnswer(bytesOfHex(recorded.discovery.answer));
  expect(readDescription(payload)).toEqual({
    address: "127.0.0.1",
    mac: "00:00:00:00:00:00",
    manufacturer: "Aravis",
    model: "Fake",
    version: "0.8.26",
    serialNumber: "GV01",
    userName: "",
  });
  expect(() => readDescription(payload.subarray(0, 247))).toThrow("247 bytes in the answer to a discovery, 248 wanted");
});

test("register values are numbers; the first answer of the recorded ones is the sensor's width", () => {
  const { payload } = decodeAnswer(bytesOfHex(recorded.readRegister.answer));
  expect(decodeWords(payload, 1)).toEqual([2048]);
  expect(() => decodeWords(payload, 2)).toThrow("4 bytes where at least 2 numbers are wanted");
  expect(() => decodeWords(payload.subarray(1))).toThrow(GvcpBroken);
});

test("packets are asked for again by 16-bit and by 64-bit block numbers", () => {
  const standard = { block: 7n, extended: false, first: 3, last: 9 };
  expect(Buffer.from(encodeResend(standard)).toString("hex")).toBe("000000070000000300000009");
  const extended = { block: 0x1_0000_0002n, extended: true, first: 3, last: 9 };
  expect(Buffer.from(encodeResend(extended)).toString("hex")).toBe("0000000000000003000000090000000100000002");
  for (const [request, bits] of [
    [standard, 0],
    [extended, 0x10],
  ] as const) {
    const payload = encodeResend(request);
    expect(decodeResend({ command: 0x40, flags: bits, id: 1, payload })).toEqual(request);
    for (let length = 0; length < payload.length; length++)
      expect(() => decodeResend({ command: 0x40, flags: bits, id: 1, payload: payload.subarray(0, length) })).toThrow(
        GvcpBroken,
      );
  }
});

test("whatever arrives is read or refused, never a crash", () => {
  for (const bytes of fuzzed(bytesOfHex(recorded.readMemory.answer), 500))
    try {
      decodeWords(decodeAnswer(bytes).payload, 2);
    } catch (error) {
      expect(error).toBeInstanceOf(GvcpBroken);
    }
  expect(encodeWords(0xffff_ffff)).toEqual(Uint8Array.of(255, 255, 255, 255));
});
