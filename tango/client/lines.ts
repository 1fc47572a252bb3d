// SPDX-License-Identifier: MIT
// The way to one server: a connection, and more of them while calls that last hold it up. Servers answer a connection whose
// thread is busy only now and then (omniORB every 50 ms).
import type { Reader, Writer } from "../cdr/index.ts";
import type { ClientConnection, InvokeOptions } from "../giop/index.ts";

/** A call that has waited so many milliseconds holds up those behind it. */
const HELD_UP = 5;
/** Connections to one server. */
const MOST = 4;

export class Lines implements AsyncDisposable {
  /** Resolves when the server is gone: its first connection has ended. */
  readonly closed: Promise<void>;
  readonly #main: ClientConnection;
  readonly #open: () => Promise<ClientConnection>;
  readonly #more: ClientConnection[] = [];
  #opening: Promise<ClientConnection> | undefined;

  /** `open` makes a further connection like `main`. */
  constructor(main: ClientConnection, open: () => Promise<ClientConnection>) {
    this.#main = main;
    this.#open = open;
    this.closed = main.closed;
    // Nobody finds the others any more then.
    void main.closed.then(() => this.#closeOthers());
  }

  get isOpen(): boolean {
    return this.#main.isOpen;
  }
  get size(): number {
    return 1 + this.#more.length;
  }

  /** As `ClientConnection.invoke`, by a connection that is not held up. */
  invoke(key: Uint8Array, operation: string, args: (writer: Writer) => void, options?: InvokeOptions): Promise<Reader> {
    const free = this.#free();
    if (free) return free.invoke(key, operation, args, options);
    return this.#another().then((line) => line.invoke(key, operation, args, options));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#main[Symbol.asyncDispose]();
    await this.#closeOthers();
  }

  async #closeOthers(): Promise<void> {
    await this.#opening?.catch(() => undefined);
    await Promise.all([...this.#more].map((line) => line[Symbol.asyncDispose]()));
  }

  #free(): ClientConnection | undefined {
    if (this.#main.waiting < HELD_UP || !this.#main.isOpen) return this.#main;
    return this.#more.find((line) => line.isOpen && line.waiting < HELD_UP);
  }

  /** One more, opened once for all who wait for it; where no more is to be had, the one with the fewest calls. */
  async #another(): Promise<ClientConnection> {
    if (this.size < MOST) this.#opening ??= this.#add();
    const opened = await this.#opening?.catch(() => undefined);
    if (opened) return opened;
    return [this.#main, ...this.#more].reduce((one, other) => (other.pending < one.pending ? other : one));
  }

  async #add(): Promise<ClientConnection> {
    try {
      const line = await this.#open();
      this.#more.push(line);
      const forget = () => void this.#more.splice(this.#more.indexOf(line), 1);
      void line.closed.then(forget);
      return line;
    } finally {
      this.#opening = undefined;
    }
  }
}
