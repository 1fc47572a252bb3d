// SPDX-License-Identifier: MIT
// Starts an HDF5 library in a worker thread and gives it the port's face.
import { once } from "node:events";
import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { AdapterName, Hdf5, Hdf5File, OpenOptions, Operation, Value } from "./port.ts";
import { Hdf5Error } from "./port.ts";
import { SharedMemory } from "./shared-memory.ts";
import type { Answer, Ready, Request } from "./worker.ts";

export interface Hdf5Options {
  /** Default: "libhdf5" when the system has the library and koffi is installed, else "h5wasm". */
  readonly adapter?: AdapterName;
}

/** @throws Hdf5Error "unsupported" when the adapter asked for is not there. */
export async function openHdf5({ adapter }: Hdf5Options = {}): Promise<Hdf5> {
  if (adapter) return startAdapter(adapter);
  try {
    return await startAdapter("libhdf5");
  } catch {
    return startAdapter("h5wasm");
  }
}

async function startAdapter(adapter: AdapterName): Promise<Hdf5> {
  const worker = new Worker(new URL(`./worker${extname(import.meta.url)}`, import.meta.url), {
    workerData: { adapter },
  });
  worker.unref();
  const library = new Library(worker);
  let ready: Ready;
  try {
    [ready] = (await once(worker, "message")) as [Ready];
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Hdf5Error("unsupported", "", `The HDF5 adapter ${adapter} does not start: ${why}`, { cause: error });
  }
  library.listen();
  return {
    adapter,
    version: ready.version,
    abilities: new Set(ready.abilities),
    open: (path, options) => library.open(path, options),
    [Symbol.asyncDispose]: () => library[Symbol.asyncDispose](),
  };
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Pairs requests to the worker with its answers. */
class Library implements AsyncDisposable {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #open = new Set<Hdf5File>();
  readonly #memory = new SharedMemory();
  #next = 1;
  #ended: Error | undefined;

  constructor(worker: Worker) {
    this.#worker = worker;
  }

  listen(): void {
    this.#worker.on("message", (answer: Answer) => this.#settle(answer));
    this.#worker.on("error", (error: Error) => this.#end(error));
    this.#worker.on("exit", () => this.#end(new Error("The HDF5 worker has ended")));
  }

  async open(path: string, { mode = "write", swmr = false }: OpenOptions = {}): Promise<Hdf5File> {
    const file = await this.#call<number>({ call: "open", path, mode, swmr });
    const close = async (): Promise<void> => {
      if (!this.#open.delete(handle) || this.#ended) return;
      await this.#call({ call: "close", file });
    };
    const handle: Hdf5File = {
      path,
      apply: (operations, transfer) => this.#apply(file, operations, transfer),
      flush: () => this.#call({ call: "flush", file }),
      startSwmr: () => this.#call({ call: "startSwmr", file }),
      look: (at) => this.#call({ call: "look", file, path: at }),
      read: (at, rows) => this.#call<Value>({ call: "read", file, path: at, rows }),
      readChunk: (at, offset) => this.#call({ call: "readChunk", file, path: at, at: offset }),
      readAttribute: (at, name) => this.#call({ call: "readAttribute", file, path: at, name }),
      close,
      [Symbol.asyncDispose]: close,
    };
    this.#open.add(handle);
    return handle;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const closed = await Promise.allSettled([...this.#open].map((file) => file.close()));
    await this.#worker.terminate();
    const failed = closed.find((result) => result.status === "rejected");
    if (failed) throw failed.reason;
  }

  async #apply(file: number, all: readonly Operation[], transfer: readonly ArrayBuffer[] = []): Promise<void> {
    const shipment = this.#memory.ship(all, transfer);
    try {
      await this.#call({ call: "apply", file, operations: shipment.operations }, transfer);
    } finally {
      this.#memory.giveBack(shipment);
    }
  }

  #call<T>(request: Request, transfer: readonly ArrayBuffer[] = []): Promise<T> {
    if (this.#ended) return Promise.reject(this.#ended);
    const id = this.#next++;
    const answer = Promise.withResolvers<unknown>();
    this.#waiting.set(id, answer);
    // While something is asked the process must not end.
    this.#worker.ref();
    this.#worker.postMessage({ id, request }, transfer);
    return answer.promise as Promise<T>;
  }

  #settle(answer: Answer): void {
    const waiting = this.#waiting.get(answer.id);
    this.#waiting.delete(answer.id);
    if (!this.#waiting.size) this.#worker.unref();
    if (!waiting) return;
    if ("value" in answer) waiting.resolve(answer.value);
    else waiting.reject(new Hdf5Error(answer.reason, answer.file, describe(answer)));
  }

  #end(error: Error): void {
    this.#ended ??= new Hdf5Error("closed", "", error.message, { cause: error });
    for (const { reject } of this.#waiting.values()) reject(this.#ended);
    this.#waiting.clear();
  }
}

const describe = ({ file, message }: { file: string; message: string }): string =>
  message.includes(file) ? message : `${file}: ${message}`;
