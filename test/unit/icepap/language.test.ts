// SPDX-License-Identifier: MIT
// The language of IcePAP controllers: status words and dialogues as real controllers and clients show them.
import { describe, expect, test } from "vitest";
import { decodeBlock, decodeVectors, encodeBlock, encodeVectors } from "../../../servers/icepap/blocks.ts";
import { boardCommands } from "../../../servers/icepap/emulator/commands-table.ts";
import { blockCommands } from "../../../servers/icepap/emulator/memory-table.ts";
import { Rack } from "../../../servers/icepap/emulator/rack.ts";
import { systemCommands } from "../../../servers/icepap/emulator/system-table.ts";
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

  test.each([
    ["1:?ECAMDAT", "1:?ECAMDAT 0"],
    ["1:?ECAMDAT 200 0", "1:?ECAMDAT ERROR Not initialised ECAM data"],
    ["#1:ECAMDAT AXIS 10 0 3", "1:ECAMDAT ERROR Wrong parameter(s)"],
    ["#1:ECAM LOUD", "1:ECAM ERROR Wrong parameter(s)"],
    ["#1:MOVEL 0", "1:MOVEL ERROR Out of range parameter(s)"],
    ["#1:PMOVE 1", "1:PMOVE ERROR Not initialised parametric data"],
    ["1:?PARDAT NPTS", "1:?PARDAT 0"],
    ["1:?CFG NVOLT", "1:?CFG NVOLT 80"],
    ["1:?CFG COLOUR", "1:?CFG ERROR Wrong parameter(s)"],
    ["1:?CFGINFO ACTIVE", "1:?CFGINFO ACTIVE {NO YES}"],
    ["#1:CFG NVOLT 48", "1:CFG ERROR Command or option not valid in this mode"],
    ["#1:CMOVE 10", "1:CMOVE ERROR Command or option not valid in this mode"],
    ["?PMUX", "?PMUX $\r\n$"],
    ["#PMUX HARD POS X9 E0", "PMUX ERROR Wrong parameter(s)"],
    ["?LINKED", "?LINKED $\r\n$"],
    ["?MODE", "?MODE OPER"],
    ["?MODE 1", "?MODE OPER"],
  ])("%s -> %s", (line, answer) => {
    expect(rack().answer(line)).toBe(answer);
  });

  test("a cam of equidistant positions, its dump with the last index, a list with its count", () => {
    const icepap = rack();
    expect(icepap.answer("#1:ECAMDAT AXIS 0 10 3")).toBe("1:ECAMDAT OK");
    expect(icepap.answer("1:?ECAMDAT")).toBe("1:?ECAMDAT AXIS 0 10 3");
    expect(icepap.answer("1:?ECAMDAT 2 1")).toBe("1:?ECAMDAT $\r\n1/2 : 0x4 : 5\r\n2/2 : 0x8 : 10\r\n$");
    const words = Int32Array.of(7, -3);
    icepap.answer("1:*LISTDAT CYCLIC DWORD", encodeBlock(new Uint8Array(words.buffer)));
    expect(icepap.answer("1:?LISTDAT")).toBe("1:?LISTDAT 2 CYCLIC");
    expect(icepap.answer("1:?LISTDAT 5 0")).toBe("1:?LISTDAT $\r\n0/2 : 0x0 : 7\r\n1/2 : 0x4 : -3\r\n$");
  });

  test.each([
    ["no whole values", "DWORD", new Uint8Array(6), "Wrong parameter(s)"],
    ["an unknown type", "WORDS", new Uint8Array(4), "Wrong parameter(s)"],
    ["positions that descend", "BYTE", Uint8Array.of(2, 1), "Wrong parameter(s)"],
    ["more than it holds", "DWORD", new Uint8Array(81_912), "Out of range parameter(s)"],
  ])("a cam of %s is refused", (_name, type, bytes, why) => {
    expect(rack().answer(`#1:*ECAMDAT AXIS ${type}`, encodeBlock(bytes))).toBe(`1:*ECAMDAT ERROR ${why}`);
  });

  test("a configuration is opened, checked as a whole, and closed by its signature", () => {
    const icepap = rack();
    icepap.answer("1:CONFIG");
    expect(decodeStatus(icepap.board(1).status()).presence).toBe(2);
    expect(icepap.answer("#1:MOVE 5")).toBe("1:MOVE ERROR Command or option not valid in this mode");
    expect(icepap.answer("#1:CFG NVOLT 48 ACTIVE MAYBE")).toBe("1:CFG ERROR Out of range parameter(s)");
    expect(icepap.answer("1:?CFG NVOLT")).toBe("1:?CFG NVOLT 80");
    expect(icepap.answer("#1:CFG NVOLT 48 ACTIVE NO")).toBe("1:CFG OK");
    expect(icepap.answer("#1:CONFIG me@here")).toBe("1:CONFIG OK");
    expect(icepap.answer("1:?CFG NVOLT")).toBe("1:?CFG NVOLT 48");
    expect(icepap.answer("1:?CONFIG")).toBe("1:?CONFIG me@here");
    // An axis that is not active says so and does not move.
    expect(icepap.answer("1:?ACTIVE")).toBe("1:?ACTIVE NO");
    expect(decodeStatus(icepap.board(1).status())).toMatchObject({ presence: 3, disable: 1, ready: 0 });
    expect(icepap.answer("#1:MOVE 5")).toBe("1:MOVE ERROR Axis disabled");
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

  test("whatever it is asked, seeded, is answered or refused in words, and it lives", () => {
    let seed = 17;
    const random = (below: number) => Math.floor(((seed = (seed * 48271) % 2147483647) / 2147483647) * below);
    const pick = <T>(list: readonly T[]): T => list[random(list.length)] as T;
    const icepap = new Rack([{ address: 1, high: 50, home: 5 }, { address: 2 }], { pair: [1, 2] });
    const keywords = [
      ...Object.keys(boardCommands),
      ...Object.keys(systemCommands),
      ...Object.keys(blockCommands),
      "NOISE",
    ];
    const words = [
      "1",
      "2",
      "3",
      "-1",
      "1e9",
      "99999999999",
      "0",
      "ON",
      "OFF",
      "AXIS",
      "GROUP",
      "LIM+",
      "+1",
      "CLEAR",
      "DWORD",
      "x".repeat(99),
      "NaN",
      "\0",
    ];
    for (let n = 0; n < 20_000; n += 1) {
      const where = pick(["", "1:", "2:", "#", "#1:", ":", "10:", "#7:"]);
      const line = [where + pick(keywords), ...Array.from({ length: random(5) }, () => pick(words))].join(" ");
      const block =
        random(2) === 0 ? undefined : encodeBlock(Uint8Array.from({ length: random(80) }, () => random(256)));
      const answer = icepap.answer(line, block);
      expect(typeof answer).toBe("string");
      if (/^[^?]*\?/.test(line) && !line.startsWith(":")) expect(answer).not.toBe("");
    }
    expect(icepap.answer("?STATUS 1")).toMatch(/^\?STATUS 0x[0-9a-f]{8}$/);
  });

  test("velocity keeps the slope of its ramp", () => {
    const icepap = rack();
    icepap.answer("#VELOCITY 1 2000");
    expect(icepap.answer("?ACCTIME 1")).toBe("?ACCTIME 0.5");
  });
});
