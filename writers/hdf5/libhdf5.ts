// SPDX-License-Identifier: MIT
// Adapter libhdf5: the system's HDF5 library, called through koffi.
import { closeSync, openSync } from "node:fs";
import type { Adapter, AdapterFile } from "./adapter.ts";
import { createItem } from "./libhdf5-create.ts";
import { type Library, loadLibrary } from "./libhdf5-library.ts";
import { look, readAttribute, readRows } from "./libhdf5-read.ts";
import { Types } from "./libhdf5-types.ts";
import { createWhole } from "./new-file.ts";
import { Hdf5Error } from "./port.ts";

/** An open file as the functions beside this one need it. */
export interface NativeFile {
  readonly library: Library;
  readonly types: Types;
  readonly id: bigint;
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

export async function loadLibhdf5(): Promise<Adapter> {
  const library = loadLibrary();
  const types = new Types(library);
  return {
    name: "libhdf5",
    version: library.version,
    abilities: ["virtual", "swmr", "bool", "fill", "shuffle", "chunk", "externalRaw", "remove", "lock"],
    open(path, { mode, swmr }) {
      const open = () => openId(library, path, mode, swmr);
      if (mode === "write")
        createWhole(path, (fresh) => void library.h5.H5Fclose(openId(library, fresh, "create", swmr)));
      const { id, unlock } = mode === "read" ? { id: open(), unlock: () => {} } : openLocked(library, path, open);
      return nativeFile({ library, types, id, datasets: new Map() }, unlock);
    },
  };
}

/**
 * No one else may have the file open when it is opened for writing; from then on others may read it. (HDF5's own lock
 * would keep readers out until the file is closed.)
 */
function openLocked(library: Library, path: string, open: () => bigint): { id: bigint; unlock: () => void } {
  const descriptor = openSync(path, "r+");
  try {
    if (!library.lock(descriptor, "exclusive"))
      throw new Hdf5Error("locked", path, `${path} is in use by another program, or twice in this one`);
    const id = open();
    library.lock(descriptor, "shared");
    return { id, unlock: () => closeSync(descriptor) };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

function openId({ h5, id }: Library, path: string, mode: "write" | "read" | "create", swmr: boolean): bigint {
  const access = h5.H5Pcreate(id("fileAccess"));
  const create = h5.H5Pcreate(id("fileCreate"));
  try {
    h5.H5Pset_fclose_degree(access, STRONG);
    h5.H5Pset_file_locking(access, false, true);
    if (mode === "read") return BigInt(h5.H5Fopen(path, READ, access));
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

function nativeFile(file: NativeFile, unlock: () => void): AdapterFile {
  const { library, id, datasets } = file;
  return {
    apply: (operation) => createItem(file, operation),
    flush: () => void library.h5.H5Fflush(id, GLOBAL),
    startSwmr: () => void library.h5.H5Fstart_swmr_write(id),
    look: (path) => look(file, path),
    read: (path, rows) => readRows(file, path, rows),
    readAttribute: (path, name) => readAttribute(file, path, name),
    close() {
      for (const dataset of datasets.values()) library.h5.H5Dclose(dataset);
      datasets.clear();
      try {
        library.h5.H5Fflush(id, GLOBAL);
      } finally {
        library.h5.H5Fclose(id);
        unlock();
      }
    },
  };
}
