// SPDX-License-Identifier: MIT
// The last calls of a device, for post-mortems.
import { devFailed } from "../../errors.ts";
import type { Identity } from "./identity.ts";
import { hostOf } from "./identity.ts";

interface Entry {
  readonly time: number;
  /** `Operation ping ` or `Attribute status `. */
  readonly what: string;
  readonly peer: string;
  readonly client: Identity["client"] | undefined;
}

const DEFAULT_DEPTH = 50;

export class BlackBox {
  readonly #entries: Entry[] = [];
  readonly #depth: number;
  #next = 0;

  constructor(depth = DEFAULT_DEPTH) {
    this.#depth = Math.max(1, depth);
  }

  add(time: number, what: string, peer: string, client?: Identity["client"]): void {
    this.#entries[this.#next] = { time, what, peer, client };
    this.#next = (this.#next + 1) % this.#depth;
  }

  /** The last `count` entries, newest first. `nameOf` gives the name of a host by its address. */
  async read(count: number, nameOf: (address: string) => Promise<string>): Promise<string[]> {
    if (count < 1) throw devFailed("API_BlackBoxArgument", "Argument to read black box out of range", "BlackBox::read");
    if (this.#entries.length === 0) {
      throw devFailed("API_BlackBoxEmpty", "Nothing stored yet in black-box", "BlackBox::read");
    }
    const newestFirst = [...this.#entries.slice(this.#next), ...this.#entries.slice(0, this.#next)].reverse();
    return Promise.all(newestFirst.slice(0, count).map(async (entry) => line(entry, await nameOf(hostOf(entry.peer)))));
  }
}

const two = (value: number) => String(value).padStart(2, "0");

function line({ time, what, client }: Entry, host: string): string {
  const date = new Date(time);
  const day = `${two(date.getDate())}/${two(date.getMonth() + 1)}/${date.getFullYear()}`;
  const clock = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  const hundredths = two(Math.floor(date.getMilliseconds() / 10));
  return `${day} ${clock}:${hundredths} : ${what}requested from ${host}${who(client)}`;
}

function who(client: Identity["client"] | undefined): string {
  if (!client) return "";
  return client.kind === "cpp"
    ? ` (CPP/Python client with PID ${client.pid})`
    : ` (Java client with main class ${client.mainClass})`;
}
