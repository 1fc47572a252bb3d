// SPDX-License-Identifier: MIT
// The language of IcePAP controllers: status words and dialogues as real controllers and clients show them.
import { describe, expect, test } from "vitest";
import { decodeBlock, decodeVectors, encodeBlock, encodeVectors } from "../../../servers/icepap/blocks.ts";
import { Rack } from "../../../servers/icepap/emulator/rack.ts";
import { decodeStatus, encodeStatus, failedBy } from "../../../servers/icepap/status.ts";

describe("status words", () => {
  test.each([
    [
      0x00a03203,
      { presence: 3, mode: 0, disable: 0, ready: 1, outOfWindow: 1, warning: 1, aux5V: 1, powerOn: 1, moving: 0 },
    ],
    [0x00205013, { presence: 3, disable: 1, ready: 0, outOfWindow: 1, stopCode: 1, aux5V: 1, powerOn: 0 }],
  ])("0x%x, as seen of real boards", (word, fields) => {
    expect(decodeStatus(word)).toMatchObject(fields);
    expect(encodeStatus(decodeStatus(word))).toBe(word);
  });
  test("every bit belongs to one field", () => {
    for (let bit = 0; bit < 32; bit += 1) {
      const word = 2 ** bit;
      expect(Object.values(decodeStatus(word)).filter((value) => value !== 0)).toHaveLength(1);
      expect(encodeStatus(decodeStatus(word))).toBe(word);
    }
  });
  test("a stop code counts only once the board is ready", () => {
    const failed = encodeStatus({ presence: 3, stopCode: 12 });
    expect(failedBy(decodeStatus(failed))).toBeUndefined();
    expect(failedBy(decodeStatus(failed | 0x200))).toBe("closed-loop error");
    expect(failedBy(decodeStatus(encodeStatus({ ready: 1, stopCode: 3 })))).toBeUndefined();
  });
});

describe("binary blocks", () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
  test("header, little-endian words, their sum", () => {
    expect(hex(encodeBlock(Uint8Array.of(1, 2, 3, 4)))).toBe("5a55aaa502000000040600000102" + "0304");
    expect(() => decodeBlock(Uint8Array.from(Buffer.from("5a55aaa5020000000506000001020304", "hex")))).toThrow(
      /checksum/,
    );
    expect(() => decodeBlock(new Uint8Array(12))).toThrow(/does not begin/);
  });
  test("a vector is 24 bytes of header and doubles", () => {
    const bytes = encodeVectors([{ kind: "position", address: 12, values: Float64Array.of(1.5) }]);
    expect(hex(bytes)).toBe("feca0006080000000100000005000c2000000000000000000000000000" + "00f83f");
    expect(decodeVectors(bytes)).toEqual([{ kind: "position", address: 12, values: Float64Array.of(1.5) }]);
    for (let length = 24; length < bytes.length; length += 1)
      expect(() => decodeVectors(bytes.subarray(0, length))).toThrow(/no vector of a trajectory at byte 0/);
  });
});

describe("the master's answers", () => {
  const rack = () => new Rack([{ address: 1, name: "th" }, { address: 2, high: 500 }, { address: 11 }]);

  test.each([
    ["?POS 1 2", "?POS 0 0"],
    ["1:?POS", "1:?POS 0"],
    ["1:?pos axis", "1:?POS 0"],
    ["#POS 1 55 2 -3", "POS OK"],
    ["#1:POS   AXIS  7", "1:POS OK"],
    ["POS 1 1", ""],
    ["1:?NAME", "1:?NAME th"],
    ["2:?NAME", "2:?NAME"],
    ["?POWER 1 2", "?POWER ON ON"],
    ["?SYSSTAT", "?SYSSTAT 0x3"],
    ["?SYSSTAT 0", "?SYSSTAT 0x3 0x3"],
    ["?VER", "?VER 3.17"],
    ["1:?HOMESTAT", "1:?HOMESTAT NOTFOUND 0"],
    ["?BANANA", "?BANANA ERROR Command not recognised"],
    ["BANANA", ""],
    ["#BANANA", "BANANA ERROR Command not recognised"],
    ["?POS 1 3", "?POS ERROR Axis 3: Board is not present in the system"],
    ["#MOVE 1", "MOVE ERROR Wrong number of parameter(s)"],
    ["#1:MOVE far", "1:MOVE ERROR Wrong parameter(s)"],
    ["#1:MOVE 9999999999", "1:MOVE ERROR Out of range parameter(s)"],
    [":?POS", ""],
    [":POWER OFF", ""],
    ["10:?POS", "10:?POS ERROR Command or option not valid in controller boards"],
    ["#1:HOME +1", "1:HOME ERROR Out of range parameter(s)"],
    ["", ""],
  ])("%s -> %s", (line, answer) => {
    expect(rack().answer(line)).toBe(answer);
  });

  test("power off: disabled by software, not ready, refuses to move", () => {
    const icepap = rack();
    icepap.answer("POWER OFF 1");
    expect(decodeStatus(Number(icepap.answer("?STATUS 1").split(" ")[1]))).toMatchObject({
      disable: 7,
      ready: 0,
      powerOn: 0,
    });
    expect(icepap.answer("#MOVE 1 10")).toBe("MOVE ERROR Axis disabled");
  });

  test("a list that fails for one board does nothing to the others", () => {
    const icepap = rack();
    icepap.answer("POWER OFF 2");
    expect(icepap.answer("#MOVE GROUP 1 10 2 20")).toBe("MOVE ERROR Axis 2: Axis disabled");
    expect(icepap.board(1).moving).toBe(false);
  });

  test("one board of a group that is stopped stops the others", () => {
    const icepap = rack();
    icepap.answer("#MOVE GROUP 1 100000 11 100000");
    expect(icepap.board(11).moving).toBe(true);
    icepap.answer("#ABORT 1");
    expect(icepap.board(11).moving).toBe(false);
    expect(icepap.board(11).stopCode()).toBe(2);
  });

  test("velocity keeps the slope of its ramp", () => {
    const icepap = rack();
    icepap.answer("#VELOCITY 1 2000");
    expect(icepap.answer("?ACCTIME 1")).toBe("?ACCTIME 0.5");
  });
});
