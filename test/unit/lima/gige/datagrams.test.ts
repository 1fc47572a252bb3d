// SPDX-License-Identifier: MIT
// The socket of a stream channel, by Node and by the system's own calls: the same seen from outside.
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { describe, expect, test } from "vitest";
import { type DatagramEvents, type Datagrams, nodeDatagrams } from "../../../../servers/lima/gige/datagrams.ts";
import { linuxDatagrams } from "../../../../servers/lima/gige/datagrams-linux.ts";

const options = { localAddress: "127.0.0.1", receiveBuffer: 1 << 20 };
const ways: readonly (readonly [string, (events: DatagramEvents) => Promise<Datagrams | undefined>])[] = [
  ["by Node", (events) => nodeDatagrams(options, events)],
  ["by Linux' own calls", async (events) => linuxDatagrams(options, events)],
];

describe.each(ways)("%s", (_name, open) => {
  test("takes all packets in order, with their lengths, more than one call takes; answers the sender", async () => {
    const came: string[] = [];
    const complete = Promise.withResolvers<void>();
    const datagrams = await open({
      onDatagrams: (all) => {
        for (const bytes of all) came.push(`${bytes.length}:${bytes[0]}`);
        if (came.length >= 200) complete.resolve();
      },
      onFailure: complete.reject,
    });
    if (!datagrams) return; // not a Linux machine, or without koffi
    const sender = createSocket("udp4");
    sender.bind(0, "127.0.0.1");
    await once(sender, "listening");
    const sent = Array.from({ length: 200 }, (_, i) => new Uint8Array(i === 7 ? 9000 : 1 + i).fill(i));
    datagrams.listen(true);
    for (const bytes of sent) sender.send(bytes, datagrams.port, "127.0.0.1");
    await complete.promise;
    expect(came).toEqual(sent.map((bytes) => `${bytes.length}:${bytes[0]}`));
    const heard = once(sender, "message");
    datagrams.send(Uint8Array.of(1, 2, 3), sender.address().port, "127.0.0.1");
    const [bytes, from] = (await heard) as [Uint8Array, { readonly port: number }];
    expect([[...bytes], from.port]).toEqual([[1, 2, 3], datagrams.port]);
    datagrams.close();
    datagrams.close();
    sender.close();
  });
});

test("an address of another machine is refused", async () => {
  const other = { ...options, localAddress: "192.0.2.1" };
  const events: DatagramEvents = { onDatagrams: () => {}, onFailure: () => {} };
  await expect(nodeDatagrams(other, events)).rejects.toThrow("EADDRNOTAVAIL");
  if (process.platform === "linux")
    expect(() => linuxDatagrams(other, events)).toThrow("UDP 192.0.2.1 cannot be listened to");
});
