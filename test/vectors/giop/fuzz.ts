// SPDX-License-Identifier: MIT
// Sends damaged messages to a server and to the codecs, and says what became of them.
import { MarshalError, Reader } from "../../../tango/cdr/index.ts";
import type { Minor } from "../../../tango/giop/header.ts";
import { HEADER_SIZE } from "../../../tango/giop/header.ts";
import { GiopServer } from "../../../tango/giop/index.ts";
import { readReply, readRequest } from "../../../tango/giop/request.ts";
import { operationNamed } from "../../../tango/idl/index.ts";
import { memory } from "../../../tango/transport/index.ts";
import { RawClient, requestBytes, settle } from "../../unit/giop/raw-client.ts";
import { echoAdapter } from "../../world/echo-device.ts";
import { mutate, random } from "./mutate.ts";
import { giopVectors, type Vector } from "./vectors.ts";

export interface Outcome {
  readonly messages: number;
  readonly decoded: number;
  readonly refused: number;
  /** Replies of the server, and connections it closed. */
  readonly replies: number;
  readonly closed: number;
  /** The longest time one message took, in milliseconds. */
  readonly slowest: number;
  /** The most memory for bytes that was in use, in bytes above the start. */
  readonly memory: number;
  /** Errors that no message may cause, with the message. */
  readonly wrong: readonly string[];
}

export async function fuzz(messages: number, seed: number): Promise<Outcome> {
  const vectors = giopVectors().filter(({ kind }) => kind === "Request" || kind === "Reply");
  const next = random(seed);
  const wrong: string[] = [];
  const counts = { decoded: 0, refused: 0, replies: 0, closed: 0, slowest: 0, memory: 0 };
  const transport = memory();
  const address = { host: "fuzzed", port: 1 };
  const onError = (error: unknown) => wrong.push(`server: ${String(error)}`);
  await using _server = await GiopServer.listen(transport, address, echoAdapter({ anyKey: true }), { onError });
  const start = process.memoryUsage().arrayBuffers;
  const clients: RawClient[] = [];
  for (let turn = 0; turn < messages; turn++) {
    const vector = vectors[Math.floor(next() * vectors.length)]!;
    const bytes = mutate(vector.bytes, next);
    const begun = performance.now();
    try {
      decode(vector, bytes);
      counts.decoded++;
    } catch (error) {
      counts.refused++;
      if (!(error instanceof MarshalError)) wrong.push(`${vector.name}, turn ${turn}: ${String(error)}`);
    }
    counts.slowest = Math.max(counts.slowest, performance.now() - begun);
    const client = await RawClient.connect(transport, address);
    clients.push(client);
    client.send(bytes);
    if (turn % 50 === 49) {
      await settle();
      counts.memory = Math.max(counts.memory, process.memoryUsage().arrayBuffers - start);
      for (const { received, closed, channel } of clients.splice(0)) {
        counts.replies += received.length;
        if (closed) counts.closed++;
        else channel.close(true);
      }
    }
  }
  const last = await RawClient.connect(transport, address);
  last.send(requestBytes("ping", { key: "a/b/c" }));
  await settle();
  if (last.replies()[0]?.status !== 0) wrong.push("the server no longer answers");
  return { messages, ...counts, wrong };
}

function decode({ kind, operation, version }: Vector, bytes: Uint8Array): void {
  const reader = new Reader(bytes, { offset: HEADER_SIZE, littleEndian: version.endsWith("LE") });
  const minor = Number(version[2]) as Minor;
  const known = operationNamed(operation);
  if (kind === "Request") {
    readRequest(reader, minor);
    for (const codec of known?.args ?? []) codec.read(reader);
  } else {
    readReply(reader, minor);
    known?.result.read(reader);
  }
}
