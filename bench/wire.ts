// SPDX-License-Identifier: MIT
// What the wire costs: a codec's nanoseconds, and round trips over loopback. Run: node bench/wire.ts
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Reader, Writer } from "../tango/cdr/index.ts";
import { ClientConnection, GiopServer } from "../tango/giop/index.ts";
import { AttributeValueList_5, operations, readArgs, toUnion, writeArgs } from "../tango/idl/index.ts";
import { type Address, type Transport, tcp, unix } from "../tango/transport/index.ts";

const ident = { type: "CPP", value: 1 } as const;
const value = (elements: Float64Array) => [
  {
    value: toUnion(5, elements),
    quality: "ATTR_VALID" as const,
    data_format: "SCALAR" as const,
    data_type: 5,
    time: { tv_sec: 1, tv_usec: 2, tv_nsec: 3 },
    name: "double_scalar",
    r_dim: { dim_x: elements.length, dim_y: 0 },
    w_dim: { dim_x: 0, dim_y: 0 },
    err_list: [],
  },
];

/** The best of several runs, in nanoseconds. */
function nanoseconds(what: () => void, times = 200_000): number {
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 6; run++) {
    const start = process.hrtime.bigint();
    for (let turn = 0; turn < times; turn++) what();
    best = Math.min(best, Number(process.hrtime.bigint() - start) / times);
  }
  return best;
}
const line = (name: string, figure: string) => console.log(name.padEnd(58), figure.padStart(12));

function codecs(): void {
  const scalar = value(Float64Array.of(1.5));
  const writer = new Writer();
  AttributeValueList_5.write(writer, scalar);
  const bytes = new Uint8Array(writer.bytes());
  const encode = nanoseconds(() => {
    AttributeValueList_5.write(writer, scalar);
    writer.take();
  });
  line("AttributeValue_5 of one double: encode", `${encode.toFixed(0)} ns`);
  line(
    "AttributeValue_5 of one double: decode",
    `${nanoseconds(() => AttributeValueList_5.read(new Reader(bytes))).toFixed(0)} ns`,
  );
  const args = new Writer();
  const call = () => writeArgs(args, "read_attributes_5", [["double_scalar"], "DEV", ident]);
  call();
  const asked = new Uint8Array(args.take()[0]!);
  const argsEncode = nanoseconds(() => {
    call();
    args.take();
  });
  line("arguments of read_attributes_5: encode", `${argsEncode.toFixed(0)} ns`);
  line(
    "arguments of read_attributes_5: decode",
    `${nanoseconds(() => readArgs(new Reader(asked), "read_attributes_5")).toFixed(0)} ns`,
  );
  const big = value(new Float64Array(1_000_000));
  const bigEncode = nanoseconds(() => {
    AttributeValueList_5.write(writer, big);
    writer.take();
  }, 1000);
  line("AttributeValue_5 of 1,000,000 doubles: encode", `${bigEncode.toFixed(0)} ns`);
}

async function roundTrips(name: string, transport: Transport, address: Address): Promise<void> {
  const answers = new Map([1, 1000, 262_144].map((size) => [size, value(new Float64Array(size))]));
  const adapter = {
    exists: () => true,
    dispatch: ({ args, operation }: { args: Reader; operation: string }) => {
      if (operation !== "read_attributes_5") return () => {};
      const [names] = readArgs(args, "read_attributes_5");
      const answer = answers.get(Number(names[0])) ?? [];
      return (writer: Writer) => operations.read_attributes_5.result.write(writer, answer);
    },
  };
  await using server = await GiopServer.listen(transport, address, adapter);
  const open = () => ClientConnection.open(transport, server.endpoint);
  await using client = await open();
  const key = Buffer.from("k");
  const read = async (connection: ClientConnection, size: number) => {
    const reader = await connection.invoke(key, "read_attributes_5", (writer) =>
      writeArgs(writer, "read_attributes_5", [[String(size)], "DEV", ident]),
    );
    return operations.read_attributes_5.result.read(reader);
  };
  const median = async (what: () => Promise<unknown>, times: number) => {
    const took: number[] = [];
    for (let turn = 0; turn < times; turn++) {
      const start = performance.now();
      await what();
      took.push(performance.now() - start);
    }
    return `${(took.sort((a, b) => a - b)[times >> 1]! * 1000).toFixed(1)} us`;
  };
  line(
    `${name}: ping, both ends in this process, median`,
    await median(() => client.invoke(key, "ping", () => {}), 20_000),
  );
  line(`${name}: read a scalar`, await median(() => read(client, 1), 20_000));
  line(`${name}: read 1,000 doubles`, await median(() => read(client, 1000), 5000));
  line(`${name}: read 2 MiB`, await median(() => read(client, 262_144), 200));
  const connections = await Promise.all(Array.from({ length: 16 }, open));
  const start = performance.now();
  await Promise.all(
    connections.map(async (connection) => {
      for (let turn = 0; turn < 3000; turn++) await read(connection, 1);
    }),
  );
  const rate = (16 * 3000) / ((performance.now() - start) / 1000);
  line(`${name}: scalar reads over 16 connections`, `${rate.toFixed(0)} /s`);
  for (const connection of connections) await connection[Symbol.asyncDispose]();
}

codecs();
await roundTrips("TCP", tcp(), { host: "127.0.0.1", port: 0 });
const folder = mkdtempSync(join(tmpdir(), "bench-wire-"));
await roundTrips("unix socket", unix(), { path: join(folder, "socket") });
rmSync(folder, { recursive: true });
