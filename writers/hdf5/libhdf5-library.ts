// SPDX-License-Identifier: MIT
// Loads libhdf5 through koffi and turns every failed call into an error with HDF5's own reasons.
import { createRequire } from "node:module";
import { ownCopy } from "./libhdf5-copy.ts";
import { foreignFilters } from "./libhdf5-filter.ts";
import { type FunctionName, functions, type IdName, ids, places, renamed } from "./libhdf5-table.ts";
import { type WatchedDriver, watchedDriver } from "./libhdf5-writes.ts";

export type Koffi = typeof import("koffi");
export type NativeLibrary = ReturnType<Koffi["load"]>;
/** An id or status of HDF5, or a length. Ids exceed 2^53, so they come as bigint. */
export type Result = number | bigint;
export type Functions = { readonly [Name in FunctionName]: (...args: unknown[]) => Result };

export interface Library {
  readonly version: string;
  /** Each function of the table; a negative status throws. */
  readonly h5: Functions;
  /** The variants that take strings where the C function takes memory. */
  readonly strings: {
    readonly H5Dwrite: (...args: unknown[]) => Result;
    readonly H5Awrite: (...args: unknown[]) => Result;
  };
  readonly id: (name: IdName) => bigint;
  /** Text at a pointer. */
  readonly textAt: (pointer: unknown) => string;
  /** For files to write to; undefined where writes cannot be watched. */
  readonly watched: WatchedDriver | undefined;
  /** Makes a filter known whose chunks come compressed. */
  readonly foreignFilter: (id: number) => void;
  /** flock(2): whether the lock was got. */
  readonly lock: (descriptor: number, kind: "exclusive" | "shared" | "none") => boolean;
}

/** @throws Error when koffi or the library is absent. */
export function loadLibrary(): Library {
  const koffi = createRequire(import.meta.url)("koffi") as Koffi;
  const native = open(koffi, process.env.HDF5_LIBRARY ? [process.env.HDF5_LIBRARY] : places);
  const walk = koffi.proto("int H5EWalk(uint32_t n, void *entry, void *data)");
  const bind = (symbol: string, declaration: string) =>
    native.func(declaration.replace(/\s*\(/, ` ${symbol}(`)) as (...args: unknown[]) => Result;
  const raw = (name: FunctionName, declaration = functions[name] as string) => {
    try {
      return bind(name, declaration);
    } catch (error) {
      // HDF5 1.12 numbers the functions that it has in two versions.
      if (name in renamed) return bind(`${name}1`, declaration);
      throw error;
    }
  };
  const H5Ewalk2 = raw("H5Ewalk2");
  const reasons = (): string => {
    const stack: string[] = [];
    const callback = koffi.register((n: number, entry: unknown) => {
      stack.push(`#${String(n).padStart(3, "0")}: libhdf5 line 0 in HDF5: ${entryText(koffi, entry)}`);
      return 0;
    }, koffi.pointer(walk));
    H5Ewalk2(0n, 1, callback, null);
    koffi.unregister(callback);
    return stack.join("\n");
  };
  const checked =
    (name: FunctionName, call: (...args: unknown[]) => Result) =>
    (...args: unknown[]): Result => {
      const result = call(...args);
      if (result !== null && result < 0) throw new Error(`${name} failed\n${reasons()}`);
      return result;
    };
  const names = Object.keys(functions) as FunctionName[];
  const h5 = Object.fromEntries(names.map((name) => [name, checked(name, raw(name))])) as unknown as Functions;
  // A file that is open when the process ends is as after a kill: put right when it is opened next.
  bind("H5dont_atexit", "int ()")();
  h5.H5open();
  h5.H5Eset_auto2(0n, null, null);
  const version = [[0], [0], [0]] as const;
  h5.H5get_libversion(...version);
  const flock = koffi.load("libc.so.6").func("int flock(int descriptor, int operation)");
  const lockFlags = { exclusive: 2 | 4, shared: 1 | 4, none: 8 };
  const numbers = version.flat().join(".");
  return {
    version: numbers,
    h5,
    strings: {
      H5Dwrite: checked("H5Dwrite", raw("H5Dwrite", functions.H5Dwrite.replace("const void *", "const char **"))),
      H5Awrite: checked("H5Awrite", raw("H5Awrite", functions.H5Awrite.replace("const void *", "const char **"))),
    },
    id: (name) => BigInt(koffi.decode(native.symbol(ids[name]), "int64_t") as number | bigint),
    textAt: (pointer) => (pointer ? (koffi.decode(pointer as bigint, "char", -1) as string) : ""),
    foreignFilter: foreignFilters(koffi, native),
    watched: watchedDriver(koffi, native, numbers),
    lock: (descriptor, kind) => flock(descriptor, lockFlags[kind]) === 0,
  };
}

function open(koffi: Koffi, candidates: readonly string[]): NativeLibrary {
  for (const candidate of candidates) {
    let library: NativeLibrary;
    try {
      library = koffi.load(candidate);
    } catch {
      // Not there: the next place.
      continue;
    }
    if (!isThreadSafe(library)) return ownCopy(koffi, library);
    // A library for several threads keeps something for each and releases it when the thread ends, after koffi has let go
    // of it: it must stay loaded (RTLD_LAZY | RTLD_NODELETE).
    koffi.load("libc.so.6").func("void *dlopen(const char *name, int flags)")(candidate, 0x1001);
    return library;
  }
  throw new Error(`libhdf5 is not installed (looked for ${candidates.join(", ")})`);
}

function isThreadSafe(library: NativeLibrary): boolean {
  const safe = [false];
  library.func("int H5is_library_threadsafe(_Out_ bool *safe)")(safe);
  return safe[0] === true;
}

/** H5E_error2_t: class, major and minor (8 bytes each), line (4), function, file and description (pointers). */
function entryText(koffi: Koffi, entry: unknown): string {
  const pointer = koffi.decode(entry as bigint, 48, "void *") as unknown;
  return pointer ? (koffi.decode(pointer as bigint, "char", -1) as string) : "";
}
