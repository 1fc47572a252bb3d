// SPDX-License-Identifier: MIT
// The TCP connection to a camserver while it lasts: its answers, each ended by one byte, and what it says by itself.
import { connect, type Socket } from "node:net";

export interface LinkOptions {
  readonly host: string;
  readonly port: number;
  /** Milliseconds for connecting. */
  readonly timeout: number;
}

/** Numbers at the start of answers. */
export const codes = {
  unknownCommand: 1, cameraSetup: 2, exposureEnded: 7, imagePath: 10, killed: 13, settings: 15, version: 24, sensors: 215,
} as const; // biome-ignore format: a table

export interface Reply {
  readonly code: number;
  readonly ok: boolean;
  readonly text: string;
}

/** Ends every answer. */
export const terminator = "\x18";
/** Longer answers than this are not camserver's. */
const longest = 1 << 20;

/** `15 OK Exposure time set to: 1.000000 sec.` @throws Error when it is no answer. */
export function parseReply(text: string): Reply {
  const match = /^\s*(\d{1,4})\s+(OK|ERR)\b ?(.*)$/s.exec(text);
  if (!match) throw new Error(`"${text.slice(0, 80)}" is no answer of camserver`);
  const [, code, word, rest = ""] = match;
  return { code: Number(code), ok: word === "OK", text: rest.trim() };
}

/** Camserver's own refusal. */
export class CamserverError extends Error {
  override readonly name = "CamserverError";
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export class Link {
  readonly #about: string;
  #socket: Socket | undefined;
  #text = "";
  #take: PromiseWithResolvers<Reply> | undefined;
  #end: PromiseWithResolvers<string> | undefined;
  #failure: Error | undefined;

  constructor(about: string) {
    this.#about = about;
  }

  async open({ host, port, timeout }: LinkOptions, onClose: () => void): Promise<void> {
    const socket = connect({ host, port, noDelay: true });
    this.#socket = socket;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(
      () => reject(new Error(`${this.#about} cannot be reached: no connection within ${timeout} ms`)),
      timeout,
    );
    socket.setEncoding("latin1");
    socket.once("connect", resolve);
    socket.on("data", (text: string) => this.#receive(text));
    socket.on("error", (error) => this.#fail(new Error(`${this.#about} cannot be reached: ${error.message}`)));
    socket.on("close", () => {
      this.#fail(new Error(`${this.#about} closed the connection`));
      reject(this.#failure);
      onClose();
    });
    try {
      await promise;
    } catch (error) {
      socket.destroy();
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** One that is aborted, or late, leaves the answer behind: the link is of no use afterwards. */
  async exchange(command: string, timeout: number, signal?: AbortSignal): Promise<Reply> {
    if (this.#failure) throw this.#failure;
    const take = Promise.withResolvers<Reply>();
    this.#take = take;
    const timer = setTimeout(
      () => take.reject(new Error(`${this.#about} does not answer "${command}" within ${timeout} ms`)),
      timeout,
    );
    const aborted = () => take.reject(signal?.reason);
    signal?.addEventListener("abort", aborted, { once: true });
    this.#socket?.write(`${command}\n`, "latin1");
    try {
      return await take.promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", aborted);
      this.#take = undefined;
    }
  }

  /** The end of the exposure that is started next. */
  nextEnd(): Promise<string> {
    this.#end = Promise.withResolvers<string>();
    if (this.#failure) this.#end.reject(this.#failure);
    return this.#end.promise;
  }

  close(): void {
    this.#socket?.destroy();
  }

  #receive(text: string): void {
    this.#text += text;
    if (this.#text.length > longest) {
      this.#broken(`${this.#text.length} bytes without an end`);
      return;
    }
    const messages = this.#text.split(terminator);
    this.#text = messages.pop() ?? "";
    for (const message of messages) {
      if (message.trim() === "") continue;
      try {
        this.#deliver(parseReply(message));
      } catch (error) {
        this.#broken((error as Error).message);
        return;
      }
    }
  }

  #deliver(reply: Reply): void {
    if (reply.code !== codes.exposureEnded) {
      this.#take?.resolve(reply);
      return;
    }
    if (reply.ok) this.#end?.resolve(reply.text);
    else this.#end?.reject(new CamserverError(reply.code, `${this.#about}: the exposure failed: ${reply.text}`));
    this.#end = undefined;
  }

  #broken(why: string): void {
    this.#fail(new Error(`${this.#about}: ${why}`));
    this.close();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#take?.reject(this.#failure);
    this.#end?.reject(this.#failure);
  }
}
