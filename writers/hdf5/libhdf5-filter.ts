// SPDX-License-Identifier: MIT
// Filters this process does not run: whoever writes the chunks compresses them. libhdf5 makes no dataset with a filter it
// does not know, so it is given one of that number which compresses nothing.
import type { Koffi, NativeLibrary } from "./libhdf5-library.ts";

/** H5Z_CLASS_T_VERS. */
const version = 1;
const FAILED = 0;

/** @returns a function that makes a filter known, once */
export function foreignFilters(koffi: Koffi, native: NativeLibrary): (id: number) => void {
  const known = new Set<number>();
  return (id) => {
    if (known.has(id)) return;
    const call = koffi.proto(
      "size_t (uint32_t flags, size_t n, const uint32_t *options, size_t bytes, void *size, void *data)",
    );
    // H5Z_class2_t: version and number, whether it encodes and decodes, name, two functions it does without, the filter.
    const type = koffi.struct({
      version: "int",
      id: "int",
      encodes: "uint32_t",
      decodes: "uint32_t",
      name: "const char *",
      applies: "void *",
      adapts: "void *",
      filter: koffi.pointer(call),
    });
    const register = native.func("H5Zregister", "int", [koffi.pointer(type)]);
    const filter = koffi.register(() => FAILED, koffi.pointer(call));
    const name = `filter ${id}, of chunks that come compressed`;
    if (register({ version, id, encodes: 1, decodes: 1, name, applies: null, adapts: null, filter }) < 0)
      throw new Error(`libhdf5 does not take filter ${id}`);
    known.add(id);
  };
}
