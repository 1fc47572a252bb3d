// SPDX-License-Identifier: MIT
// A peer that speaks in bytes: sends what a test gives it and keeps what it is sent.
import { setImmediate } from "node:timers/promises";
import { type Reader, Writer } from "../../../tango/cdr/index.ts";
import type { Minor } from "../../../tango/giop/header.ts";
import type { Message } from "../../../tango/giop/message-stream.ts";
import { bodyOf, MessageStream } from "../../../tango/giop/message-stream.ts";
import { finish, readReply, writeBody, writeRequest } from "../../../tango/giop/request.ts";
import type { Address, Channel, Transport } from "../../../tango/transport/index.ts";

/** Lets everything that is ready happen. */
export const settle = async () => {
  for (let turn = 0; turn < 5; turn++) await setImmediate();
};

/** A request as one block of bytes. */
export function requestBytes(
  operation: string,
  {
    id = 1,
    key = "k",
    oneWay = false,
    minor = 2 as Minor,
    littleEndian = true,
    codeSet = undefined as "utf8" | undefined,
  } = {},
  args: (writer: Writer) => void = () => {},
): Uint8Array {
  const writer = new Writer({ littleEndian, text: codeSet ?? "latin1" });
  writeRequest(writer, minor, { id, oneWay, key: Buffer.from(key), operation, codeSet });
  writeBody(writer, minor, args);
  return Buffer.concat(finish(writer));
}

export class RawClient {
  readonly received: Message[] = [];
  closed = false;
  readonly channel: Channel;

  constructor(channel: Channel) {
    this.channel = channel;
    const stream = new MessageStream((message) => this.received.push({ ...message, bytes: message.bytes.slice() }));
    channel.start({ data: (bytes) => stream.feed(bytes), drained: () => {}, closed: () => (this.closed = true) });
  }

  static async connect(transport: Transport, address: Address): Promise<RawClient> {
    return new RawClient(await transport.connect(address));
  }

  send(...chunks: readonly Uint8Array[]): void {
    this.channel.write(chunks);
  }

  /** Replies received: request id, status, reader at the body. */
  replies(): readonly { readonly id: number; readonly status: number; readonly body: Reader }[] {
    return this.received
      .filter(({ type }) => type === 1)
      .map((message) => {
        const body = bodyOf(message, "latin1");
        return { ...readReply(body, message.minor), body };
      });
  }
}
