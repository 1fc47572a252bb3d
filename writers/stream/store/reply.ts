// SPDX-License-Identifier: MIT
// What a command answers, as a value, and its bytes in RESP2 and RESP3 (redis.io/docs/reference/protocol-spec).

export type Protocol = 2 | 3;

/** Text of one line, `+OK`. */
export class Status {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** An error reply. The message starts with its code: "ERR ...", "WRONGTYPE ...", "OOM ...". */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** An array whose items are encoded already: the same bytes in both protocols. */
export class EncodedItems {
  readonly count: number;
  readonly bytes: readonly Uint8Array[];
  constructor(count: number, bytes: readonly Uint8Array[]) {
    this.count = count;
    this.bytes = bytes;
  }
}

/** What XREAD answers: a map in RESP3, and in RESP2 an array of pairs instead of a flat one. */
export class Pairs {
  readonly items: ReadonlyMap<string, Reply>;
  constructor(items: ReadonlyMap<string, Reply>) {
    this.items = items;
  }
}

/** The null array, which RESP2 tells from the null string. */
export const nullArray: unique symbol = Symbol("null array");

/** Strings and bytes are bulk strings; a Map is a map in RESP3 and a flat array in RESP2. */
export type Reply =
  | null
  | typeof nullArray
  | number
  | bigint
  | string
  | Uint8Array
  | readonly Reply[]
  | ReadonlyMap<string, Reply>
  | Status
  | CommandError
  | EncodedItems
  | Pairs;

export const ok = new Status("OK");

/** A string whose characters are bytes (see `Keyspace`), as a bulk string. */
export const binary = (text: string): Uint8Array => Buffer.from(text, "latin1");

/** Collects replies and gives them as few buffers as possible: small ones joined, large ones as they are. */
export class ReplyBuffer {
  protocol: Protocol = 2;
  #text = "";
  #parts: Uint8Array[] = [];

  /** Takes what was collected; text is written in bytes, one a character. */
  take(): Uint8Array[] {
    this.#flushText();
    const parts = this.#parts;
    this.#parts = [];
    return joinSmall(parts);
  }

  get isEmpty(): boolean {
    return this.#text === "" && this.#parts.length === 0;
  }

  add(reply: Reply): void {
    if (reply === null) this.#text += this.protocol === 3 ? "_\r\n" : "$-1\r\n";
    else if (reply === nullArray) this.#text += this.protocol === 3 ? "_\r\n" : "*-1\r\n";
    else if (typeof reply === "number" || typeof reply === "bigint") this.#text += `:${reply}\r\n`;
    else if (typeof reply === "string") this.#bulk(Buffer.from(reply, "utf8"));
    else if (reply instanceof Uint8Array) this.#bulk(reply);
    else if (reply instanceof Status) this.#text += `+${reply.text}\r\n`;
    else if (reply instanceof CommandError) this.#text += `-${oneLine(reply.message)}\r\n`;
    else if (reply instanceof EncodedItems) this.#encoded(reply);
    else if (reply instanceof Map) this.#map(reply);
    else if (reply instanceof Pairs) this.#pairs(reply);
    else this.#array(reply as readonly Reply[]);
  }

  #bulk(bytes: Uint8Array): void {
    this.#text += `$${bytes.length}\r\n`;
    if (bytes.length <= 64) {
      this.#text += Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
    } else {
      this.#flushText();
      this.#parts.push(bytes);
    }
    this.#text += "\r\n";
  }

  #array(items: readonly Reply[]): void {
    this.#text += `*${items.length}\r\n`;
    for (const item of items) this.add(item);
  }

  #map(items: ReadonlyMap<string, Reply>): void {
    this.#text += this.protocol === 3 ? `%${items.size}\r\n` : `*${2 * items.size}\r\n`;
    for (const [key, value] of items) {
      this.add(binary(key));
      this.add(value);
    }
  }

  #pairs({ items }: Pairs): void {
    if (this.protocol === 3) this.#map(items);
    else this.#array([...items].map(([key, value]) => [binary(key), value]));
  }

  #encoded(items: EncodedItems): void {
    this.#text += `*${items.count}\r\n`;
    this.#flushText();
    this.#parts.push(...items.bytes);
  }

  #flushText(): void {
    if (this.#text) this.#parts.push(Buffer.from(this.#text, "latin1"));
    this.#text = "";
  }
}

/** Below this many bytes copying is cheaper than one more buffer for the socket. */
const small = 16_384;

function joinSmall(parts: readonly Uint8Array[]): Uint8Array[] {
  const joined: Uint8Array[] = [];
  let run: Uint8Array[] = [];
  const end = () => {
    if (run.length === 1) joined.push(run[0]!);
    else if (run.length > 1) joined.push(Buffer.concat(run));
    run = [];
  };
  for (const part of parts) {
    if (part.length < small) {
      run.push(part);
    } else {
      end();
      joined.push(part);
    }
  }
  end();
  return joined;
}

/** Line ends would start a new reply; other characters are sent as UTF-8. */
const oneLine = (text: string): string => Buffer.from(text.replace(/[\r\n]+/g, " "), "utf8").toString("latin1");
