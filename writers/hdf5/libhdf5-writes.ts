// SPDX-License-Identifier: MIT
// Lets the undo log of a file see what libhdf5 is about to overwrite in it: a file driver that is the library's own
// (sec2), but for the functions that write, which tell the log first. libhdf5 has no other hook for that.
import type { Koffi, NativeLibrary } from "./libhdf5-library.ts";
import type { UndoLog } from "./undo-log.ts";

/** Where the members of H5FD_class_t are, in words of 8 bytes (H5FDpublic.h, H5FDdevelop.h). */
interface Layout {
  readonly size: number;
  readonly terminate: number;
  readonly open: number;
  readonly close: number;
  readonly eoa: number;
  readonly write: number;
  readonly truncate: number;
}
/** HDF5 1.10 and 1.12. */
const older: Layout = { size: 35, terminate: 3, open: 14, close: 15, eoa: 21, write: 26, truncate: 28 };
/** HDF5 1.14 and 2. */
const newer: Layout = { size: 42, terminate: 4, open: 15, close: 16, eoa: 22, write: 27, truncate: 33 };

/** @returns undefined for versions whose class is not known */
function layoutOf(version: string): Layout | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major === 1 && (minor === 10 || minor === 12)) return older;
  return (major === 1 && minor === 14) || major === 2 ? newer : undefined;
}

/** The functions of a driver that are ours. */
const members = {
  open: "void *H5FDopenOf(const char *name, uint32_t flags, int64_t fapl, uint64_t longest)",
  close: "int H5FDcloseOf(void *file)",
  eoa: "uint64_t H5FDeoaOf(void *file, int kind)",
  write: "int H5FDwriteOf(void *file, int kind, int64_t dxpl, uint64_t position, size_t length, void *data)",
  truncate: "int H5FDtruncateOf(void *file, int64_t dxpl, bool closing)",
} as const;
type Member = keyof typeof members;
/** The same as they are called; an int64_t comes as a number where it fits. */
interface Driver {
  open(name: string, flags: number, fapl: bigint, longest: bigint): unknown;
  close(file: unknown): number;
  eoa(file: unknown, kind: number): number | bigint;
  write(file: unknown, kind: number, dxpl: bigint, position: number, length: number, data: unknown): number;
  truncate(file: unknown, dxpl: bigint, closing: boolean): number;
}

/** An id for `H5Pset_driver`. */
export interface WatchedDriver {
  readonly id: bigint;
  /** The log of each file to be watched, by the path it is opened with. */
  readonly logs: Map<string, UndoLog>;
}

const FAILED = -1;

/** @returns undefined where this library cannot be watched */
export function watchedDriver(koffi: Koffi, native: NativeLibrary, version: string): WatchedDriver | undefined {
  const layout = layoutOf(version);
  if (!layout) return undefined;
  const words = sec2Class(koffi, native, layout.size);
  const types = Object.fromEntries(
    Object.entries(members).map(([name, declaration]) => [name, koffi.proto(declaration)]),
  ) as Record<Member, ReturnType<Koffi["proto"]>>;
  const theirs = <Name extends Member>(name: Name) =>
    koffi.decode(words[layout[name]] as bigint, types[name]) as Driver[Name];
  const logs = new Map<string, UndoLog>();
  const ours = watching(logs, { open: theirs("open"), close: theirs("close"), eoa: theirs("eoa"), write: theirs("write"), truncate: theirs("truncate") }); // biome-ignore format: one record
  for (const [name, call] of Object.entries(ours) as [keyof typeof ours, Driver[keyof typeof ours]][])
    words[layout[name]] = BigInt(koffi.register(call, koffi.pointer(types[name])) as unknown as bigint);
  // What the library's own driver does at its end is done by the library's own driver.
  words[layout.terminate] = 0n;
  const register = native.func("int64_t H5FDregister(const void *driver)");
  return { id: BigInt(register(words)), logs };
}

/** A copy of the class of the default driver, which an open file points to. */
function sec2Class(koffi: Koffi, native: NativeLibrary, size: number): BigUint64Array {
  const open = native.func(`void *H5FDopen(const char *name, uint32_t flags, int64_t fapl, uint64_t longest)`);
  const file: unknown = open("/dev/null", 0, 0n, 0x7fff_ffff_ffff_ffffn);
  if (!file) throw new Error("libhdf5 does not open /dev/null");
  try {
    const driver: unknown = koffi.decode(file as bigint, 8, "void *");
    const words = koffi.decode(driver as bigint, "uint64_t", size) as ArrayLike<bigint | number>;
    return BigUint64Array.from(Array.from(words, BigInt));
  } finally {
    native.func("int H5FDclose(void *file)")(file);
  }
}

/** The driver's functions that tell the log of a file before they do what the library's own do. */
function watching(logs: ReadonlyMap<string, UndoLog>, theirs: Driver): Omit<Driver, "eoa"> {
  const watched = new Map<unknown, UndoLog>();
  const before = (file: unknown, position: number, length: number): boolean => {
    try {
      watched.get(file)?.before(position, length);
      return true;
    } catch {
      // The log's disk is full. Nothing is overwritten then.
      return false;
    }
  };
  return {
    open: (name, flags, fapl, longest) => {
      const file = theirs.open(name, flags, fapl, longest);
      const log = logs.get(name);
      if (file && log) watched.set(file, log);
      return file;
    },
    close: (file) => {
      watched.delete(file);
      return theirs.close(file);
    },
    write: (file, kind, dxpl, position, length, data) => {
      if (!before(file, Number(position), Number(length))) return FAILED;
      return theirs.write(file, kind, dxpl, position, length, data);
    },
    truncate: (file, dxpl, closing) => {
      const end = watched.has(file) ? Number(theirs.eoa(file, 0)) : 0;
      if (!before(file, end, Number.MAX_SAFE_INTEGER - end)) return FAILED;
      return theirs.truncate(file, dxpl, closing);
    },
  };
}
