// SPDX-License-Identifier: MIT
// The file formats frames can be saved in, by the words of saving_format.
import { cbfFormat } from "./cbf.ts";
import { edfFormat, edfGzFormat } from "./edf.ts";
import type { FileFormat } from "./format.ts";
import { hdf5Format } from "./hdf5.ts";
import { rawFormat } from "./raw.ts";
import { tiffFormat } from "./tiff.ts";

export const fileFormats = {
  RAW: rawFormat,
  EDF: edfFormat,
  EDFGZ: edfGzFormat,
  /** Frames of one file one after the other, as EDF here has them anyway. */
  EDFCONCAT: edfFormat,
  CBF: cbfFormat,
  TIFF: tiffFormat,
  HDF5: hdf5Format("none"),
  HDF5GZ: hdf5Format("gzip"),
  HDF5BS: hdf5Format("bslz4"),
} as const satisfies Record<string, FileFormat>;
export type FormatName = keyof typeof fileFormats;
export const formatNames = Object.keys(fileFormats) as FormatName[];
