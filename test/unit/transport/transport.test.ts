// SPDX-License-Identifier: MIT
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Address, type Channel, memory, type Transport, tcp, unix } from "../../../tango/transport/index.ts";

const folder = mkdtempSync(join(tmpdir(), "transport-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Both ends of a connection, each collecting what comes. */
async function pair(transport: Transport, address: Address) {
  const accepted = Promise.withResolvers<Channel>();
  const listener = await transport.listen(address, accepted.resolve);
  const client = end(await transport.connect(listener.address));
  const server = end(await accepted.promise);
  return { listener, client, server };
}
function end(channel: Channel) {
  const chunks: Uint8Array[] = [];
  const closed = Promise.withResolvers<void>();
  let wanted = 0;
  let enough = Promise.withResolvers<void>();
  const check = () => {
    if (chunks.reduce((sum, chunk) => sum + chunk.length, 0) >= wanted) enough.resolve();
  };
  channel.start({
    data: (bytes) => {
      chunks.push(bytes);
      check();
    },
    drained: () => {},
    closed: () => closed.resolve(),
  });
  const take = async (length: number) => {
    wanted = length;
    enough = Promise.withResolvers<void>();
    check();
    await enough.promise;
    return Buffer.concat(chunks.splice(0));
  };
  return { channel, take, closed: closed.promise };
}

describe.each([
  ["tcp", tcp, { host: "127.0.0.1", port: 0 }],
  ["unix", unix, { path: join(folder, "socket") }],
  ["memory", memory, { host: "here", port: 0 }],
] as const)("%s", (_, make, address) => {
  test("carries bytes both ways and closes after what was written", async () => {
    const { listener, client, server } = await pair(make(), address);
    client.channel.write([Buffer.from("ab"), Buffer.from("c")]);
    expect((await server.take(3)).toString()).toBe("abc");
    const big = Buffer.alloc(1_000_000, 7);
    server.channel.write([big]);
    server.channel.close();
    expect(Buffer.compare(await client.take(big.length), big)).toBe(0);
    await client.closed;
    await server.closed;
    await listener[Symbol.asyncDispose]();
  });

  test("holds back what the other end does not read", async () => {
    const { listener, client, server } = await pair(make(), address);
    server.channel.flow(false);
    let queued = 0;
    for (let turn = 0; turn < 200 && queued < 4_000_000; turn++) {
      queued = client.channel.write([Buffer.alloc(1_000_000)]);
    }
    expect(queued).toBeGreaterThanOrEqual(4_000_000);
    client.channel.close(true);
    server.channel.close(true);
    await server.closed;
    await listener[Symbol.asyncDispose]();
  });

  test("connecting to nobody, or aborted, fails", async () => {
    const transport = make();
    const nobody = "path" in address ? { path: join(folder, "none") } : { host: "127.0.0.1", port: 1 };
    await expect(transport.connect(nobody)).rejects.toThrow();
    await expect(transport.connect(nobody, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
      "enough",
    );
  });
});

describe("a unix socket's path", () => {
  const path = join(folder, "path");
  test("is open to all users, and gone when the server ends", async () => {
    const listener = await unix().listen({ path }, () => {});
    expect(statSync(path).mode & 0o777).toBe(0o777);
    await listener[Symbol.asyncDispose]();
    expect(existsSync(path)).toBe(false);
  });

  test("left behind by a dead server is taken over", async () => {
    const dead = createServer().listen({ path });
    await once(dead, "listening");
    // What a killed process leaves: the path, with nobody listening.
    const { renameSync } = await import("node:fs");
    renameSync(path, `${path}.kept`);
    await new Promise((done) => dead.close(done));
    renameSync(`${path}.kept`, path);
    const listener = await unix().listen({ path }, () => {});
    await listener[Symbol.asyncDispose]();
  });

  test("of a live server, or of another kind of file, is left alone", async () => {
    await using _live = await unix().listen({ path }, (channel) => channel.close(true));
    await expect(unix().listen({ path }, () => {})).rejects.toThrow("EADDRINUSE");
    const file = join(folder, "file");
    writeFileSync(file, "data");
    await expect(unix().listen({ path: file }, () => {})).rejects.toThrow("EADDRINUSE");
    expect(existsSync(file)).toBe(true);
  });
});

test("an address of the wrong kind is refused by name", async () => {
  await expect(tcp().connect({ path: "/x" })).rejects.toThrow("/x is a path");
  await expect(unix().connect({ host: "h", port: 1 })).rejects.toThrow("h:1 is a host and port");
});
