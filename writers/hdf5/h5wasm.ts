// SPDX-License-Identifier: MIT
// Adapter h5wasm: HDF5 compiled to WebAssembly, on real files. It works wherever Node does. It cannot make virtual
// datasets, booleans (8-bit integers instead), fill values, a second filter, nor unlink or lock anything.
import { ready } from "h5wasm/node";
import type { Adapter, AdapterFile } from "./adapter.ts";
import { createItem, unsupported } from "./h5wasm-create.ts";
import { Heap } from "./h5wasm-heap.ts";
import { look, readAttribute, readRows } from "./h5wasm-read.ts";
import { createWhole } from "./new-file.ts";
import type { Operation } from "./port.ts";
import { UndoLog, undo } from "./undo-log.ts";

export type Module = Awaited<typeof ready>;
/** An open file as the functions beside this one need it. */
export interface WasmFile {
  readonly module: Module;
  readonly heap: Heap;
  readonly id: bigint;
}

export async function loadH5wasm(): Promise<Adapter> {
  const module = await ready;
  module.activate_throwing_error_handler();
  const heap = new Heap(module as unknown as ConstructorParameters<typeof Heap>[0]);
  const logs = watchWrites(module.FS as unknown as FileSystem);
  return {
    name: "h5wasm",
    version: versionOf(module),
    abilities: ["undo"],
    open(path, { mode, swmr }) {
      if (mode === "write") {
        undo(path);
        createWhole(path, (fresh) => void module.close_file(openId(module, fresh, "create", swmr)));
      }
      const id = openId(module, path, mode, swmr);
      if (mode === "write") {
        module.flush(id);
        logs.set(path, new UndoLog(path));
      }
      return wasmFile({ module, heap, id }, path, logs);
    },
  };
}

function openId(module: Module, path: string, mode: "write" | "read" | "create", swmr: boolean): bigint {
  const bound = swmr ? module.H5F_LIBVER_V110 : -1;
  if (mode === "read") return module.open(path, module.H5F_ACC_RDONLY, false, -1, -1);
  if (mode === "write") return module.open(path, module.H5F_ACC_RDWR, false, bound, bound);
  return module.open(path, module.H5F_ACC_EXCL, true, bound, bound);
}

function wasmFile(file: WasmFile, path: string, logs: Map<string, UndoLog>): AdapterFile {
  const { module, id } = file;
  return {
    apply: (operation: Operation) => createItem(file, operation),
    flush() {
      module.flush(id);
      logs.get(path)?.committed();
    },
    startSwmr: () => unsupported("Readers that follow an open file (SWMR)"),
    look: (at) => look(file, at),
    read: (at, rows) => readRows(file, at, rows),
    readChunk: () => unsupported("Reading compressed chunks"),
    readAttribute: (at, name) => readAttribute(file, at, name),
    close() {
      const log = logs.get(path);
      const closeFile = () => {
        module.flush(id);
        module.close_file(id);
      };
      try {
        if (log) log.closing(closeFile);
        else closeFile();
      } finally {
        logs.delete(path);
      }
    },
  };
}

/** The file functions under the module, which all of HDF5's writes go through. */
interface FileSystem {
  write(stream: { path: string }, buffer: unknown, offset: number, length: number, position?: number): number;
  ftruncate(descriptor: number, length: number): void;
  getStream?(descriptor: number): { path: string } | null;
}

/** Lets the undo log of a file see each write before it happens. */
function watchWrites(files: FileSystem): Map<string, UndoLog> {
  const logs = new Map<string, UndoLog>();
  const { write, ftruncate } = files;
  files.write = (stream, buffer, offset, length, position) => {
    if (position !== undefined) logs.get(stream.path)?.before(position, length);
    return write.call(files, stream, buffer, offset, length, position);
  };
  files.ftruncate = (descriptor, length) => {
    const path = files.getStream?.(descriptor)?.path;
    if (path !== undefined) logs.get(path)?.before(length, Number.MAX_SAFE_INTEGER - length);
    return ftruncate.call(files, descriptor, length);
  };
  return logs;
}

/** The module does not export its version, but every error names it. */
function versionOf(module: Module): string {
  try {
    module.open("/nowhere/there is no such file", module.H5F_ACC_RDONLY, false, -1, -1);
  } catch (error) {
    return /HDF5 \((\d+\.\d+\.\d+)/.exec(String(error))?.[1] ?? "unknown";
  }
  return "unknown";
}
