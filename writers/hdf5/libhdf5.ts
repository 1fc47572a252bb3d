// SPDX-License-Identifier: MIT
// Adapter libhdf5: the system's HDF5 library, called through koffi.
import { closeSync, existsSync, openSync } from "node:fs";
import type { Adapter, AdapterFile } from "./adapter.ts";
import { createItem } from "./libhdf5-create.ts";
import { type Library, loadLibrary } from "./libhdf5-library.ts";
import { look, readAttribute, readChunk, readRows } from "./libhdf5-read.ts";
import { Types } from "./libhdf5-types.ts";
import { createWhole } from "./new-file.ts";
import { type Ability, Hdf5Error, type Operation } from "./port.ts";
import { UndoLog, undo } from "./undo-log.ts";

/** An open file as the functions beside this one need it. */
export interface NativeFile {
  readonly library: Library;
  readonly types: Types;
  id: bigint;
  /** Datasets that rows go to stay open: opening one costs more than a row. */
  readonly datasets: Map<string, bigint>;
}

const READ = 0;
const WRITE = 1;
const EXCLUSIVE = 4;
const STRONG = 3;
const LIBVER_V110 = 2;
const TRACKED_AND_INDEXED = 3;
const GLOBAL = 1;

const abilities: readonly Ability[] = ["virtual", "swmr", "bool", "fill", "shuffle", "chunk", "externalRaw", "remove", "lock"]; // biome-ignore format: one list
/** What an open file holds beside its id; ended last first. */
interface Held {
  readonly log: UndoLog | undefined;
  readonly unlock: () => void;
}

export async function loadLibhdf5(): Promise<Adapter> {
  const library = loadLibrary();
  const types = new Types(library);
  return {
    name: "libhdf5",
    version: library.version,
    abilities: library.watched ? [...abilities, "undo"] : abilities,
    open(path, { mode, swmr }) {
      const open = () => openId(library, path, mode, swmr);
      if (mode === "read") return nativeFile({ library, types, id: open(), datasets: new Map() });
      // Of a file that is gone nothing is put back into its successor.
      if (!existsSync(path)) undo(path);
      createWhole(path, (fresh) => void library.h5.H5Fclose(openId(library, fresh, "create", swmr)));
      const { id, ...held } = openLocked(library, path, open);
      return nativeFile({ library, types, id, datasets: new Map() }, held, (log) =>
        watchedOpen(library, path, log, open),
      );
    },
  };
}

/**
 * No one else may have the file open when it is opened for writing; from then on others may read it. (HDF5's own lock
 * would keep readers out until the file is closed.)
 */
function openLocked(library: Library, path: string, open: () => bigint): Held & { readonly id: bigint } {
  const descriptor = openSync(path, "r+");
  let log: UndoLog | undefined;
  try {
    if (!library.lock(descriptor, "exclusive"))
      throw new Hdf5Error("locked", path, `${path} is in use by another program, or twice in this one`);
    undo(path);
    if (library.watched) log = new UndoLog(path);
    const id = watchedOpen(library, path, log, open);
    library.lock(descriptor, "shared");
    return { id, log, unlock: () => closeSync(descriptor) };
  } catch (error) {
    log?.[Symbol.dispose]();
    closeSync(descriptor);
    throw error;
  }
}

function watchedOpen({ watched }: Library, path: string, log: UndoLog | undefined, open: () => bigint): bigint {
  if (log) watched?.logs.set(path, log);
  try {
    return open();
  } finally {
    watched?.logs.delete(path);
  }
}

function openId({ h5, id, watched }: Library, path: string, mode: "write" | "read" | "create", swmr: boolean): bigint {
  const access = h5.H5Pcreate(id("fileAccess"));
  const create = h5.H5Pcreate(id("fileCreate"));
  try {
    h5.H5Pset_fclose_degree(access, STRONG);
    if (mode === "write" && watched) h5.H5Pset_driver(access, watched.id, null);
    h5.H5Pset_file_locking(access, false, true);
    if (mode === "read") return BigInt(h5.H5Fopen(path, READ, access));
    // What a killed writer left in the file's flags; that no living one has it, the lock tells. As HDF5's tool h5clear does.
    h5.H5Pset(access, "clear_status_flags", Uint8Array.of(1, 0, 0, 0));
    if (swmr) h5.H5Pset_libver_bounds(access, LIBVER_V110, LIBVER_V110);
    if (mode === "write") return BigInt(h5.H5Fopen(path, WRITE, access));
    h5.H5Pset_link_creation_order(create, TRACKED_AND_INDEXED);
    h5.H5Pset_attr_creation_order(create, TRACKED_AND_INDEXED);
    return BigInt(h5.H5Fcreate(path, EXCLUSIVE, create, access));
  } finally {
    h5.H5Pclose(access);
    h5.H5Pclose(create);
  }
}

/** What may be done while readers follow the file. */
const followable: ReadonlySet<Operation["do"]> = new Set(["rows", "chunk"]);

function nativeFile(
  file: NativeFile,
  { log, unlock }: Partial<Held> = {},
  reopen?: (log: UndoLog | undefined) => bigint,
): AdapterFile {
  const { library, datasets } = file;
  let followed = false;
  const flush = () => void library.h5.H5Fflush(file.id, GLOBAL);
  const closeFile = () => {
    try {
      for (const dataset of datasets.values()) library.h5.H5Dclose(dataset);
      flush();
    } finally {
      datasets.clear();
      library.h5.H5Fclose(file.id);
    }
  };
  const endSwmr = () => {
    if (!followed || !reopen) return;
    followed = false;
    closeFile();
    file.id = reopen(log);
    log?.committed();
  };
  return {
    apply(operation) {
      if (!followable.has(operation.do)) endSwmr();
      createItem(file, operation);
    },
    flush() {
      flush();
      log?.committed();
    },
    startSwmr() {
      if (followed) return;
      flush();
      library.h5.H5Fstart_swmr_write(file.id);
      followed = true;
      log?.committed();
    },
    look: (path) => look(file, path),
    read: (path, rows) => readRows(file, path, rows),
    readChunk: (path, at) => readChunk(file, path, at),
    readAttribute: (path, name) => readAttribute(file, path, name),
    close() {
      try {
        if (log) log.closing(closeFile);
        else closeFile();
      } finally {
        unlock?.();
      }
    },
  };
}
