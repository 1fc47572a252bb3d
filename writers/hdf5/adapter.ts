// SPDX-License-Identifier: MIT
// What the worker thread needs of an HDF5 library. Calls are synchronous: nothing else runs in that thread.
import type { Ability, AdapterName, Chunk, Node, Operation, Value } from "./port.ts";

export interface Adapter {
  readonly name: AdapterName;
  readonly version: string;
  readonly abilities: readonly Ability[];
  open(path: string, options: { readonly mode: "write" | "read"; readonly swmr: boolean }): AdapterFile;
}

export interface AdapterFile {
  apply(operation: Operation): void;
  flush(): void;
  startSwmr(): void;
  look(path: string): Node | undefined;
  read(path: string, rows?: { readonly from: number; readonly to: number }): Value;
  readChunk(path: string, at: readonly number[]): Chunk;
  readAttribute(path: string, name: string): Value | undefined;
  close(): void;
}

/** The groups above a path, outermost first, without the root: "/a/b/c" has "/a" and "/a/b". */
export function parents(path: string): string[] {
  const parts = path.split("/").filter(Boolean);
  return parts.slice(0, -1).map((_, index) => `/${parts.slice(0, index + 1).join("/")}`);
}
