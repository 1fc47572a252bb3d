// SPDX-License-Identifier: MIT
// How datasets are cut into chunks, and whether they are compressed. Decision record: docs/decisions/0008-nexus-writer.md.
import { count, elementSize } from "../hdf5/dtype.ts";

const MiB = 1 << 20;
/** Points assumed of a scan that does not know how many it will have, and elements of a row that varies. */
const unknown = 512;
/** Beyond this a frame is cut across, so that one chunk fits the reader's cache. */
const mostChunkBytes = 16 * MiB;

export interface Chunking {
  readonly chunk: readonly number[];
  readonly gzip?: number;
}

/**
 * Small datasets are one chunk, as in blisswriter 2. Larger ones have chunks of about 1 MiB made of whole rows, a frame
 * larger than that being its own chunk; spectra and images are compressed then, unless `gzip` is 0.
 */
export function chunking(dtype: string, row: readonly number[], points: number, gzip: number): Chunking {
  const rows = points > 0 ? points : unknown;
  const known = row.map((length) => (length < 0 ? unknown : Math.max(length, 1)));
  const bytes = (dtype === "string" ? 16 : elementSize(dtype)) * count(known);
  if (rows * bytes < MiB) return { chunk: [rows, ...known] };
  const chunk = [Math.max(1, Math.min(rows, Math.floor(MiB / bytes))), ...known];
  for (let dimension = 1, size = bytes; dimension < chunk.length && size > mostChunkBytes; dimension++) {
    const length = chunk[dimension] ?? 1;
    const shorter = Math.max(1, Math.floor((length * mostChunkBytes) / size));
    size = (size * shorter) / length;
    chunk[dimension] = shorter;
  }
  const compressed = gzip > 0 && row.length > 0 && dtype !== "string";
  return { chunk, ...(compressed ? { gzip } : {}) };
}
