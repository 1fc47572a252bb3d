// SPDX-License-Identifier: MIT
// Pipes: named trees of values, read and written as a whole.
import { devFailed } from "../errors.ts";
import {
  type AttrValUnion, type DevPipeBlob, type DevPipeData, type DevPipeDataElt, fromUnion, noData, type PipeConfig, toUnion,
} from "../idl/index.ts"; // biome-ignore format: a list
import type { PipeDefinition } from "../interface.ts";
import { timeVal } from "./attribute/sample.ts";
import { attempt } from "./awaitable.ts";
import { asDevFailed } from "./failure.ts";
import { elementTypes, listTypes, typeNames } from "./pipe-type-table.ts";
import type { Awaitable, Blob, Call, PipeElement, PipeHandler, PipeValue } from "./types.ts";

export interface PipeOwner {
  readonly className: string;
  readonly currentState: string;
  now(): number;
}

const NOTHING: AttrValUnion = noData;

const isBlob = (value: PipeValue | Blob): value is Blob => "elements" in value;

function wireElement({ name, value }: PipeElement): DevPipeDataElt {
  if (isBlob(value)) {
    return { name, value: NOTHING, inner_blob: value.elements.map(wireElement), inner_blob_name: value.name };
  }
  const scalar = typeNames.get(value.type);
  const list = scalar === undefined ? listTypes.get(value.type) : undefined;
  if (scalar === undefined && list === undefined) throw new TypeError(`${name}: ${value.type} cannot be in a pipe`);
  const elements = scalar === undefined ? value.value : [value.value];
  return { name, value: toUnion(scalar ?? list ?? 0, elements), inner_blob: [], inner_blob_name: "" };
}

export const wireBlob = (blob: Blob): DevPipeBlob => ({ name: blob.name, blob_data: blob.elements.map(wireElement) });

/** A single value comes as a scalar: the wire does not tell it from a list of one. */
function element({ name, value, inner_blob, inner_blob_name }: DevPipeDataElt): PipeElement {
  const found = fromUnion(value);
  if (!found) return { name, value: { name: inner_blob_name, elements: inner_blob.map(element) } };
  const [scalar, list] = elementTypes.get(found.code) ?? ["DevDouble", "DevVarDoubleArray"];
  const elements = found.value as ArrayLike<unknown>;
  return {
    name,
    value: elements.length === 1 ? { type: scalar, value: elements[0] } : { type: list, value: elements },
  };
}

export const plainBlob = ({ name, blob_data }: DevPipeBlob): Blob => ({ name, elements: blob_data.map(element) });

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
