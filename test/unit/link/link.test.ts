// SPDX-License-Identifier: MIT
// The link to an instrument whose other end answers in pieces, too late, something else, or not at all.
import { createServer, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import type { Cutter } from "../../../servers/link/channel.ts";
import { Link } from "../../../servers/link/link.ts";

/** Lines; "broken" is none. */
class Lines implements Cutter<string> {
  #text = "";
  *take(bytes: Uint8Array): Iterable<string> {
    const lines = (this.#text + Buffer.from(bytes).toString()).split("\n");
    this.#text = lines.pop() ?? "";
    for (const line of lines) {
      if (line === "broken") throw new Error("a broken line");
      yield line;
    }
  }
}

/** An instrument that does `answer` with each line it hears. */
async function world(answer: (line: string, socket: Socket) => void, timeout = 5000) {
  const sockets = new Set<Socket>();
  const heard: string[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => {});
    const lines = new Lines();
    socket.on("data", (bytes) => {
      for (const line of lines.take(bytes)) {
        heard.push(line);
        answer(line, socket);
      }
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  const unasked: string[] = [];
  const ended: string[] = [];
  const link = new Link({
    ...{ about: "toy", host: "127.0.0.1", port, timeout, cutter: () => new Lines() },
    unasked: (line) => void unasked.push(line),
    ended: ({ message }) => void ended.push(message),
  });
  const ask = (text: string, options: { signal?: AbortSignal; timeout?: number } = {}) =>
    link.exchange(
      { bytes: Buffer.from(`${text}\n`), name: text, isAnswer: (line) => line[0] !== "!", ...options },
      check,
    );
  return {
    ...{ link, ask, heard, unasked, ended, connections: () => connections },
    hangUp: () => sockets.forEach((socket) => void socket.destroy()),
    [Symbol.asyncDispose]: async () => {
      await link[Symbol.asyncDispose]();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
const check = (line: string): string => {
  if (line === "odd") throw new Error("an odd answer");
  return line;
};
const echo = (line: string, socket: Socket) => void socket.write(`${line}\n`);

test("one exchange at a time, in their order, on one connection", async () => {
  const waiting: (() => void)[] = [];
  await using w = await world((line, socket) => void waiting.push(() => echo(line, socket)));
  const answers = [w.ask("a"), w.ask("b")];
  await expect.poll(() => w.heard, { timeout: 5000 }).toEqual(["a"]);
  waiting.shift()?.();
  await expect.poll(() => w.heard, { timeout: 5000 }).toEqual(["a", "b"]);
  waiting.shift()?.();
  expect(await Promise.all(answers)).toEqual(["a", "b"]);
  expect([w.connections(), w.link.connected]).toEqual([1, true]);
});

test("what nobody asked for is taken apart, also when it comes with an answer", async () => {
  await using w = await world((line, socket) => void socket.write(`!early\n${line}\nlate\n!later\n`));
  expect(await w.ask("a")).toBe("a");
  await expect.poll(() => w.unasked, { timeout: 5000 }).toEqual(["!early", "late", "!later"]);
});

describe("a failed exchange ends its connection, and the next one has another", () => {
  test.each<[string, (socket: Socket) => void, RegExp]>([
    ["silence", () => {}, /^toy does not answer "first" within 50 ms$/],
    ["a broken message", (socket) => void socket.write("broken\n"), /^toy: a broken line$/],
    ["an answer that means nothing", (socket) => void socket.write("odd\n"), /^an odd answer$/],
    ["an end in the middle", (socket) => void socket.end("fir"), /^toy (closed the connection|was lost: .*)$/],
    ["a reset", (socket) => void socket.resetAndDestroy(), /^toy (closed the connection|was lost: .*)$/],
  ])("%s", async (name, spoil, why) => {
    await using w = await world((line, socket) => (line === "first" ? spoil(socket) : echo(line, socket)));
    await expect(w.ask("first", { timeout: name === "silence" ? 50 : 30_000 })).rejects.toThrow(why);
    expect(await w.ask("second")).toBe("second");
    expect(w.connections()).toBe(2);
    expect(w.ended).toHaveLength(1);
  });

  test("an abort; one that comes before its turn disturbs nobody", async () => {
    await using w = await world((line, socket) => (line === "silent" ? undefined : echo(line, socket)));
    const [aborter, early] = [new AbortController(), AbortSignal.abort(new Error("too early"))];
    const silent = w.ask("silent", { signal: aborter.signal });
    const never = w.ask("never", { signal: early });
    await expect.poll(() => w.heard, { timeout: 5000 }).toEqual(["silent"]);
    aborter.abort(new Error("enough"));
    await expect(silent).rejects.toThrow("enough");
    await expect(never).rejects.toThrow("too early");
    expect(await w.ask("next")).toBe("next");
    expect(w.heard).toEqual(["silent", "next"]);
  });
});

test("an abort while it connects ends the waiting; what ended is told before the next exchange begins", async () => {
  await using w = await world(echo);
  const aborter = new AbortController();
  const asked = w.ask("a", { signal: aborter.signal });
  queueMicrotask(() => aborter.abort(new Error("enough")));
  await expect(asked).rejects.toThrow("enough");
  expect([w.ended, w.heard]).toEqual([["enough"], []]);
  expect(await w.ask("b")).toBe("b");
  expect(w.ended).toEqual(["enough"]);
});

test("a connection that ends between two exchanges costs none of them", async () => {
  await using w = await world(echo);
  await w.ask("a");
  w.hangUp();
  await expect.poll(() => w.link.connected, { timeout: 5000 }).toBe(false);
  expect(await w.ask("b")).toBe("b");
  expect(w.connections()).toBe(2);
});

test("a port nobody listens on, and a link that was closed here", async () => {
  await using nobody = new Link({ about: "toy", host: "127.0.0.1", port: 1, timeout: 500, cutter: () => new Lines() });
  const asked = nobody.exchange({ bytes: Buffer.from("a\n"), name: "a" }, (line) => line);
  await expect(asked).rejects.toThrow(/^toy cannot be reached: .*ECONNREFUSED/);
  expect(nobody.connected).toBe(false);
  await nobody[Symbol.asyncDispose]();
  const late = nobody.exchange({ bytes: Buffer.from("a\n"), name: "a" }, (line) => line);
  await expect(late).rejects.toThrow("toy: the connection is closed");
});
