// SPDX-License-Identifier: MIT
// Frames that a detector saves itself: the file of the scan refers to the detector's files.
import { dirname, relative, sep } from "node:path";
import type { ImageFiles, ImageSource } from "../../scanning/index.ts";
import type { Attributes, Operation, VirtualSource } from "../hdf5/port.ts";
import { toValue } from "../hdf5/values.ts";

/** A run of frames in one file. */
export interface FilePart {
  readonly file: string;
  /** Frame of the channel. */
  readonly first: number;
  readonly frames: number;
  /** Frame within the file. */
  readonly from: number;
}

/** printf with one whole number: "%04d". */
export function numbered(template: string, number: number): string {
  return template.replace(/%(0?)(\d*)d/, (_, zero: string, width: string) =>
    String(number).padStart(Number(width || 0), zero ? "0" : " "),
  );
}

/**
 * The files that hold frames 0 to `frames` - 1. Each acquisition of the detector begins a new file; a file number is
 * counted over all acquisitions of the scan.
 */
export function fileParts({ framesPerAcquisition }: ImageSource, files: ImageFiles, frames: number): FilePart[] {
  const perAcquisition = framesPerAcquisition > 0 ? framesPerAcquisition : Math.max(frames, 1);
  const perFile = Math.max(1, Math.min(files.framesPerFile > 0 ? files.framesPerFile : perAcquisition, perAcquisition));
  const filesEach = Math.ceil(perAcquisition / perFile);
  const parts: FilePart[] = [];
  for (let first = 0; first < frames; ) {
    const acquisition = Math.floor(first / perAcquisition);
    const within = first - acquisition * perAcquisition;
    const fileInAcquisition = Math.floor(within / perFile);
    const from = within - fileInAcquisition * perFile;
    const end = Math.min(perFile, perAcquisition - fileInAcquisition * perFile);
    const count = Math.min(end - from, frames - first);
    const number = framesPerAcquisition > 0 ? acquisition * filesEach + fileInAcquisition : fileInAcquisition;
    parts.push({ file: numbered(files.path, number + files.firstFile), first, frames: count, from });
    first += count;
  }
  return parts;
}

export interface ImageDataset {
  /** The HDF5 file of the scan. */
  readonly file: string;
  readonly path: string;
  readonly dtype: string;
  /** [height, width]. */
  readonly row: readonly number[];
  readonly frames: number;
  readonly source: ImageSource;
  readonly attributes: Attributes;
  /** Whether virtual datasets can be made; else the files are linked. */
  readonly virtual: boolean;
}

/** What makes a dataset of frames; nothing when there are none, or no files. */
export function imageOperations(image: ImageDataset): Operation[] {
  const { files } = image.source;
  if (!files || image.frames <= 0) return [];
  const parts = fileParts(image.source, files, image.frames);
  const near = (file: string): string => pathFrom(image.file, file);
  if (files.format !== "hdf5" || files.dataPath === null) return [references(image, parts, near)];
  if (image.virtual) return [virtualFrames(image, parts, files.dataPath, near)];
  if (parts.length === 1 && parts[0]?.from === 0)
    return [{ do: "externalLink", path: image.path, file: near(parts[0].file), target: files.dataPath }];
  const links = parts.map((part, index): Operation => {
    const path = `${image.path}_${String(index).padStart(4, "0")}`;
    return { do: "externalLink", path, file: near(part.file), target: files.dataPath ?? "/" };
  });
  return [...links, references(image, parts, near)];
}

function virtualFrames(
  image: ImageDataset,
  parts: readonly FilePart[],
  dataset: string,
  near: (file: string) => string,
): Operation {
  const { row, frames } = image;
  const slab = (first: number, count: number) => ({ start: [first, ...row.map(() => 0)], count: [count, ...row] });
  const sources = parts.map(
    (part): VirtualSource => ({
      into: slab(part.first, part.frames),
      file: near(part.file),
      dataset,
      from: slab(part.from, part.frames),
    }),
  );
  const maxShape = [null, ...row];
  return {
    do: "virtual", path: image.path, dtype: image.dtype, shape: [frames, ...row], maxShape, sources,
    attributes: image.attributes,
  }; // biome-ignore format: one record
}

/** One text a frame, "file::frame", where frames cannot be mapped. */
function references(image: ImageDataset, parts: readonly FilePart[], near: (file: string) => string): Operation {
  const texts = parts.flatMap(({ file, frames, from }) =>
    Array.from({ length: frames }, (_, index) => `${near(file)}::${from + index}`),
  );
  return { do: "dataset", path: image.path, value: toValue(texts) };
}

/** Relative where the file is below the folder of the HDF5 file, so that the folder can be moved. */
function pathFrom(hdf5: string, file: string): string {
  const near = relative(dirname(hdf5), file);
  return near.startsWith(`..${sep}`) ? file : near;
}
