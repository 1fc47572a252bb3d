// SPDX-License-Identifier: MIT
// A saving thread: packs frames, or writes them, while the server goes on.
import { openHdf5 } from "../../../writers/hdf5/open.ts";
import type { Hdf5 } from "../../../writers/hdf5/port.ts";
import type { Frame, Pixels } from "../frame.ts";
import { answering, type Later } from "../threads/answering.ts";
import type { FileRequest, FrameFile, PackedFrame } from "./format.ts";
import { type FormatName, fileFormats } from "./format-table.ts";
import { type Packing, packings } from "./packing.ts";

/** Of one frame. */
export interface Written {
  readonly bytes: number;
  /** Milliseconds. */
  readonly took: number;
}
export interface Packed {
  readonly bytes: Uint8Array;
  /** Milliseconds. */
  readonly took: number;
}

export type SavingQuestion =
  /** `file` is the number it is called by from then on. Answered with how its frames are to be packed, if they are. */
  | { readonly do: "open"; readonly file: number; readonly format: FormatName; readonly request: FileRequest }
  /** Answered with `Written`. */
  | {
      readonly do: "write";
      readonly file: number;
      readonly frame: Frame;
      readonly headers: ReadonlyMap<string, string>;
    }
  | { readonly do: "writePacked"; readonly file: number; readonly frame: PackedFrame }
  /** Answered with `Packed`. */
  | { readonly do: "pack"; readonly packing: Packing; readonly pixels: Pixels }
  | { readonly do: "close"; readonly file: number }
  /** Closes what is open, and the HDF5 library. */
  | { readonly do: "end" };
type Question<Kind extends SavingQuestion["do"]> = Extract<SavingQuestion, { readonly do: Kind }>;

const files = new Map<number, FrameFile>();
const packers = new Map<Packing, (pixels: Pixels) => Uint8Array>();
let hdf5: Promise<Hdf5> | undefined;

async function open({ file: number, format, request }: Question<"open">): Promise<Packing | undefined> {
  const file = await fileFormats[format].open(request, () => (hdf5 ??= openHdf5()));
  files.set(number, file);
  return file.packed?.packing;
}

function fileOf(number: number): FrameFile {
  const file = files.get(number);
  if (file) return file;
  throw new Error(`File ${number} is not open`);
}

/** The file's thread is never without work where frames may be given to it ahead. */
function write(question: Question<"write" | "writePacked">): Promise<Written> | Later {
  const file = fileOf(question.file);
  const written = timed(
    question.do === "write" ? file.write(question.frame, question.headers) : file.packed?.write(question.frame),
  );
  return file.ahead ? { later: written } : written;
}

async function timed(writing: Promise<number> | undefined): Promise<Written> {
  const start = performance.now();
  return { bytes: (await writing) ?? 0, took: performance.now() - start };
}

function pack({ packing, pixels }: Question<"pack">): Packed {
  const start = performance.now();
  const packer = packers.get(packing) ?? packings[packing]();
  packers.set(packing, packer);
  return { bytes: packer(pixels), took: performance.now() - start };
}

async function close(number: number): Promise<void> {
  const file = fileOf(number);
  files.delete(number);
  await file.close();
}

async function end(): Promise<void> {
  for (const number of files.keys()) await close(number);
  await (await hdf5)?.[Symbol.asyncDispose]();
}

answering((question: SavingQuestion) => {
  switch (question.do) {
    case "open":
      return open(question);
    case "write":
    case "writePacked":
      return write(question);
    case "pack":
      return pack(question);
    case "close":
      return close(question.file);
    case "end":
      return end();
  }
});
