// SPDX-License-Identifier: MIT
// What the document says of a LimaCCDs stream (`lima_info`), both ways. Source: blissdata 2.4.5, streams.lima.
import type { ImageFiles, ImageSource } from "../../scanning/index.ts";
import type { Info } from "./scan-document.ts";

export interface LimaInfo extends ImageSource {
  /** From `DataStore.prepareNextLimaAcquisition`. */
  readonly acquisitionOffset: number;
}

export const limaDocument = ({ files, ...lima }: LimaInfo): Info => ({
  protocol_version: 1,
  server_url: lima.serverUrl,
  buffer_max_number: lima.bufferMaxNumber,
  frame_per_acquisition: lima.framesPerAcquisition,
  acquisition_offset: lima.acquisitionOffset,
  ...(files && {
    file_path: files.path,
    data_path: files.dataPath,
    file_format: files.format,
    file_offset: files.firstFile,
    frame_per_file: files.framesPerFile,
  }),
});

/** @throws TypeError naming what is missing */
export function limaInfo(stream: string, info: Info): LimaInfo {
  const raw = info.lima_info as Record<string, unknown> | undefined;
  const number = (key: string, otherwise?: number): number => {
    const value = raw?.[key] ?? otherwise;
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0)
      throw new TypeError(`stream ${stream}: lima_info.${key} must be a whole number, it is ${JSON.stringify(value)}`);
    return value;
  };
  const path = raw?.file_path;
  const files = (): ImageFiles => ({
    path: String(path),
    dataPath: typeof raw?.data_path === "string" ? raw.data_path : null,
    format: String(raw?.file_format),
    framesPerFile: Math.max(1, number("frame_per_file")),
    firstFile: number("file_offset", 0),
  });
  return {
    serverUrl: String(raw?.server_url ?? ""),
    bufferMaxNumber: number("buffer_max_number", 0),
    framesPerAcquisition: number("frame_per_acquisition"),
    acquisitionOffset: number("acquisition_offset", 0),
    ...(typeof path === "string" && { files: files() }),
  };
}
