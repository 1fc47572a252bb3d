// SPDX-License-Identifier: MIT
// What the writer needs of an HDF5 library, as data: operations on a file, applied in order. The library runs in a worker
// thread (adapter h5wasm: HDF5 compiled to WebAssembly; adapter libhdf5: the system's library through koffi), so every
// call is asynchronous and a batch of operations is one message.

/**
 * The type of an element in numpy's spelling: "<f8", ">u2", "|i1", "|b1" (h5py's FALSE/TRUE enumeration), "<c16", or
 * "string" (variable length UTF-8); or named columns of such types (no strings inside).
 */
export type Dtype = string | Compound;
export interface Compound {
  readonly compound: readonly (readonly [name: string, dtype: string])[];
}

/** C-ordered bytes of the elements as the dtype says, or one string an element for the dtype "string". */
export type Data = Uint8Array | readonly string[];
/** A value with its type; shape [] is a scalar. */
export interface Value {
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly data: Data;
}
export type Attributes = Readonly<Record<string, Value>>;

/** A regular selection: `count` blocks of `block` (default 1) every `stride` (default 1) elements from `start`, a dimension. */
export interface Hyperslab {
  readonly start: readonly number[];
  readonly stride?: readonly number[];
  readonly count: readonly number[];
  readonly block?: readonly number[];
}
/** A part of a virtual dataset and where its elements are. */
export interface VirtualSource {
  readonly into: Hyperslab;
  /** Relative to the folder of the virtual dataset's file; "." is that file. */
  readonly file: string;
  readonly dataset: string;
  readonly from: Hyperslab;
}

/** A chunked dataset that grows along its first dimension. */
export interface Growing {
  readonly dtype: Dtype;
  /** Shape of one row: [] for a scalar a row, [h, w] for frames. */
  readonly row: readonly number[];
  /** Whether the other dimensions may grow too; `chunk` then bounds nothing. */
  readonly ragged?: boolean;
  readonly chunk: readonly number[];
  /** gzip level, with the shuffle filter where the adapter has it. */
  readonly gzip?: number;
  /** A registered filter by number, with its options as the file has them; rows come as compressed chunks (ability "chunk"). */
  readonly filter?: { readonly id: number; readonly options: readonly number[] };
  /** What unwritten elements read as: NaN or 0. Default 0. */
  readonly fill?: number;
}

export type Operation =
  /** Makes the group, and those above it, unless it is there. */
  | { readonly do: "group"; readonly path: string; readonly attributes?: Attributes }
  | { readonly do: "dataset"; readonly path: string; readonly value: Value; readonly attributes?: Attributes }
  | { readonly do: "growing"; readonly path: string; readonly dataset: Growing; readonly attributes?: Attributes }
  /** Writes rows from row `at` on and grows the dataset as needed: applying it twice is applying it once. */
  | {
      readonly do: "rows";
      readonly path: string;
      readonly at: number;
      readonly count: number;
      readonly data: Data;
      /** Bytes that follow those of `data`: it need not be in one piece. */
      readonly more?: readonly Uint8Array[];
      /** Shape of one row when the dataset is ragged. */
      readonly row?: readonly number[];
    }
  /** One whole chunk, compressed already (see `gzip` of the dataset); row `at` starts the chunk. */
  | {
      readonly do: "chunk";
      readonly path: string;
      readonly at: readonly number[];
      readonly rows: number;
      readonly data: Uint8Array;
    }
  /** New content of a dataset that is there, of the same type and shape. */
  | { readonly do: "replace"; readonly path: string; readonly value: Value }
  /** Sets attributes of a group or dataset; what is there under a name is replaced. */
  | { readonly do: "attributes"; readonly path: string; readonly attributes: Attributes }
  | { readonly do: "removeAttribute"; readonly path: string; readonly name: string }
  | { readonly do: "softLink"; readonly path: string; readonly target: string }
  | { readonly do: "externalLink"; readonly path: string; readonly file: string; readonly target: string }
  | {
      readonly do: "virtual";
      readonly path: string;
      readonly dtype: Dtype;
      readonly shape: readonly number[];
      readonly maxShape?: readonly (number | null)[];
      readonly sources: readonly VirtualSource[];
      readonly fill?: number;
      readonly attributes?: Attributes;
    }
  /** A dataset whose bytes are in files that are not HDF5; `size` null: as much as there is. */
  | {
      readonly do: "externalRaw";
      readonly path: string;
      readonly dtype: Dtype;
      readonly shape: readonly number[];
      readonly files: readonly { readonly name: string; readonly offset: number; readonly size: number | null }[];
      readonly attributes?: Attributes;
    }
  /** Unlinks what is there under the path. */
  | { readonly do: "remove"; readonly path: string };

/** What is at a path. Links are told, not followed. */
export type Node =
  | { readonly kind: "group"; readonly members: readonly string[]; readonly attributes: readonly string[] }
  | {
      readonly kind: "dataset";
      readonly dtype: Dtype | "other";
      readonly shape: readonly number[];
      readonly attributes: readonly string[];
    }
  | { readonly kind: "softLink"; readonly target: string }
  | { readonly kind: "externalLink"; readonly file: string; readonly target: string };

/** Bytes that went through filters, by their registered numbers, the first first. */
export interface Chunk {
  readonly data: Uint8Array;
  readonly filters: readonly number[];
}

export type AdapterName = "h5wasm" | "libhdf5";
/** What an adapter may be unable to do. */
export type Ability =
  /** Virtual datasets. */
  | "virtual"
  /** Single writer, multiple readers. */
  | "swmr"
  /** Boolean elements; without it they are stored as 8-bit integers. */
  | "bool"
  /** Fill values other than 0. */
  | "fill"
  /** The shuffle filter beside gzip. */
  | "shuffle"
  /** Writing chunks that are compressed already, and reading them so. */
  | "chunk"
  /** Datasets stored in raw files. */
  | "externalRaw"
  /** Unlinking. */
  | "remove"
  /** Locks that other programs respect and set. */
  | "lock"
  /** An interrupted flush is undone when the file is opened next. */
  | "undo";

export interface OpenOptions {
  readonly signal?: AbortSignal;
  /** "write" makes the file when it is absent. Default "write". */
  readonly mode?: "write" | "read";
  /** Format that allows `startSwmr`; a file that exists keeps its own. */
  readonly swmr?: boolean;
}

/** An HDF5 library in its worker. Disposing it closes its files and ends the worker. */
export interface Hdf5 extends AsyncDisposable {
  readonly adapter: AdapterName;
  /** Of the HDF5 library, e.g. "1.14.6". */
  readonly version: string;
  readonly abilities: ReadonlySet<Ability>;
  /** @throws Hdf5Error "locked" when another program has the file open for writing, "missing", "notHdf5", "failed". */
  open(path: string, options?: OpenOptions): Promise<Hdf5File>;
}

/** An open file. Disposing it closes it. */
export interface Hdf5File extends AsyncDisposable {
  readonly path: string;
  /**
   * Applies operations in order and stops at the first that fails; those before it stay applied.
   * The data may be used again at once, unless it is in a SharedArrayBuffer (then nothing is copied, and it must stay as
   * it is until this resolves) or in a buffer the caller gives away (`transfer`, as in `postMessage`).
   * @throws Hdf5Error naming file, path and operation.
   */
  apply(operations: readonly Operation[], transfer?: readonly ArrayBuffer[]): Promise<void>;
  /** From here on a reader that opens the file sees what was applied. */
  flush(): Promise<void>;
  /**
   * From here on readers may follow the growing datasets of the open file. It must have been made with `swmr`, and ends with
   * the next operation that makes, changes or removes something else than rows.
   */
  startSwmr(): Promise<void>;
  /** What is there, or undefined. */
  look(path: string): Promise<Node | undefined>;
  /** A dataset's content, or the rows from `from` up to and without `to`. */
  read(path: string, rows?: { readonly from: number; readonly to: number }): Promise<Value>;
  /** One chunk as it is in the file (ability "chunk"); `at`: its first element. */
  readChunk(path: string, at: readonly number[]): Promise<Chunk>;
  readAttribute(path: string, name: string): Promise<Value | undefined>;
  /** Flushes and closes. Idempotent. */
  close(): Promise<void>;
}

export type Hdf5Reason = "exists" | "missing" | "locked" | "full" | "notHdf5" | "unsupported" | "closed" | "failed";
/** Every failure of the port. `reason` is for code, the message for people. */
export class Hdf5Error extends Error {
  override readonly name = "Hdf5Error";
  readonly reason: Hdf5Reason;
  readonly file: string;
  constructor(reason: Hdf5Reason, file: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.file = file;
  }
}
