// SPDX-License-Identifier: MIT
// A library that was built for one thread, as most in Python packages are, for as many threads as want it: each loads a
// copy of its own, which shares no memory with the others.
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Koffi, NativeLibrary } from "./libhdf5-library.ts";

/** Bytes of glibc's Dl_info, which begins with a pointer to the path. */
const infoSize = 32;

/** @throws Error when the system does not tell where the library is, or has no room for a copy */
export function ownCopy(koffi: Koffi, native: NativeLibrary): NativeLibrary {
  const path = pathOf(koffi, native);
  const folder = mkdtempSync(join(tmpdir(), "bandoneon-libhdf5-"));
  try {
    const copy = join(folder, basename(path));
    copyFileSync(path, copy);
    return koffi.load(copy);
  } finally {
    // What is loaded stays until it is unloaded.
    rmSync(folder, { recursive: true, force: true });
  }
}

function pathOf(koffi: Koffi, native: NativeLibrary): string {
  const dladdr = koffi.load("libc.so.6").func("int dladdr(const void *address, _Out_ uint8_t *info)");
  const info = new BigUint64Array(infoSize / 8);
  if (!dladdr(native.symbol("H5P_CLS_FILE_ACCESS_ID_g"), info)) throw new Error("this libhdf5 is in no file");
  return koffi.decode(info[0]!, "char", -1) as string;
}
