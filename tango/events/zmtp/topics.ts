// SPDX-License-Identifier: MIT
// Who listens to which topic of one publisher.
import { Buffer } from "node:buffer";
import type { Frame } from "./frame-stream.ts";

/** A message: its topic first. */
export type Frames = readonly Frame[];
export type Receive = (message: Frames) => void;

interface Topic {
  readonly name: Buffer;
  readonly receivers: Set<Receive>;
}

export class Topics {
  readonly #ask: (wanted: boolean, topic: Uint8Array) => void;
  readonly #all = new Map<string, Topic>();
  /** That of the message before, mostly also that of the next. */
  #last: Topic | undefined;

  /** `ask` is called when somebody wants a topic that nobody wanted before, and when nobody wants it any more. */
  constructor(ask: (wanted: boolean, topic: Uint8Array) => void) {
    this.#ask = ask;
  }

  /** Hands messages of exactly this topic to `receive` until disposed of. */
  listen(name: string, receive: Receive): Disposable {
    const topic = this.#all.get(name) ?? this.#begin(name);
    topic.receivers.add(receive);
    return {
      [Symbol.dispose]: () => {
        if (topic.receivers.delete(receive) && topic.receivers.size === 0) this.#end(name, topic);
      },
    };
  }

  /** Publishers send every topic that begins like one that was asked for: only exact ones are handed out. */
  dispatch(message: Frames): void {
    const topic = this.#of(message[0]!);
    if (topic) for (const receive of topic.receivers) receive(message);
  }

  #of(frame: Frame): Topic | undefined {
    if (this.#last && isNamed(this.#last, frame)) return this.#last;
    const { bytes, start, end } = frame;
    this.#last = this.#all.get(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("latin1"));
    return this.#last;
  }

  #begin(name: string): Topic {
    const topic = { name: Buffer.from(name, "latin1"), receivers: new Set<Receive>() };
    this.#all.set(name, topic);
    this.#ask(true, topic.name);
    return topic;
  }

  #end(name: string, topic: Topic): void {
    this.#all.delete(name);
    if (this.#last === topic) this.#last = undefined;
    this.#ask(false, topic.name);
  }
}

/** Topics differ at their ends. */
function isNamed({ name }: Topic, { bytes, start, end }: Frame): boolean {
  if (end - start !== name.length) return false;
  for (let index = name.length - 1; index >= 0; index--) if (bytes[start + index] !== name[index]) return false;
  return true;
}
