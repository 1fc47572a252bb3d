// SPDX-License-Identifier: MIT
// Pipes: named trees of values, read and written as a whole.
import { devFailed } from "../errors.ts";
import { type DevPipeData, type PipeConfig, plainBlob, wireBlob } from "../idl/index.ts";
import type { PipeDefinition } from "../interface.ts";
import { timeVal } from "./attribute/sample.ts";
import type { StoredChange } from "./attribute/settings.ts";
import { attempt } from "./awaitable.ts";
import { type MemberRows, namesIgnoreCase } from "./database/port.ts";
import { asDevFailed } from "./failure.ts";
import type { Awaitable, Blob, Call, PipeHandler } from "./types.ts";

export interface PipeOwner {
  readonly className: string;
  readonly currentState: string;
  now(): number;
}

/** What a site may change of a pipe. */
const properties = ["label", "description"] as const;
type PipeTexts = Record<(typeof properties)[number], string>;

export interface PipeRows {
  readonly classRows: MemberRows;
  readonly deviceRows: MemberRows;
}

export class ServedPipe {
  readonly name: string;
  readonly key: string;
  readonly definition: PipeDefinition;
  /** What the pipe says of itself unless the device's own properties do. */
  readonly #initial: PipeTexts;
  readonly #library: PipeTexts;
  #texts: PipeTexts;
  readonly #owner: PipeOwner;
  readonly #handler: () => unknown;

  constructor(owner: PipeOwner, name: string, definition: PipeDefinition, handler: () => unknown, rows: PipeRows) {
    this.name = name;
    this.key = name.toLowerCase();
    this.definition = definition;
    this.#library = { label: name, description: "No description" };
    const stored = (from: MemberRows, property: keyof PipeTexts) => namesIgnoreCase(from, name)[property]?.[0];
    const each = (of: (property: keyof PipeTexts) => string): PipeTexts => ({
      label: of("label"),
      description: of("description"),
    });
    this.#initial = each((one) => stored(rows.classRows, one) ?? definition[one] ?? this.#library[one]);
    this.#texts = each((one) => stored(rows.deviceRows, one) ?? this.#initial[one]);
    this.#owner = owner;
    this.#handler = handler;
  }

  get config(): PipeConfig {
    return {
      name: this.name,
      ...this.#texts,
      level: this.definition.level ?? "OPERATOR",
      writable: this.definition.access === "READ" ? "PIPE_READ" : "PIPE_READ_WRITE",
      extensions: [],
    };
  }

  /** Takes over what a client has set; "", "NaN" and "Not specified" ask for defaults. @returns what is to be stored. */
  configure(config: PipeConfig): StoredChange {
    const put: Record<string, readonly string[]> = {};
    const remove: string[] = [];
    for (const property of properties) {
      const text = this.#resolved(property, config[property]);
      if (text === this.#texts[property]) continue;
      if (text === this.#initial[property]) remove.push(property);
      else put[property] = [text];
      this.#texts = { ...this.#texts, [property]: text };
    }
    return { put, remove };
  }

  #resolved(property: keyof PipeTexts, text: string): string {
    if (text === "" || /^nan$/i.test(text)) return this.#initial[property];
    return /^not specified$/i.test(text) ? this.#library[property] : text;
  }

  get #access(): PipeHandler {
    return this.#handler() as PipeHandler;
  }
  get #origin(): string {
    return `${this.#owner.className}.${this.name}`;
  }

  #checkAllowed(request: "read" | "write"): void {
    if (this.#access.allowed?.(request) ?? true) return;
    const problem = `It is currently not allowed to ${request} pipe ${this.name}. The device state is ${this.#owner.currentState}`;
    throw devFailed("API_PipeNotAllowed", problem, `Device_5Impl::${request}_pipe_5`);
  }

  read(call: Call): Awaitable<DevPipeData> {
    this.#checkAllowed("read");
    return attempt(
      () => this.#access.read(call),
      (blob) => this.data(blob),
      (error) => {
        throw asDevFailed(error, this.#origin);
      },
    );
  }

  /** A blob with the pipe's name and the time, for a reply or an event. */
  data(blob: Blob, time = this.#owner.now()): DevPipeData {
    try {
      return { name: this.name, time: timeVal(time), data_blob: wireBlob(blob) };
    } catch (error) {
      throw asDevFailed(error, this.#origin);
    }
  }

  write(data: DevPipeData, call: Call): Awaitable<void> {
    const { write } = this.#access;
    if (this.definition.access === "READ" || !write) {
      throw devFailed("API_PipeNotWritable", `Pipe ${this.name} is not writable`, "Device_5Impl::write_pipe_5");
    }
    this.#checkAllowed("write");
    return attempt(
      () => write.call(this.#access, plainBlob(data.data_blob), call),
      () => undefined,
      (error) => {
        throw asDevFailed(error, this.#origin);
      },
    );
  }
}
