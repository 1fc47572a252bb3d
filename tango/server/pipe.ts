// SPDX-License-Identifier: MIT
// Pipes: named trees of values, read and written as a whole.
import { devFailed } from "../errors.ts";
import { type DevPipeData, type PipeConfig, plainBlob, wireBlob } from "../idl/index.ts";
import type { PipeDefinition } from "../interface.ts";
import { timeVal } from "./attribute/sample.ts";
import { attempt } from "./awaitable.ts";
import { asDevFailed } from "./failure.ts";
import type { Awaitable, Blob, Call, PipeHandler } from "./types.ts";

export interface PipeOwner {
  readonly className: string;
  readonly currentState: string;
  now(): number;
}

export class ServedPipe {
  readonly name: string;
  readonly key: string;
  readonly definition: PipeDefinition;
  label: string;
  description: string;
  readonly #owner: PipeOwner;
  readonly #handler: () => unknown;

  constructor(owner: PipeOwner, name: string, definition: PipeDefinition, handler: () => unknown) {
    this.name = name;
    this.key = name.toLowerCase();
    this.definition = definition;
    this.label = definition.label ?? name;
    this.description = definition.description ?? "No description";
    this.#owner = owner;
    this.#handler = handler;
  }

  get config(): PipeConfig {
    return {
      name: this.name,
      description: this.description,
      label: this.label,
      level: this.definition.level ?? "OPERATOR",
      writable: this.definition.access === "READ" ? "PIPE_READ" : "PIPE_READ_WRITE",
      extensions: [],
    };
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
