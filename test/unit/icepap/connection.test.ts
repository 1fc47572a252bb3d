// SPDX-License-Identifier: MIT
// One connection to an IcePAP whose other end answers byte by byte, too late, too much, or something else.
import { createServer, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { IcepapConnection } from "../../../servers/icepap/connection.ts";

/** A controller that does `answer` with each line; what it heard. */
async function controller(answer: (line: string, socket: Socket) => void, timeout = 30_000) {
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.setEncoding("latin1").on("data", (text: string) => {
      heard.push(text);
      answer(text.trim(), socket);
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const connection = new IcepapConnection({ host: "127.0.0.1", port, timeout });
  return {
    connection,
    heard,
    [Symbol.asyncDispose]: async () => {
      await connection[Symbol.asyncDispose]();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}

/** Sends the text in pieces of `size`, each on its own. */
async function drip(socket: Socket, text: string, size: number): Promise<void> {
  for (let at = 0; at < text.length; at += size) {
    socket.write(text.slice(at, at + size));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe("an answer", () => {
  test.each([
    ["a line", "?POS 55 -3\n", "55 -3"],
    ["a line that ends in CR LF", "?POS 55\r\n", "55"],
    ["nothing but the echo", "?POS\n", ""],
    ["lines", "?POS $\r\nA 1\r\nB 2\r\n$\n", "A 1\nB 2"],
  ])("%s arrives whole, in whatever pieces", async (_name, text, meaning) => {
    for (const size of [1, 3, 100]) {
      await using world = await controller((_line, socket) => void drip(socket, text, size));
      expect(await world.connection.ask("?POS 1")).toBe(meaning);
      expect(await world.connection.ask("?POS 1")).toBe(meaning);
    }
  });

  test("commands are acknowledged, one after the other, each with its block", async () => {
    await using world = await controller(
      (line, socket) => void socket.write(`${line.replace(/^#|\r.*/gs, "").split(" ")[0]} OK\n`),
    );
    const asked = [world.connection.ask("MOVE 1 5"), world.connection.ask("1:*PARDAT", Uint8Array.of(65, 66))];
    expect(await Promise.all(asked)).toEqual(["OK", "OK"]);
    expect(world.heard).toEqual(["#MOVE 1 5\r", "#1:*PARDAT\rAB"]);
  });

  test("a refusal is the controller's own words, and the connection stays", async () => {
    await using world = await controller((_line, socket) => void socket.write("MOVE ERROR Axis 1: Axis disabled\n"));
    await expect(world.connection.ask("MOVE 1 5")).rejects.toThrow(/"MOVE 1 5" refused: Axis 1: Axis disabled/);
    await expect(world.connection.ask("MOVE 1 6")).rejects.toThrow(/"MOVE 1 6" refused/);
  });
});

describe("what is no answer", () => {
  const bad: [string, (line: string, socket: Socket) => void, RegExp, timeout?: number][] = [
    ["silence", () => {}, /does not answer "\?POS 1" within 300 ms/, 300],
    [
      "a line without an end",
      (_, socket) => void socket.write("?POS 5"),
      /does not answer "\?POS 1" within 300 ms/,
      300,
    ],
    ["lines without their end", (_, socket) => void socket.write("?POS $\r\nA 1\r\n"), /within 300 ms/, 300],
    ["another command's answer", (_, socket) => void socket.write("?VEL 5\n"), /"\?POS 1" was answered by "\?VEL 5"/],
    ["noise", (_, socket) => void socket.write(Buffer.from([0, 255, 128, 10])), /was answered by/],
    [
      "more than any answer",
      (_, socket) => void socket.write("x".repeat(2 ** 21)),
      /sent \d+ bytes without an end/,
      30_000,
    ],
    ["a closed connection", (_, socket) => void socket.destroy(), /closed the connection|ECONNRESET/],
  ];
  test.each(bad)(
    "%s is an error that says so; the next question has a connection of its own",
    async (_name, answer, why, timeout) => {
      let first = true;
      await using world = await controller((line, socket) => {
        if (!first) return void socket.write("?POS 7\n");
        first = false;
        answer(line, socket);
      }, timeout);
      await expect(world.connection.ask("?POS 1")).rejects.toThrow(why);
      expect(await world.connection.ask("?POS 1")).toBe("7");
    },
  );

  test("an answer that comes too late is not taken for the next one", async () => {
    const late: (() => void)[] = [];
    await using world = await controller((_line, socket) => {
      if (late.length === 0) late.push(() => socket.write("?POS 1\n"));
      else {
        late[0]?.();
        socket.write("?POS 2\n");
      }
    }, 300);
    await expect(world.connection.ask("?POS 1")).rejects.toThrow(/does not answer/);
    expect(await world.connection.ask("?POS 1")).toBe("2");
  });

  test("seeded noise never hangs it, and it is well afterwards", async () => {
    let seed = 11;
    const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
    let noisy = true;
    await using world = await controller((_line, socket) => {
      if (!noisy) return void socket.write("?POS 3\n");
      const bytes = Buffer.from(
        Array.from({ length: 1 + Math.floor(random() * 60) }, () => Math.floor(random() * 256)),
      );
      socket.write(Buffer.concat([bytes, Buffer.from("\n")]));
    });
    for (let n = 0; n < 40; n += 1) await expect(world.connection.ask("?POS 1")).rejects.toThrow(/IcePAP|answered/);
    noisy = false;
    expect(await world.connection.ask("?POS 1")).toBe("3");
  });

  test("a port nobody listens on, and a connection that was closed here", async () => {
    await using nobody = new IcepapConnection({ host: "127.0.0.1", port: 1, timeout: 500 });
    await expect(nobody.ask("?POS 1")).rejects.toThrow(/IcePAP 127\.0\.0\.1:1 cannot be reached: .*ECONNREFUSED/);
    await nobody[Symbol.asyncDispose]();
    await expect(nobody.ask("?POS 1")).rejects.toThrow(/is closed/);
  });
});
