// SPDX-License-Identifier: MIT
// Parts of the embedded store that read what others send: requests, identifiers, queries.
import { describe, expect, test } from "vitest";
import { ProtocolError, type Request, RequestParser } from "../../../../writers/stream/store/request-parser.ts";
import { parseQuery } from "../../../../writers/stream/store/search-query.ts";
import { formatId, nextId, parseBound, parseId, previousId } from "../../../../writers/stream/store/stream-id.ts";

const textOf = (requests: Iterable<Request>) => [...requests].map((request) => request.map(String));

describe("requests", () => {
  const bytes = Buffer.from("*2\r\n$3\r\nGET\r\n$1\r\nk\r\n*1\r\n$4\r\nPING\r\n");
  const expected = [["GET", "k"], ["PING"]];
  test("are the same wherever the bytes are cut", () => {
    for (let cut = 0; cut <= bytes.length; cut++) {
      const parser = new RequestParser();
      const found = [...textOf(parser.feed(bytes.subarray(0, cut))), ...textOf(parser.feed(bytes.subarray(cut)))];
      expect(found).toEqual(expected);
      expect(parser.pending).toBe(0);
    }
  });
  test("may be lines of text", () => {
    expect(textOf(new RequestParser().feed(Buffer.from("PING\r\n  set a  b\r\n\r\n")))).toEqual([
      ["PING"],
      ["set", "a", "b"],
    ]);
  });
  test.each([
    ["*1\r\n:1\r\n", /expected '\$', got ':'/],
    ["*1\r\n$-1\r\n", /invalid bulk length/],
    ["*9999999999\r\n", /invalid multibulk length/],
    ["*1\r\n$99999999999\r\n", /invalid bulk length/],
    ["*1\r\n$1\r\nabc", /expected CRLF/],
    ["x".repeat(70_000), /too big inline request/],
  ])("%j is refused", (text, message) => {
    const parse = () => [...new RequestParser().feed(Buffer.from(text))];
    expect(parse).toThrow(ProtocolError);
    expect(parse).toThrow(message);
  });
});

describe("identifiers", () => {
  const last = "18446744073709551615-18446744073709551615";
  test("go from the first to the last", () => {
    expect(formatId(parseId("5", 1n))).toBe("5-1");
    expect(formatId(nextId(parseId("5-18446744073709551615")))).toBe("6-0");
    expect(formatId(previousId(parseId("6-0")))).toBe("5-18446744073709551615");
    expect(formatId(parseBound("+", "high"))).toBe(last);
    expect(formatId(parseBound("(5-1", "low"))).toBe("5-2");
    expect(() => nextId(parseId(last))).toThrow(/exhausted the last possible ID/);
  });
  test.each(["", "a", "1-", "-1", "1-2-3", "18446744073709551616", "1.5"])("%j is none", (text) => {
    expect(() => parseId(text)).toThrow(/Invalid stream ID/);
  });
});

describe("queries", () => {
  test("are read as blissdata writes them", () => {
    expect(parseQuery("*")).toEqual({ match: "all" });
    expect(parseQuery("(@id_name:{loop\\-scan*} @id_number:[7 7])")).toEqual({
      match: "and",
      of: [
        { match: "tag", field: "id_name", patterns: [{ text: "loop-scan", anyStart: false, anyEnd: true }] },
        { match: "range", field: "id_number", low: { value: 7, included: true }, high: { value: 7, included: true } },
      ],
    });
  });
  test.each(["", "@", "@a", "@a:", "@a:{", "@a:[1", "(*", "*)", `${"(".repeat(40)}*`])("%j is refused", (text) => {
    expect(() => parseQuery(text)).toThrow(/Syntax error/i);
  });
});
