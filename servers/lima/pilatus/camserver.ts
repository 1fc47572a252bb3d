// SPDX-License-Identifier: MIT
// One TCP connection to the camserver of a Pilatus detector: a command and its answer at a time, and the messages that
// come later by themselves (an exposure has ended).
import { connect, type Socket } from "node:net";

export interface CamserverOptions {
  readonly host: string;
  /** Default 41234. */
  readonly port?: number;
  /** Milliseconds for one answer, and for connecting. Default 5000. */
  readonly timeout?: number;
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
const terminator = "\x18";
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

export class Camserver implements AsyncDisposable {
  readonly about: string;
  readonly #options: Required<CamserverOptions>;
  #link: Promise<Link> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor({ host, port = 41234, timeout = 5000 }: CamserverOptions) {
    this.#options = { host, port, timeout };
    this.about = `camserver ${host}:${port}`;
  }

  get connected(): boolean {
    return this.#link !== undefined;
  }

  /** Connects when it is not. @returns the text of the answer. @throws CamserverError when it is refused, Error when none comes. */
  ask(command: string, options: { readonly signal?: AbortSignal; readonly timeout?: number } = {}): Promise<string> {
    const answer = this.#turn.then(() => this.#exchange(command, options));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  /**
   * Starts an exposure. `ended` resolves with the last file when camserver says that it has ended, and rejects when it failed
   * or the connection is lost.
   */
  async expose(
    command: string,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<{ readonly ended: Promise<string> }> {
    this.#link ??= this.#open();
    const link = await this.#link;
    const ended = link.nextEnd();
    ended.catch(() => {}); // its user may have gone
    await this.ask(command, options);
    return { ended };
  }

  async #exchange(
    command: string,
    options: { readonly signal?: AbortSignal; readonly timeout?: number },
  ): Promise<string> {
    options.signal?.throwIfAborted();
    if (this.#closed) throw new Error(`${this.about} is closed`);
    if (command.includes("\n") || command.includes(terminator))
      throw new Error(`A command for camserver is one line: "${command.slice(0, 80)}"`);
    this.#link ??= this.#open();
    let reply: Reply;
    try {
      const link = await this.#link;
      reply = await link.exchange(command, options.timeout ?? this.#options.timeout);
    } catch (error) {
      // After a lost answer nothing that comes can be trusted.
      await this.#drop();
      throw error;
    }
    if (reply.ok) return reply.text;
    throw new CamserverError(reply.code, `${this.about} refused "${command}": ${reply.text || `error ${reply.code}`}`);
  }

  async #open(): Promise<Link> {
    const link = new Link(this.about);
    try {
      await link.open(this.#options, () => {
        this.#link = undefined;
      });
      return link;
    } catch (error) {
      this.#link = undefined;
      throw error;
    }
  }

  async #drop(): Promise<void> {
    const link = await this.#link?.catch(() => undefined);
    link?.close();
    this.#link = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    await this.#drop();
  }
}

class Link {
  readonly #about: string;
  #socket: Socket | undefined;
  #text = "";
  #take: PromiseWithResolvers<Reply> | undefined;
  #end: PromiseWithResolvers<string> | undefined;
  #failure: Error | undefined;

  constructor(about: string) {
    this.#about = about;
  }

  async open({ host, port, timeout }: Required<CamserverOptions>, onClose: () => void): Promise<void> {
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

  async exchange(command: string, timeout: number): Promise<Reply> {
    if (this.#failure) throw this.#failure;
    const take = Promise.withResolvers<Reply>();
    this.#take = take;
    const timer = setTimeout(
      () => take.reject(new Error(`${this.#about} does not answer "${command}" within ${timeout} ms`)),
      timeout,
    );
    this.#socket?.write(`${command}\n`, "latin1");
    try {
      return await take.promise;
    } finally {
      clearTimeout(timer);
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
