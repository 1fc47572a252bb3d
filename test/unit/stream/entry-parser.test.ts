// SPDX-License-Identifier: MIT
// Answers to XREAD byte by byte as Redis Stack 7.4 gives them, cut anywhere, and bytes that are no such answer.
import { describe, expect, test } from "vitest";
import { type FoundEntry, isRaw, sealId } from "../../../writers/stream/entries.ts";
import { AnswerError, EntryParser, type FoundEntries, Refusal } from "../../../writers/stream/entry-parser.ts";

const bulk = (text: string) => `$${Buffer.byteLength(text)}\r\n${text}\r\n`;
const array = (...items: readonly string[]) => `*${items.length}\r\n${items.join("")}`;
const entry = (id: string, ...fields: readonly string[]) => array(bulk(id), array(...fields.map(bulk)));

const answer = Buffer.from(
  array(
    array(
      bulk("esrf:stream:A"),
      array(
        entry("0-1", "payload", "12345678"),
        entry("1-1", "payload", "a\r\n$9\r\n*2", "len", "100"),
        entry(sealId, "id", "101"),
      ),
    ),
    array(bulk("esrf:stream:µ"), array(entry("1764000000000-12", "state", "2"))),
  ),
);
const shown = (one: FoundEntry) => {
  if (isRaw(one)) return { id: one.id, fields: one.fields.names().map((name) => [name, String(one.fields.get(name))]) };
  return { ...one, payload: String(one.payload) };
};
const tree = (found: FoundEntries | undefined) =>
  found && Object.fromEntries([...found].map(([key, entries]) => [key, entries.map(shown)]));
const expected = {
  "esrf:stream:A": [
    { index: 0, length: 1, payload: "12345678" },
    { index: 1, length: 100, payload: "a\r\n$9\r\n*2" },
    { id: sealId, fields: [["id", "101"]] },
  ],
  "esrf:stream:µ": [{ id: "1764000000000-12", fields: [["state", "2"]] }],
};
const feedAll = (parser: EntryParser, text: string) => parser.feed(Buffer.from(text));

describe("an answer", () => {
  test("in one piece", () => {
    expect(tree(new EntryParser().feed(answer))).toEqual(expected);
  });
  test("cut anywhere", () => {
    const parser = new EntryParser();
    for (let cut = 1; cut < answer.length; cut++) {
      expect(parser.feed(answer.subarray(0, cut))).toBeUndefined();
      expect(tree(parser.feed(answer.subarray(cut)))).toEqual(expected);
    }
  });
  test("byte by byte, one after the other", () => {
    const parser = new EntryParser();
    for (let round = 0; round < 2; round++) {
      const found = [...answer].map((byte) => parser.feed(Buffer.of(byte)));
      expect(found.slice(0, -1).every((one) => one === undefined)).toBe(true);
      expect(tree(found.at(-1))).toEqual(expected);
    }
  });
  test("that the time is over", () => {
    const parser = new EntryParser();
    expect(parser.feed(Buffer.from("*-"))).toBeUndefined();
    expect(tree(parser.feed(Buffer.from("1\r\n")))).toEqual({});
    expect(tree(feedAll(parser, "*0\r\n"))).toEqual({});
  });
  test("a refusal, after which the connection goes on", () => {
    const parser = new EntryParser();
    expect(parser.feed(Buffer.from("-WRONGTYPE Operation against"))).toBeUndefined();
    expect(() => feedAll(parser, " a key\r\n")).toThrow(new Refusal("WRONGTYPE Operation against a key"));
    expect(tree(parser.feed(answer))).toEqual(expected);
  });
  test.each([
    ["another length", ["payload", "x", "len", "0"]],
    ["a length that is no number", ["payload", "x", "len", "1e3"]],
    ["further fields", ["payload", "x", "len", "2", "more", "y"]],
    ["another first field", ["len", "2", "payload", "x"]],
  ])("with %s leaves the entry as it is", (_what, fields) => {
    const text = array(array(bulk("k"), array(entry("7-1", ...fields))));
    const [found] = feedAll(new EntryParser(), text)?.get("k") ?? [];
    expect(found && isRaw(found) && found.fields.names()).toEqual(fields.filter((_, index) => index % 2 === 0));
  });
});

describe("bytes that are no such answer are refused at once:", () => {
  test.each([
    ["text", "+OK\r\n"],
    ["a number", ":1\r\n"],
    ["a map of RESP3", "%1\r\n"],
    ["a length that is none", "*x\r\n"],
    ["a negative length", "*-2\r\n"],
    ["a length without end", "*12345678901234567890"],
    ["a stream without entries", `*1\r\n*1\r\n${bulk("k")}`],
    ["an entry without fields", `*1\r\n*2\r\n${bulk("k")}*1\r\n*1\r\n${bulk("0-1")}`],
    ["an error without end", `-${"x".repeat(5000)}`],
    ["a second answer nobody asked for", "*-1\r\n*-1\r\n"],
  ])("%s", (_what, text) => {
    expect(() => feedAll(new EntryParser(), text)).toThrow(AnswerError);
  });
});

test("a large payload is put together once, and only when it is there", () => {
  const payload = "x".repeat(1 << 20);
  const text = Buffer.from(array(array(bulk("k"), array(entry("0-1", "payload", payload)))));
  const parser = new EntryParser();
  let found: FoundEntries | undefined;
  for (let at = 0; at < text.length; at += 1 << 16) found = parser.feed(text.subarray(at, at + (1 << 16)));
  expect(found?.get("k")?.map(shown)).toEqual([{ index: 0, length: 1, payload }]);
});
