// SPDX-License-Identifier: MIT
// The saving thread: compresses frames and writes them, while the server goes on.
import { openHdf5 } from "../../../writers/hdf5/open.ts";
import type { Hdf5 } from "../../../writers/hdf5/port.ts";
import type { Frame } from "../frame.ts";
import { answering } from "../threads/answering.ts";
import type { FileRequest, FrameFile } from "./format.ts";
import { type FormatName, fileFormats } from "./format-table.ts";

export type SavingQuestion =
  /** `file` is the number it is called by from then on. */
  | { readonly do: "open"; readonly file: number; readonly format: FormatName; readonly request: FileRequest }
  /** Answered with the bytes written. */
  | {
      readonly do: "write";
      readonly file: number;
      readonly frame: Frame;
      readonly headers: ReadonlyMap<string, string>;
    }
  | { readonly do: "close"; readonly file: number }
  /** Closes what is open, and the HDF5 library. */
  | { readonly do: "end" };

const files = new Map<number, FrameFile>();
let hdf5: Promise<Hdf5> | undefined;

async function open(number: number, format: FormatName, request: FileRequest): Promise<void> {
  files.set(number, await fileFormats[format].open(request, () => (hdf5 ??= openHdf5())));
}

function fileOf(number: number): FrameFile {
  const file = files.get(number);
  if (file) return file;
  throw new Error(`File ${number} is not open`);
}

async function close(number: number): Promise<void> {
  const file = fileOf(number);
  files.delete(number);
  await file.close();
}

answering(async (question: SavingQuestion) => {
  if (question.do === "open") return open(question.file, question.format, question.request);
  if (question.do === "write") return fileOf(question.file).write(question.frame, question.headers);
  if (question.do === "close") return close(question.file);
  for (const number of files.keys()) await close(number);
  return (await hdf5)?.[Symbol.asyncDispose]();
});
