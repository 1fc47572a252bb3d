// SPDX-License-Identifier: MIT
// The emulated IcePAP on TCP: lines ended by CR, LF or both, several commands a line, binary blocks, and what goes wrong
// with controllers on request.
import { createServer, type Socket } from "node:net";
import { BLOCK_HEADER, blockLength } from "../blocks.ts";
import type { BoardOptions } from "./board.ts";
import { Rack } from "./rack.ts";

export interface EmulatorOptions {
  readonly axes: readonly BoardOptions[];
  /** Axes linked by the configuration: name of the group -> addresses. */
  readonly linked?: Readonly<Record<string, readonly number[]>>;
  /** Default 127.0.0.1. */
  readonly host?: string;
  /** Default 0: any free one. */
  readonly port?: number;
}

/** What the network does, on request; set and reset at will. */
export interface Weather {
  /** Milliseconds before an answer. */
  delay: number;
  /** Answers nothing. */
  silent: boolean;
  /** Sends this in the place of the next answer. */
  garbage: string | undefined;
}

export interface IcepapEmulator extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  readonly rack: Rack;
  readonly weather: Weather;
  /** The lines received so far. */
  readonly heard: string[];
  /** Closes every connection; new ones are accepted. */
  disconnect(): void;
}

export async function emulateIcepap({
  axes,
  linked,
  host = "127.0.0.1",
  port = 0,
}: EmulatorOptions): Promise<IcepapEmulator> {
  const rack = new Rack(axes, linked);
  const weather: Weather = { delay: 0, silent: false, garbage: undefined };
  const heard: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => socket.destroy());
    const reply = (answer: string) => {
      if (answer === "" || weather.silent) return;
      const text = weather.garbage ?? `${answer}\n`;
      weather.garbage = undefined;
      if (weather.delay > 0) setTimeout(() => socket.writable && socket.write(text, "latin1"), weather.delay);
      else socket.write(text, "latin1");
    };
    const lines = new LineCutter((line, block) => {
      heard.push(line);
      reply(rack.answer(line, block));
    });
    socket.on("data", (bytes: Buffer) => {
      try {
        lines.take(bytes);
      } catch {
        socket.destroy();
      }
    });
  });
  const listening = Promise.withResolvers<void>();
  server.once("error", listening.reject).listen(port, host, listening.resolve);
  await listening.promise;
  const address = server.address();
  const disconnect = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    host,
    port: typeof address === "object" && address ? address.port : port,
    rack,
    weather,
    heard,
    disconnect,
    [Symbol.asyncDispose]: async () => {
      disconnect();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

const MOST = 1 << 16;

/** Cuts bytes into commands and the blocks that follow some of them. */
class LineCutter {
  readonly #take: (line: string, block?: Uint8Array) => void;
  #bytes: Buffer = Buffer.alloc(0);
  #waiting: string | undefined;

  constructor(take: (line: string, block?: Uint8Array) => void) {
    this.#take = take;
  }

  take(bytes: Buffer): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
    while (this.#waiting === undefined ? this.#line() : this.#block());
    if (this.#waiting === undefined && this.#bytes.length > MOST) throw new RangeError("a line without an end");
  }

  #line(): boolean {
    const end = this.#bytes.findIndex((byte) => byte === 10 || byte === 13);
    if (end < 0) return false;
    const text = this.#bytes.subarray(0, end).toString("latin1");
    this.#bytes = this.#bytes.subarray(end + 1);
    for (const command of text
      .split(";")
      .map((each) => each.trim())
      .filter((each) => each !== ""))
      if (/^#?(\d+:)?\*/.test(command)) this.#waiting = command;
      else this.#take(command);
    return true;
  }

  #block(): boolean {
    // A client that ends its line with CR LF leaves the LF before the block.
    if (this.#bytes[0] === 10) this.#bytes = this.#bytes.subarray(1);
    if (this.#bytes.length < BLOCK_HEADER) return false;
    const length = BLOCK_HEADER + blockLength(this.#bytes.subarray(0, BLOCK_HEADER));
    if (this.#bytes.length < length) return false;
    const block = Uint8Array.from(this.#bytes.subarray(0, length));
    this.#bytes = this.#bytes.subarray(length);
    this.#take(this.#waiting ?? "", block);
    this.#waiting = undefined;
    return true;
  }
}
