// SPDX-License-Identifier: MIT
// Frames of a LimaCCDs server: blissdata's `lima` streams (format lima_v1).
import { numbered } from "../../nexus/images.ts";
import type { CallOptions, Connection } from "../connection.ts";
import type { DataEntry } from "../encoding.ts";
import { parseJson } from "../json.ts";
import { type LimaInfo, limaInfo } from "../lima-info.ts";
import type { Info } from "../scan-document.ts";
import type { ImageSourceReader, Progress } from "./image-stream.ts";
import { decodeFrame, type LiveFrames } from "./live-frames.ts";
import type { ImageReference } from "./view.ts";

interface Place {
  readonly acquisition: number;
  /** Frame within the acquisition. */
  readonly frame: number;
}
const placeOf = ({ framesPerAcquisition: each }: LimaInfo, index: number): Place =>
  each === 0 ? { acquisition: 0, frame: index } : { acquisition: Math.floor(index / each), frame: index % each };

function referenceTo(info: LimaInfo, index: number): ImageReference | undefined {
  const { files, framesPerAcquisition } = info;
  if (!files) return undefined;
  const { acquisition, frame } = placeOf(info, index);
  const filesEach = framesPerAcquisition === 0 ? 0 : Math.ceil(framesPerAcquisition / files.framesPerFile);
  const number = acquisition * filesEach + Math.floor(frame / files.framesPerFile) + files.firstFile;
  return {
    frame: index,
    format: files.format,
    file: numbered(files.path, number),
    dataset: files.dataPath,
    index: frame % files.framesPerFile,
  };
}

/** Frames in files nobody writes any more: up to the start of the file that holds the last saved frame. */
function completeFrames(info: LimaInfo, saved: number, ended: boolean): number {
  if (!info.files || saved <= 0) return 0;
  if (ended) return saved;
  const { frame } = placeOf(info, saved - 1);
  return saved - 1 - (frame % info.files.framesPerFile);
}

/** `live` gives frames that are in no file yet. */
export function limaSource(
  stream: string,
  streamInfo: Info,
  connection: Connection,
  live?: LiveFrames,
): ImageSourceReader {
  const info = limaInfo(stream, streamInfo);
  const status = ({ payload }: DataEntry): { last: number; saved: number } => {
    const value = parseJson(Buffer.from(payload).toString("utf8")) as Record<string, unknown>;
    const { last_index, last_index_saved } = value;
    if (typeof last_index !== "number") throw new TypeError(`stream ${stream}: a status without last_index`);
    return { last: last_index, saved: typeof last_index_saved === "number" ? last_index_saved : -1 };
  };
  /** Whether the server is still at the acquisition of this scan. */
  const isPresent = async ({ acquisition }: Place, options?: CallOptions): Promise<boolean> =>
    Number(await connection.call(["GET", info.serverUrl], options)) === info.acquisitionOffset + acquisition;
  return {
    kind: "lima",
    frames: (entry) => status(entry).last + 1,
    progress(entry, ended): Progress {
      const { last, saved } = status(entry);
      return { frames: last + 1, saved: completeFrames(info, saved + 1, ended) };
    },
    reference: async (index, { saved }) => (index < saved ? referenceTo(info, index) : undefined),
    async live(index, { frames }, options) {
      const place = placeOf(info, index);
      if (!live || index < frames - info.bufferMaxNumber || !(await isPresent(place, options))) return undefined;
      const image = await live.frame(info.serverUrl, "readImage", place.frame, options);
      // Another acquisition may have begun meanwhile: then it was a frame of that one.
      return (await isPresent(place, options)) ? decodeFrame(image) : undefined;
    },
  };
}
