// SPDX-License-Identifier: MIT
// The worker thread that owns an HDF5 library: it answers requests one by one, in order.
import { parentPort, workerData } from "node:worker_threads";
import type { Adapter, AdapterFile } from "./adapter.ts";
import { lockHolder } from "./locks.ts";
import type { AdapterName, Operation } from "./port.ts";
import { Hdf5Error, type Hdf5Reason } from "./port.ts";
import { writerOf } from "./undo-log.ts";

export type Request =
  | { readonly call: "open"; readonly path: string; readonly mode: "write" | "read"; readonly swmr: boolean }
  | { readonly call: "apply"; readonly file: number; readonly operations: readonly Operation[] }
  | { readonly call: "flush" | "startSwmr" | "close"; readonly file: number }
  | { readonly call: "look"; readonly file: number; readonly path: string }
  | {
      readonly call: "read";
      readonly file: number;
      readonly path: string;
      readonly rows: { readonly from: number; readonly to: number } | undefined;
    }
  | { readonly call: "readChunk"; readonly file: number; readonly path: string; readonly at: readonly number[] }
  | { readonly call: "readAttribute"; readonly file: number; readonly path: string; readonly name: string };
export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly reason: Hdf5Reason; readonly file: string; readonly message: string };
export interface Ready {
  readonly version: string;
  readonly abilities: Adapter["abilities"];
}

interface Open {
  readonly path: string;
  readonly file: AdapterFile;
}

function serve(adapter: Adapter, port: NonNullable<typeof parentPort>): void {
  const files = new Map<number, Open>();
  let next = 1;
  port.on("message", ({ id, request }: { id: number; request: Request }) => {
    try {
      const value = request.call === "open" ? openFile(request) : onFile(request);
      const transfer = request.call === "read" || request.call === "readChunk" ? buffersOf(value) : [];
      port.postMessage({ id, value } satisfies Answer, transfer);
    } catch (error) {
      const path = request.call === "open" ? request.path : (files.get(request.file)?.path ?? "");
      port.postMessage({ id, ...failure(error, path) } satisfies Answer);
    }
  });

  function openFile({ path, mode, swmr }: Extract<Request, { call: "open" }>): number {
    if (mode === "write") refuseSecondWriter(path);
    files.set(next, { path, file: adapter.open(path, { mode, swmr }) });
    return next++;
  }
  function onFile(request: Exclude<Request, { call: "open" }>): unknown {
    const open = files.get(request.file);
    if (!open) {
      if (request.call === "close") return undefined;
      throw new Hdf5Error("closed", "", "The file is closed");
    }
    if (request.call === "apply") return applyAll(open, request.operations);
    if (request.call === "look") return open.file.look(request.path);
    if (request.call === "read") return open.file.read(request.path, request.rows);
    if (request.call === "readChunk") return open.file.readChunk(request.path, request.at);
    if (request.call === "readAttribute") return open.file.readAttribute(request.path, request.name);
    if (request.call === "close") files.delete(request.file);
    return open.file[request.call]();
  }
}

function applyAll({ file }: Open, operations: readonly Operation[]): void {
  for (const operation of operations) {
    try {
      file.apply(operation);
    } catch (error) {
      const { reason, message } = failure(error, "");
      throw new Hdf5Error(reason, "", `${operation.do} ${operation.path}: ${message}`, { cause: error });
    }
  }
}

/** Another writer is refused. */
function refuseSecondWriter(path: string): void {
  const pid = writerOf(path) ?? lockHolder(path);
  if (pid !== undefined) throw new Hdf5Error("locked", path, `${path} is in use by process ${pid}`);
}

function buffersOf(value: unknown): ArrayBuffer[] {
  const { data } = value as { data: unknown };
  return data instanceof Uint8Array && data.buffer instanceof ArrayBuffer ? [data.buffer] : [];
}

const known: readonly (readonly [RegExp, Hdf5Reason])[] = [
  [/already exists|name already/i, "exists"],
  [/No space left|errno = (28|51)\b|ENOSPC/i, "full"],
  [/unable to lock|file locking|Resource temporarily unavailable/i, "locked"],
  [/file signature not found|not an HDF5|truncated file/i, "notHdf5"],
  [/doesn't exist|object not found|not found|No such file|unable to (synchronously )?open dataset/i, "missing"],
];
/** HDF5 prints its whole call stack, outermost first; the innermost line holds the reason. */
export function failure(error: unknown, path: string): { reason: Hdf5Reason; file: string; message: string } {
  const full = error instanceof Error ? error.message : String(error);
  if (error instanceof Hdf5Error) return { reason: error.reason, file: error.file || path, message: full };
  const stack = [...full.matchAll(/#\d+: \S+ line \d+ in \S+: (.*)/g)].map(([, text]) => text ?? "");
  const message = stack.length ? [...new Set([stack.at(0), stack.at(-1)])].join(": ") : full;
  return { reason: known.find(([pattern]) => pattern.test(full))?.[1] ?? "failed", file: path, message };
}

/** Loading one does not load the other: WebAssembly takes its time. */
const load: Record<AdapterName, () => Promise<Adapter>> = {
  h5wasm: async () => (await import("./h5wasm.ts")).loadH5wasm(),
  libhdf5: async () => (await import("./libhdf5.ts")).loadLibhdf5(),
};
if (parentPort) {
  const port = parentPort;
  const adapter = await load[(workerData as { adapter: AdapterName }).adapter]();
  serve(adapter, port);
  port.postMessage({ version: adapter.version, abilities: adapter.abilities } satisfies Ready);
}
