// SPDX-License-Identifier: MIT
// What is said to an IcePAP master, and what its answers mean: each is checked against its echo.
import type { Cutter } from "../link/channel.ts";
import { Link } from "../link/link.ts";

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

export class IcepapConnection implements AsyncDisposable {
  readonly #link: Link<string>;

  constructor({ host, port = 5000, timeout = 3000 }: ConnectionOptions) {
    const about = `IcePAP ${host}:${port}`;
    this.#link = new Link({ about, host, port, timeout, cutter: () => new AnswerCutter() });
  }

  get about(): string {
    return this.#link.about;
  }

  /**
   * Sends a query ("?POS 1", "1:?CFG") or a command; a command is acknowledged ("#1:MOVE 10") so that its refusal is
   * known. `block` follows the line.
   * @returns what follows the echo; the lines of a long answer.
   * @throws IcepapError when the controller refuses, Error when it does not answer.
   */
  async ask(given: string, block: Uint8Array = new Uint8Array()): Promise<string> {
    const command = given.trim();
    const line = /[?#]/.test(command) ? command : `#${command}`;
    const bytes = Buffer.concat([Buffer.from(`${line}\r`, "latin1"), block]);
    const answer = await this.#link.exchange({ bytes, name: command }, (text) => afterEcho(command, line, text));
    const refusal = /^(?:ERROR\s+)+(.*)$/s.exec(answer);
    if (refusal) throw new IcepapError(`${this.about}: "${command}" refused: ${refusal[1]}`);
    const long = /^\$\s*\n(.*)\$$/s.exec(answer);
    return (long?.[1] ?? answer).replaceAll("\r", "").trim();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#link[Symbol.asyncDispose]();
  }
}

/** @throws Error when the answer belongs to another command. */
function afterEcho(command: string, line: string, answer: string): string {
  const echo = line.replace(/^#/, "").split(" ", 1)[0] ?? "";
  const [word = ""] = answer.split(" ", 1);
  if (word.toUpperCase() !== echo.toUpperCase())
    throw new Error(`"${command}" was answered by "${answer.slice(0, 80)}"`);
  return answer.slice(word.length).trim();
}

/** Longer answers than this are not the controller's: ?HELP and a full ?CFG are some kB. */
const MOST = 1 << 20;

/** An answer is a line, or everything up to the "$" that closes a long one. */
class AnswerCutter implements Cutter<string> {
  #text = "";

  *take(bytes: Uint8Array): Iterable<string> {
    this.#text += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    for (let end = this.#end(); end > 0; end = this.#end()) {
      const answer = this.#text.slice(0, end).trim();
      this.#text = this.#text.slice(end);
      yield answer;
    }
    if (this.#text.length > MOST) throw new Error(`sent ${this.#text.length} bytes without an end`);
  }

  /** After the first answer; 0 when it is not complete. */
  #end(): number {
    const line = this.#text.indexOf("\n");
    const isLong = line > 0 && this.#text.slice(0, line).trimEnd().endsWith("$");
    if (!isLong) return line + 1;
    const closing = /\n\$\r?\n/.exec(this.#text);
    return closing ? closing.index + closing[0].length : 0;
  }
}
