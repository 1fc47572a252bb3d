// SPDX-License-Identifier: MIT
// Frames as EDF (ESRF data format): for each an ASCII header padded to a multiple of 1024 bytes, then the pixels.
import { type FileHandle, open } from "node:fs/promises";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { bytesOf, type Frame, imageTypeOf, pixelKinds } from "../frame.ts";
import type { FileFormat, FileRequest, FrameFile } from "./format.ts";

const compress = promisify(gzip);

export const edfFormat: FileFormat = { suffix: ".edf", stack: true, open: (request) => openEdf(request, false) };
/** Frames are gzip members: a reader sees one file. */
export const edfGzFormat: FileFormat = { suffix: ".edf.gz", stack: true, open: (request) => openEdf(request, true) };

/** Adds to a file that is there when the policy says so; else the file must not be there, or is emptied. */
export const flagsOf = ({ settings }: FileRequest): "a" | "w" | "wx" => {
  if (settings.policy === "APPEND" || settings.policy === "MULTISET") return "a";
  return settings.policy === "OVERWRITE" ? "w" : "wx";
};

export async function writeWhole(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.byteLength; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.byteLength - done);
    done += bytesWritten;
  }
}

async function openEdf(request: FileRequest, compressed: boolean): Promise<FrameFile> {
  const file = await open(request.path, flagsOf(request));
  return {
    write: async (frame, headers) => {
      const block = edfBlock(frame, request, headers);
      const bytes = compressed ? await compress(block) : block;
      await writeWhole(file, bytes);
      return bytes.byteLength;
    },
    close: () => file.close(),
  };
}

/** Header and pixels of one frame. */
export function edfBlock(frame: Frame, request: FileRequest, headers: ReadonlyMap<string, string>): Uint8Array {
  const header = new TextEncoder().encode(edfHeader(frame, request, headers));
  const block = new Uint8Array(header.length + frame.pixels.byteLength);
  block.set(header);
  block.set(bytesOf(frame.pixels), header.length);
  return block;
}

function edfHeader(frame: Frame, { settings, plan, start }: FileRequest, headers: ReadonlyMap<string, string>): string {
  const { mode, frames, exposure, latency, trigger } = plan.parameters;
  const begun = new Date(start.getTime() + frame.time * 1000);
  const entries: [string, string | number][] = [
    ["HeaderID", `EH:${String((frame.index % settings.framesPerFile) + 1).padStart(6, "0")}:000000:000000`],
    ["ByteOrder", "LowByteFirst"],
    ["DataType", pixelKinds[imageTypeOf(frame.pixels)].edf],
    ["Size", frame.pixels.byteLength],
    ["Dim_1", frame.width],
    ["Dim_2", frame.height],
    ["Image", frame.index % settings.framesPerFile],
    ["acq_frame_nb", frame.index],
    ["time", begun.toISOString()],
    ["time_of_day", (begun.getTime() / 1000).toFixed(6)],
    ["time_of_frame", frame.time.toFixed(6)],
    ["acq_mode", mode],
    ["acq_nb_frames", frames],
    ["acq_expo_time", exposure],
    ["acq_latency_time", latency],
    ["acq_trigger_mode", trigger],
    ["acq_autoexpo_mode", "OFF"],
    ...settings.commonHeader,
    ...headers,
  ];
  const lines = entries.map(([key, value]) => `${ascii(key)} = ${ascii(String(value))} ;\n`).join("");
  // The closing brace and its newline are the last two bytes of the block.
  const length = Math.ceil((2 + lines.length + 2) / 1024) * 1024;
  return `${`{\n${lines}`.padEnd(length - 2)}}\n`;
}

/** What would end a header entry is left out. */
const ascii = (text: string): string => text.replace(/[^\x20-\x7e]|[;{}]/g, "_");
