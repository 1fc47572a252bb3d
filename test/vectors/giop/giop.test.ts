// SPDX-License-Identifier: MIT
// Recorded messages: what is decoded is what an independent decoder said, all bytes are accounted for, encoding it again
// gives the same bytes (but for padding, which is garbage in omniORB's), and no truncation goes unnoticed.
import { describe, expect, test } from "vitest";
import type { Codec } from "../../../tango/cdr/index.ts";
import { boolean, MarshalError, Reader, string, Writer } from "../../../tango/cdr/index.ts";
import type { Minor } from "../../../tango/giop/header.ts";
import { alignBody, readReply, readRequest } from "../../../tango/giop/request.ts";
import { exceptions, operations } from "../../../tango/idl/index.ts";
import { giopVectors, type Vector } from "./vectors.ts";

/** Operations of CORBA::Object, with those of the IDL. */
const known: Record<string, { readonly args: readonly Codec<unknown>[]; readonly result: Codec<unknown> }> = {
  ...operations,
  _is_a: { args: [string], result: boolean },
  _non_existent: { args: [], result: boolean },
};
const statuses = ["NO_EXCEPTION", "USER_EXCEPTION", "SYSTEM_EXCEPTION"];

const bodyReader = ({ bytes, version }: Vector) =>
  new Reader(bytes, { offset: 12, littleEndian: version.endsWith("LE"), text: "latin1" });
const minorOf = ({ version }: Vector) => Number(version[2]) as Minor;

/** The codecs of a message's body, with the reader put at its start. */
function opened(vector: Vector): { readonly reader: Reader; readonly codecs: readonly Codec<unknown>[] } {
  const reader = bodyReader(vector);
  const operation = known[vector.operation];
  if (vector.kind === "Request") {
    readRequest(reader, minorOf(vector));
    return { reader, codecs: operation?.args ?? [] };
  }
  const { status } = readReply(reader, minorOf(vector));
  if (status === 0) return { reader, codecs: operation ? [operation.result] : [] };
  const exception = exceptions[reader.string() as keyof typeof exceptions];
  return { reader, codecs: exception ? [exception as Codec<unknown>] : [] };
}

const bodies = giopVectors().filter(
  ({ kind, operation, bytes }) =>
    (kind === "Request" || kind === "Reply") && operation in known && (bytes[6]! & 2) === 0,
);
const decode = (vector: Vector) => {
  const { reader, codecs } = opened(vector);
  const start = reader.offset;
  return { start, reader, codecs, values: codecs.map((codec) => codec.read(reader)) };
};

test("there are recorded messages of every kind", () => {
  expect(bodies.length).toBeGreaterThan(1500);
  expect(new Set(bodies.map(({ version }) => version))).toEqual(new Set(["1.0LE", "1.0BE", "1.2LE", "1.2BE"]));
});

test("headers say what the other decoder read", () => {
  for (const vector of giopVectors().filter(({ kind, operation }) => kind === "Request" && operation !== "-")) {
    const { id, operation } = readRequest(bodyReader(vector), minorOf(vector));
    expect([vector.name, id, operation]).toEqual([vector.name, vector.id, vector.operation]);
  }
  for (const vector of giopVectors().filter(({ kind }) => kind === "Reply")) {
    const { id, status } = readReply(bodyReader(vector), minorOf(vector));
    expect([vector.name, id, statuses[status]]).toEqual([vector.name, vector.id, vector.status]);
  }
});

describe("every body", () => {
  const intact = bodies.filter(({ name, status }) => status !== "SYSTEM_EXCEPTION" && !name.startsWith("raw"));

  test("is read to its last byte", () => {
    for (const vector of intact) {
      const { reader } = decode(vector);
      expect(`${vector.name} ${vector.operation}: ${reader.remaining} left`).toBe(
        `${vector.name} ${vector.operation}: 0 left`,
      );
    }
  });

  test("is written again as the same bytes, zeros where there is padding", () => {
    for (const vector of intact) {
      const { start, codecs, values, reader } = decode(vector);
      if (codecs.length === 0) continue;
      const writer = new Writer({ littleEndian: reader.littleEndian });
      writer.block(new Uint8Array(start));
      for (const [index, codec] of codecs.entries()) codec.write(writer, values[index]);
      const written = writer.bytes().slice(start);
      const recorded = vector.bytes.subarray(start);
      const where = `${vector.name} ${vector.operation}`;
      expect(`${where}: ${written.length} bytes`).toBe(`${where}: ${recorded.length} bytes`);
      // A byte that differs is one of ours that is zero, and one that decoding does not look at.
      const differing = [...written].flatMap((byte, index) => (byte === recorded[index] ? [] : [index]));
      expect(`${where}: ${differing.filter((index) => written[index] !== 0)}`).toBe(`${where}: `);
      const again = new Reader(Buffer.concat([vector.bytes.subarray(0, start), written]), {
        offset: start,
        littleEndian: reader.littleEndian,
      });
      expect(codecs.map((codec) => codec.read(again))).toEqual(values);
    }
  });

  test("that is cut at any byte gives MarshalError", () => {
    for (const vector of intact) {
      const { codecs, start, reader } = decode(vector);
      if (codecs.length === 0) continue;
      for (let end = start; end < vector.bytes.length; end++) {
        const cut = new Reader(vector.bytes.slice(0, end), { offset: start, littleEndian: reader.littleEndian });
        let error: unknown;
        try {
          for (const codec of codecs) codec.read(cut);
        } catch (thrown) {
          error = thrown;
        }
        if (!(error instanceof MarshalError)) throw new Error(`${vector.name} cut at ${end}: ${String(error)}`);
      }
    }
  });
});

test("headers that are cut at any byte give MarshalError", () => {
  for (const vector of giopVectors()
    .filter(({ kind }) => kind === "Request")
    .slice(0, 400)) {
    const reader = bodyReader(vector);
    try {
      readRequest(reader, minorOf(vector));
    } catch {
      continue;
    }
    // Behind the header's last item only padding may be missing.
    const padding = new Reader(vector.bytes, { offset: reader.offset });
    alignBody(padding);
    for (let end = 12; end < reader.offset - 8; end++) {
      const cut = { ...vector, bytes: vector.bytes.slice(0, end) };
      expect(() => readRequest(bodyReader(cut), minorOf(vector)), `${vector.name} cut at ${end}`).toThrow(MarshalError);
    }
  }
});
