// SPDX-License-Identifier: MIT
// Kinds of data streams, as values: what a publisher creates a stream with, and what readers tell the kind by.
import { layoutOf } from "./dtype.ts";
import type { Encoding } from "./encoding.ts";
import { type LimaInfo, limaDocument } from "./lima-info.ts";
import type { Info } from "./scan-document.ts";

export interface StreamDefinition {
  readonly encoding: Encoding;
  readonly info: Info;
}

/** Where the points are in the scan's file, for readers that come after they left memory. */
export interface SavedIn {
  readonly file: string;
  /** Path of the dataset in the file. */
  readonly dataset: string;
}

export interface NumericOptions {
  /** Shape of one point: [] a number, [4096] a spectrum; -1 for a dimension that varies from point to point. Default []. */
  readonly shape?: readonly number[];
  readonly saved?: SavedIn;
  /** Free keys. */
  readonly info?: Info;
}

/** Numbers, spectra or images of a numpy type, as "float64" or ">u2". */
export function numeric(dtype: string, { shape = [], saved, info = {} }: NumericOptions = {}): StreamDefinition {
  const { dtype: dtype_str, name } = layoutOf(dtype);
  const fallback = saved && { plugin: "hdf5_fallback", file_path: saved.file, data_path: saved.dataset, save: true };
  return { encoding: { type: "numeric", dtype_str, shape }, info: { ...info, dtype: name, shape, ...fallback } };
}

/** Any JSON values, for text and records. */
export const json = (info: Info = {}): StreamDefinition => ({ encoding: { type: "json" }, info });

/** Keys of the scans that are part of this one. */
export const scanSequence = (info: Info = {}): StreamDefinition =>
  json({ ...info, plugin: "scan_sequence", format: "subscan" });

export interface LimaOptions extends LimaInfo {
  readonly dtype: string;
  /** [height, width] */
  readonly shape: readonly [number, number];
  /** Free keys. */
  readonly info?: Info;
}

/** Frames of a LimaCCDs server: the stream holds how far it is, readers get frames from its files or its memory. */
export function lima({ dtype, shape, info, ...source }: LimaOptions): StreamDefinition {
  const lima_info = limaDocument(source);
  return json({ ...info, plugin: "lima", format: "lima_v1", dtype: layoutOf(dtype).name, shape, lima_info });
}

export interface Lima2Options {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly acquisition: string;
  readonly source: string;
  readonly conductor: { readonly host: string; readonly port: number };
  /** The file that shows all frames, and the dataset in it; null when nothing is saved. */
  readonly masterFile: readonly [file: string, dataset: string] | null;
  readonly info?: Info;
}

/** Frames of a lima2 pipeline: the stream holds numbers of frames that are there. */
export function lima2({
  dtype,
  shape,
  acquisition,
  source,
  conductor,
  masterFile,
  info,
}: Lima2Options): StreamDefinition {
  return {
    encoding: { type: "numeric", dtype_str: "<u4", shape: [] },
    info: {
      ...info,
      plugin: "lima2",
      protocol_version: 2,
      acq_uuid: acquisition,
      source_name: source,
      conductor_hostname: conductor.host,
      conductor_port: conductor.port,
      master_file: masterFile,
      dtype: layoutOf(dtype).name,
      shape,
    },
  };
}
