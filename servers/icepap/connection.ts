// SPDX-License-Identifier: MIT
// One TCP connection to an IcePAP master: one command at a time, each answer checked against its echo. It connects when
// it is first asked, and again after a failure; whoever asks meanwhile is told why not.
import { connect, type Socket } from "node:net";

export interface ConnectionOptions {
  readonly host: string;
  readonly port?: number;
  /** Milliseconds for one answer, and for connecting. Default 3000. */
  readonly timeout?: number;
}

/** The controller's own refusal: `<command> ERROR <text>`. */
export class IcepapError extends Error {
  override readonly name = "IcepapError";
}

/** Longer answers than this are not the controller's: ?HELP and a full ?CFG are some kB. */
const MOST = 1 << 20;

export class IcepapConnection implements AsyncDisposable {
  readonly about: string;
  readonly #options: Required<ConnectionOptions>;
  #link: Promise<Link> | undefined;
  #turn: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor({ host, port = 5000, timeout = 3000 }: ConnectionOptions) {
    this.#options = { host, port, timeout };
    this.about = `IcePAP ${host}:${port}`;
  }

  /**
   * Sends a query ("?POS 1", "1:?CFG") or a command; a command is acknowledged ("#1:MOVE 10") so that its refusal is
   * known. `block` follows the line.
   * @returns what follows the echo; the lines of a long answer.
   * @throws IcepapError when the controller refuses, Error when it does not answer.
   */
  ask(command: string, block?: Uint8Array): Promise<string> {
    const answer = this.#turn.then(() => this.#exchange(command.trim(), block));
    this.#turn = answer.catch(() => {});
    return answer;
  }

  async #exchange(command: string, block: Uint8Array | undefined): Promise<string> {
    if (this.#closed) throw new Error(`${this.about} is closed`);
    const acknowledged = /[?#]/.test(command) ? command : `#${command}`;
    const echo = (acknowledged.replace(/^#/, "").split(" ")[0] ?? "").toUpperCase();
    this.#link ??= openLink(this.#options, this.about);
    try {
      const link = await this.#link;
      return meaning(command, echo, await link.exchange(acknowledged, block));
    } catch (error) {
      if (!(error instanceof IcepapError)) await this.#drop();
      throw error instanceof IcepapError ? new IcepapError(`${this.about}: ${error.message}`) : error;
    }
  }

  /** After a lost or wrong answer nothing that comes can be trusted. */
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

/** @throws IcepapError, or Error when the answer belongs to another command. */
function meaning(command: string, echo: string, answer: string): string {
  const [word = ""] = answer.split(" ", 1);
  if (word.toUpperCase() !== echo) throw new Error(`"${command}" was answered by "${answer.slice(0, 80)}"`);
  const rest = answer.slice(word.length).trim();
  const refusal = /^(?:ERROR\s+)+(.*)$/s.exec(rest);
  if (refusal) throw new IcepapError(`"${command}" refused: ${refusal[1]}`);
  const long = /^\$\s*\n(.*)\$$/s.exec(rest);
  return (long?.[1] ?? rest).replaceAll("\r", "").trim();
}

interface Link {
  exchange(line: string, block: Uint8Array | undefined): Promise<string>;
  close(): void;
}

async function openLink({ host, port, timeout }: Required<ConnectionOptions>, about: string): Promise<Link> {
  const socket = connect({ host, port, noDelay: true });
  const answers = new Answers(socket, about);
  await answers.within(timeout, `${about} cannot be reached: no connection`, (done) =>
    socket.once("connect", () => done("")),
  );
  return {
    exchange: (line, block) =>
      answers.within(timeout, `${about} does not answer "${line}"`, (done) => {
        answers.expect(done);
        const text = Buffer.from(`${line}\r`, "latin1");
        socket.write(block ? Buffer.concat([text, block]) : text);
      }),
    close: () => void socket.destroy(),
  };
}

/** Cuts what arrives into answers: a line, or everything up to the "$" that closes a long one. */
class Answers {
  readonly #failed: Promise<never>;
  #text = "";
  #take: ((answer: string) => void) | undefined;

  constructor(socket: Socket, about: string) {
    const { promise, reject } = Promise.withResolvers<never>();
    this.#failed = promise;
    promise.catch(() => {});
    socket.setEncoding("latin1");
    socket.on("data", (text: string) => {
      this.#text += text;
      if (this.#text.length > MOST) reject(new Error(`${about} sent ${this.#text.length} bytes without an end`));
      else this.#deliver();
    });
    socket.on("error", (error) => reject(new Error(`${about} cannot be reached: ${error.message}`)));
    socket.on("close", () => reject(new Error(`${about} closed the connection`)));
  }

  expect(take: (answer: string) => void): void {
    this.#text = "";
    this.#take = take;
  }

  #deliver(): void {
    const end = this.#text.indexOf("\n");
    if (end < 0 || !this.#take) return;
    const long = /^[^\n]*\$\s*\r?\n/.test(this.#text);
    const closing = long ? this.#text.search(/\n\$\r?\n/) : end;
    if (closing < 0) return;
    const answer = this.#text.slice(0, long ? closing + 2 : end).trim();
    this.#text = "";
    this.#take(answer);
    this.#take = undefined;
  }

  async within(timeout: number, why: string, start: (done: (answer: string) => void) => void): Promise<string> {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const timer = setTimeout(() => reject(new Error(`${why} within ${timeout} ms`)), timeout);
    start(resolve);
    try {
      return await Promise.race([promise, this.#failed]);
    } finally {
      clearTimeout(timer);
    }
  }
}
