// SPDX-License-Identifier: MIT
// What a file format of saved frames has to do.
import type { Hdf5 } from "../../../writers/hdf5/port.ts";
import type { SavingPlan } from "../acquisition.ts";
import type { Frame } from "../frame.ts";
import type { Packing } from "./packing.ts";
import type { SavingSettings } from "./settings.ts";

/** What a file is told: data only. */
export interface FileRequest {
  readonly path: string;
  readonly settings: Readonly<SavingSettings>;
  readonly plan: SavingPlan;
  /** When the acquisition began. */
  readonly start: Date;
}

/** A frame whose pixels were packed already. */
export interface PackedFrame extends Omit<Frame, "pixels"> {
  readonly bytes: Uint8Array;
}

/** A file being written. */
export interface FrameFile {
  /** `headers` are the frame's own; those of all frames are in the settings. Resolves with the bytes written. */
  write(frame: Frame, headers: ReadonlyMap<string, string>): Promise<number>;
  /** `write` may be called again before it has resolved: frames are written in the order of the calls. */
  readonly ahead?: boolean;
  /** Present: frames come packed, and `write` is not called. */
  readonly packed?: {
    readonly packing: Packing;
    write(frame: PackedFrame): Promise<number>;
  };
  /** What was written is readable afterwards. */
  close(): Promise<void>;
}

export interface FileFormat {
  readonly suffix: string;
  /** Whether a file may hold several frames. */
  readonly stack: boolean;
  /** Makes the file, or opens it to add to it (policies APPEND and MULTISET). `hdf5` starts that library when it is needed first. */
  readonly open: (request: FileRequest, hdf5: () => Promise<Hdf5>) => Promise<FrameFile>;
}
